// Numbers of the protocol by their names. Spec: native_protocol_v5.spec §2.4, §3, §5, §9 and the older versions of it.

/** Opcodes, and which side sends them. */
export const STARTUP = 0x01
export const CREDENTIALS = 0x04 // version 1 alone
export const OPTIONS = 0x05
export const QUERY = 0x07
export const PREPARE = 0x09
export const EXECUTE = 0x0a
export const REGISTER = 0x0b
export const BATCH = 0x0d
export const AUTH_RESPONSE = 0x0f

export const ERROR = 0x00
export const READY = 0x02
export const AUTHENTICATE = 0x03
export const SUPPORTED = 0x06
export const RESULT = 0x08
export const EVENT = 0x0c
export const AUTH_CHALLENGE = 0x0e
export const AUTH_SUCCESS = 0x10

/** Names of opcodes, as `ignored_ops` has them. */
export const operations: readonly string[] = [
  'ERROR',
  'STARTUP',
  'READY',
  'AUTHENTICATE',
  'CREDENTIALS',
  'OPTIONS',
  'SUPPORTED',
  'QUERY',
  'RESULT',
  'PREPARE',
  'EXECUTE',
  'REGISTER',
  'EVENT',
  'BATCH',
  'AUTH_CHALLENGE',
  'AUTH_RESPONSE',
  'AUTH_SUCCESS',
]

const requests = new Set([
  STARTUP,
  CREDENTIALS,
  OPTIONS,
  QUERY,
  PREPARE,
  EXECUTE,
  REGISTER,
  BATCH,
  AUTH_RESPONSE,
])

/** True for what clients send. */
export const isRequest = (opcode: number): boolean => requests.has(opcode)

/** True for what servers send. */
export const isResponse = (opcode: number): boolean => opcode <= AUTH_SUCCESS && !requests.has(opcode)

/** Flags of a frame's header: §2.2. */
export const COMPRESSED = 0x01
export const TRACING = 0x02
export const CUSTOM_PAYLOAD = 0x04
export const WARNING = 0x08
/** All that there are; the last one is USE_BETA. */
export const ALL_FLAGS = 0x1f

const named = (flags: number, names: readonly string[]): string | string[] => {
  const set = names.filter((_, bit) => flags & (1 << bit))
  return set.length > 1 ? set : (set[0] ?? 'Default')
}

const headerFlags = Array.from({ length: ALL_FLAGS + 1 }, (_, flags) =>
  named(flags, ['Compress', 'Tracing', 'CustomPayload', 'Warning', 'UseBeta']),
)

/** Names of a header's flags. */
export const headerFlagNames = (flags: number): string | string[] =>
  headerFlags[flags & ALL_FLAGS] as string | string[]

const metadataFlags = Array.from({ length: 16 }, (_, flags) =>
  named(flags, ['GlobalTableSpec', 'HasMorePages', 'NoMetaData', 'MetadataChanged']),
)

/** Names of the flags of a result's metadata: §4.2.5.2. */
export const metadataFlagNames = (flags: number): string | string[] =>
  metadataFlags[flags & 0xf] as string | string[]

const consistencies = [
  'ANY',
  'ONE',
  'TWO',
  'THREE',
  'QUORUM',
  'ALL',
  'LOCAL_QUORUM',
  'EACH_QUORUM',
  'SERIAL',
  'LOCAL_SERIAL',
  'LOCAL_ONE',
]

/** The name of a consistency level; of an unknown one its number. */
export const consistencyName = (code: number): string => consistencies[code] ?? String(code)

export const UNAVAILABLE = 0x1000
export const WRITE_TIMEOUT = 0x1100
export const READ_TIMEOUT = 0x1200
export const READ_FAILURE = 0x1300
export const FUNCTION_FAILURE = 0x1400
export const WRITE_FAILURE = 0x1500
export const CAS_WRITE_UNKNOWN = 0x1700
export const ALREADY_EXISTS = 0x2400
export const UNPREPARED = 0x2500

const errors: Readonly<Record<number, string>> = {
  0: 'errServer',
  10: 'errProtocol',
  256: 'errCredentials',
  [UNAVAILABLE]: 'errUnavailable',
  4097: 'errOverloaded',
  4098: 'errBootstrapping',
  4099: 'errTruncate',
  [WRITE_TIMEOUT]: 'errWriteTimeout',
  [READ_TIMEOUT]: 'errReadTimeout',
  [READ_FAILURE]: 'errReadFailure',
  [FUNCTION_FAILURE]: 'errFunctionFailure',
  [WRITE_FAILURE]: 'errWriteFailure',
  5632: 'errCDCWriteFailure',
  [CAS_WRITE_UNKNOWN]: 'errCASWriteUnknown',
  8192: 'errSyntax',
  8448: 'errUnauthorized',
  8704: 'errInvalid',
  8960: 'errConfig',
  [ALREADY_EXISTS]: 'errAlreadyExists',
  [UNPREPARED]: 'errUnprepared',
}

/** The name of an error's code, in upstream's spelling; undefined for those that no version has. */
export const errorName = (code: number): string | undefined => errors[code]
