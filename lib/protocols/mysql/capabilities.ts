// What client and server agree on: bits of the capability flags that change what the bytes mean.
// Spec: MySQL Source Code Documentation, "Capabilities Flags"; MariaDB, "Connection: capabilities".

/** MariaDB calls it that; in its absence the extended capabilities of MariaDB follow. */
export const CLIENT_MYSQL = 1
export const CLIENT_CONNECT_WITH_DB = 1 << 3
export const CLIENT_COMPRESS = 1 << 5
export const CLIENT_PROTOCOL_41 = 1 << 9
export const CLIENT_SSL = 1 << 11
export const CLIENT_SECURE_CONNECTION = 1 << 15
export const CLIENT_PLUGIN_AUTH = 1 << 19
export const CLIENT_CONNECT_ATTRS = 1 << 20
export const CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA = 1 << 21
export const CLIENT_SESSION_TRACK = 1 << 23
export const CLIENT_DEPRECATE_EOF = 1 << 24
export const CLIENT_ZSTD_COMPRESSION_ALGORITHM = 1 << 26
export const CLIENT_QUERY_ATTRIBUTES = 1 << 27

// Server status flags.
export const SERVER_MORE_RESULTS_EXISTS = 0x0008
export const SERVER_STATUS_CURSOR_EXISTS = 0x0040
export const SERVER_SESSION_STATE_CHANGED = 0x4000
