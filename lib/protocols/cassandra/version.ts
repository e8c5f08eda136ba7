// Versions of the protocol: 1 to 5, the beta of 6, and the two of DataStax Enterprise, which today's drivers try first.
// Spec: native_protocol_v*.spec of the cassandra repository.

/** DataStax Enterprise: its first is like 4 with flags of four bytes, its second like 5 without segments. */
export const DSE1 = 0x41
export const DSE2 = 0x42

export const isVersion = (version: number): boolean =>
  (version >= 1 && version <= 6) || version === DSE1 || version === DSE2

/** Bytes of a frame's header: since version 3 the stream id has two. */
export const headerBytes = (version: number): number => (version < 3 ? 8 : 9)

/** Flags of QUERY and EXECUTE have four bytes and not one. */
export const hasLongFlags = (version: number): boolean => version >= 5

/** PREPARE has flags, a batch four bytes of them, a prepared statement's result an id of its own. */
export const hasResultIds = (version: number): boolean => version >= 5 && version !== DSE1

/** A failure tells a reason for each replica, not only how many there are. */
export const hasReasons = (version: number): boolean => version >= 5

/** Once a connection is set up its frames travel in segments: native_protocol_v5.spec §2. */
export const hasSegments = (version: number): boolean => version === 5 || version === 6
