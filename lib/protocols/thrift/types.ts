/** Types of values, by the numbers that the binary protocol has for them. Spec: thrift-binary-protocol.md, "Struct". */
export const STOP = 0
export const BOOL = 2
export const I8 = 3
export const DOUBLE = 4
export const I16 = 6
export const I32 = 8
export const I64 = 10
export const STRING = 11
export const STRUCT = 12
export const MAP = 13
export const SET = 14
export const LIST = 15
/** Since Thrift 0.19. */
export const UUID = 16

/** Types of messages. Spec: thrift-rpc.md, "Message". */
export const CALL = 1
export const REPLY = 2
export const EXCEPTION = 3
export const ONEWAY = 4

// Thrift's own limit for structures in structures (TConfiguration, DEFAULT_RECURSION_DEPTH); the text of a deeper value
// nobody could read.
export const MAX_DEPTH = 64
