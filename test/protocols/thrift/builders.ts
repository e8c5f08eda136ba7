import {
  BOOL,
  CALL,
  DOUBLE,
  EXCEPTION,
  I8,
  I16,
  I32,
  I64,
  LIST,
  MAP,
  ONEWAY,
  REPLY,
  SET,
  STRING,
  STRUCT,
  UUID,
} from '../../../lib/protocols/thrift/types.js'

/** A value, before it is written in one protocol or the other. */
export type Value =
  | { type: typeof BOOL; value: boolean }
  | { type: typeof I8 | typeof I16 | typeof I32 | typeof DOUBLE; value: number }
  | { type: typeof I64; value: bigint }
  | { type: typeof STRING | typeof UUID; value: Buffer }
  | { type: typeof LIST | typeof SET; element: number; values: Value[] }
  | { type: typeof MAP; key: number; element: number; entries: [Value, Value][] }
  | Struct

export interface Struct {
  type: typeof STRUCT
  fields: [number, Value][]
}

export const bool = (value: boolean): Value => ({ type: BOOL, value })
export const i8 = (value: number): Value => ({ type: I8, value })
export const i16 = (value: number): Value => ({ type: I16, value })
export const i32 = (value: number): Value => ({ type: I32, value })
export const i64 = (value: number | bigint): Value => ({ type: I64, value: BigInt(value) })
export const double = (value: number): Value => ({ type: DOUBLE, value })
export const text = (value: string | Buffer): Value => ({ type: STRING, value: Buffer.from(value as string) })
export const uuid = (hex: string): Value => ({ type: UUID, value: Buffer.from(hex, 'hex') })
export const list = (element: number, ...values: Value[]): Value => ({ type: LIST, element, values })
export const set = (element: number, ...values: Value[]): Value => ({ type: SET, element, values })
export const map = (key: number, element: number, ...entries: [Value, Value][]): Value => ({
  type: MAP,
  key,
  element,
  entries,
})
/** Fields by their ids. */
export const struct = (fields: Record<number, Value> = {}): Struct => ({
  type: STRUCT,
  fields: Object.entries(fields).map(([id, value]) => [Number(id), value]),
})

export interface Message {
  type: number
  name: string
  seqid: number
  body: Struct
}

const message =
  (type: number) =>
  (name: string, body: Record<number, Value> = {}, seqid = 1): Message => ({
    type,
    name,
    seqid,
    body: struct(body),
  })

export const call = message(CALL)
export const reply = message(REPLY)
export const exception = message(EXCEPTION)
export const oneway = message(ONEWAY)

// --- binary ---------------------------------------------------------------------------------------------------------

function int(bytes: number, value: number): Buffer {
  const out = Buffer.alloc(bytes)
  out.writeIntBE(value, 0, bytes)
  return out
}

const sized = (bytes: Buffer) => Buffer.concat([int(4, bytes.length), bytes])

function inBinary(value: Value): Buffer {
  switch (value.type) {
    case BOOL:
      return Buffer.from([value.value ? 1 : 0])
    case I8:
      return int(1, value.value)
    case I16:
      return int(2, value.value)
    case I32:
      return int(4, value.value)
    case I64: {
      const out = Buffer.alloc(8)
      out.writeBigInt64BE(value.value)
      return out
    }
    case DOUBLE: {
      const out = Buffer.alloc(8)
      out.writeDoubleBE(value.value)
      return out
    }
    case STRING:
      return sized(value.value)
    case UUID:
      return value.value
    case LIST:
    case SET:
      return Buffer.concat([
        Buffer.from([value.element]),
        int(4, value.values.length),
        ...value.values.map(inBinary),
      ])
    case MAP:
      return Buffer.concat([
        Buffer.from([value.key, value.element]),
        int(4, value.entries.length),
        ...value.entries.flat().map(inBinary),
      ])
    case STRUCT:
      return Buffer.concat([
        ...value.fields.flatMap(([id, field]) => [Buffer.from([field.type]), int(2, id), inBinary(field)]),
        Buffer.from([0]),
      ])
  }
}

export const binary = ({ type, name, seqid, body }: Message): Buffer =>
  Buffer.concat([int(4, (0x80010000 | type) >> 0), sized(Buffer.from(name)), int(4, seqid), inBinary(body)])

