export type Configuration = any
export type FlowOptions = any
export type OneOrMore<T> = T | readonly T[]
export type Processor = any
export type ProtocolEntry = { type: 'http' }