/** As before there were versions. */
export const old = ({ type, name, seqid, body }: Message): Buffer =>
  Buffer.concat([sized(Buffer.from(name)), Buffer.from([type]), int(4, seqid), inBinary(body)])

// --- compact --------------------------------------------------------------------------------------------------------

const compactTypes: Readonly<Record<number, number>> = {
  [BOOL]: 1,
  [I8]: 3,
  [I16]: 4,
  [I32]: 5,
  [I64]: 6,
  [DOUBLE]: 7,
  [STRING]: 8,
  [LIST]: 9,
  [SET]: 10,
  [MAP]: 11,
  [STRUCT]: 12,
  [UUID]: 13,
}

export function varint(value: bigint | number): Buffer {
  const out: number[] = []
  let rest = BigInt(value)
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128)
  return Buffer.from([...out, Number(rest)])
}

const zigzag = (value: bigint | number) => {
  const wide = BigInt(value)
  return varint(wide < 0n ? -2n * wide - 1n : 2n * wide)
}

const counted = (bytes: Buffer) => Buffer.concat([varint(bytes.length), bytes])

function inCompact(value: Value): Buffer {
  switch (value.type) {
    case BOOL:
      return Buffer.from([value.value ? 1 : 2])
    case I8:
      return int(1, value.value)
    case I16:
    case I32:
    case I64:
      return zigzag(value.value)
    case DOUBLE: {
      const out = Buffer.alloc(8)
      out.writeDoubleLE(value.value)
      return out
    }
    case STRING:
      return counted(value.value)
    case UUID:
      return value.value
    case LIST:
    case SET: {
      const { length } = value.values
      const type = compactTypes[value.element] as number
      const head =
        length < 15
          ? Buffer.from([(length << 4) | type])
          : Buffer.concat([Buffer.from([0xf0 | type]), varint(length)])
      return Buffer.concat([head, ...value.values.map(inCompact)])
    }
    case MAP:
      if (value.entries.length === 0) return Buffer.from([0])
      return Buffer.concat([
        varint(value.entries.length),
        Buffer.from([((compactTypes[value.key] as number) << 4) | (compactTypes[value.element] as number)]),
        ...value.entries.flat().map(inCompact),
      ])
    case STRUCT: {
      let last = 0
      const fields = value.fields.flatMap(([id, field]) => {
        const type = field.type === BOOL && !field.value ? 2 : (compactTypes[field.type] as number)
        const delta = id - last
        last = id
        const head =
          delta > 0 && delta < 16
            ? Buffer.from([(delta << 4) | type])
            : Buffer.concat([Buffer.from([type]), zigzag(id)])
        return field.type === BOOL ? [head] : [head, inCompact(field)]
      })
      return Buffer.concat([...fields, Buffer.from([0])])
    }
  }
}

export const compact = ({ type, name, seqid, body }: Message): Buffer =>
  Buffer.concat([
    Buffer.from([0x82, (type << 5) | 1]),
    varint(seqid >>> 0),
    counted(Buffer.from(name)),
    inCompact(body),
  ])

// --- transports -----------------------------------------------------------------------------------------------------

export const framed = (bytes: Buffer): Buffer => sized(bytes)

/** A frame with a header: `protocol` 0 is binary, 2 compact; `transforms` by their numbers, done already. */
export function headed(bytes: Buffer, seqid: number, protocol: number, ...transforms: number[]): Buffer {
  // Key and value: one of each.
  const info = Buffer.concat([
    varint(1),
    varint(1),
    counted(Buffer.from('trace')),
    counted(Buffer.from('f00d')),
  ])
  const told = Buffer.concat([varint(protocol), varint(transforms.length), ...transforms.map(varint), info])
  const header = Buffer.concat([told, Buffer.alloc((4 - (told.length % 4)) % 4)])
  return sized(
    Buffer.concat([int(2, 0x0fff), int(2, 0), int(4, seqid), int(2, header.length / 4), header, bytes]),
  )
}

/** A step of a login. */
export const sasl = (status: number, what: string): Buffer =>
  Buffer.concat([Buffer.from([status]), sized(Buffer.from(what))])
