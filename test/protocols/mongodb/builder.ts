// Messages of MongoDB, built from what they mean.

type Part = Uint8Array | number

const join = (...parts: Part[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)))

const NOTHING: Uint8Array = Buffer.alloc(0)

const fixed = (bytes: number, write: (buffer: Buffer) => void): Buffer => {
  const buffer = Buffer.alloc(bytes)
  write(buffer)
  return buffer
}
export const int32 = (value: number): Buffer => fixed(4, (buffer) => buffer.writeInt32LE(value | 0))
export const int64 = (value: bigint | number): Buffer =>
  fixed(8, (buffer) => buffer.writeBigInt64LE(BigInt(value)))
const double = (value: number): Buffer => fixed(8, (buffer) => buffer.writeDoubleLE(value))
export const text0 = (text: string): Buffer => Buffer.from(`${text}\0`)
const counted = (text: string): Buffer => join(int32(Buffer.byteLength(text) + 1), text0(text))

/** A document of elements that `el` makes. */
export const doc = (...elements: Uint8Array[]): Buffer => {
  const body = Buffer.concat(elements)
  return join(int32(body.length + 5), body, 0)
}

const element =
  <Values extends unknown[]>(type: number, value: (...values: Values) => Uint8Array) =>
  (name: string, ...values: Values): Buffer =>
    join(type, text0(name), value(...values))

/** Elements by their type. */
export const el = {
  double: element(0x01, double),
  string: element(0x02, counted),
  doc: element(0x03, (value: Uint8Array) => value),
  array: element(0x04, (...values: Uint8Array[]) => doc(...values)),
  binary: element(0x05, (bytes: Uint8Array, subtype?: number) =>
    join(int32(bytes.length), subtype ?? 0, bytes),
  ),
  undefined: element(0x06, () => Buffer.alloc(0)),
  oid: element(0x07, (hex: string) => Buffer.from(hex, 'hex')),
  bool: element(0x08, (value: boolean) => Buffer.of(value ? 1 : 0)),
  date: element(0x09, int64),
  null: element(0x0a, () => Buffer.alloc(0)),
  regex: element(0x0b, (pattern: string, options: string) => join(text0(pattern), text0(options))),
  pointer: element(0x0c, (namespace: string, hex: string) =>
    join(counted(namespace), Buffer.from(hex, 'hex')),
  ),
  code: element(0x0d, counted),
  symbol: element(0x0e, counted),
  scoped: element(0x0f, (code: string, scope: Uint8Array) => {
    const body = join(counted(code), scope)
    return join(int32(body.length + 4), body)
  }),
  int32: element(0x10, int32),
  timestamp: element(0x11, (t: number, i: number) => join(int32(i), int32(t))),
  int64: element(0x12, int64),
  decimal: element(0x13, (hex: string) => Buffer.from(hex, 'hex')),
  min: element(0xff, () => Buffer.alloc(0)),
  max: element(0x7f, () => Buffer.alloc(0)),
}

/** Elements of an array: what `make` makes of each name. */
export const list = (count: number, make: (name: string, index: number) => Buffer): Buffer[] =>
  Array.from({ length: count }, (_, index) => make(String(index), index))

/** A message of any operation. */
export const message = (operation: number, id: number, to: number, ...body: Uint8Array[]): Buffer => {
  const all = Buffer.concat(body)
  return join(int32(16 + all.length), int32(id), int32(to), int32(operation), all)
}

export const CHECKSUM = 1
export const MORE = 2

interface Options {
  id?: number
  to?: number
  flags?: number
  /** Sections before and after the document. */
  before?: Uint8Array
  after?: Uint8Array
}

export const opMsg = (document: Uint8Array, options: Options = {}): Buffer => {
  const { id = 1, to = 0, flags = 0, before = NOTHING, after = NOTHING } = options
  const checksum = (flags & CHECKSUM) !== 0 ? int32(0x12345678) : Buffer.alloc(0)
  return message(2013, id, to, int32(flags), before, Buffer.of(0), document, after, checksum)
}

/** A section of documents. */
export const sequence = (name: string, ...documents: Uint8Array[]): Buffer => {
  const body = join(text0(name), ...documents)
  return join(1, int32(body.length + 4), body)
}

/** A command of a database, as today's drivers send it. */
export const command = (id: number, ...elements: Uint8Array[]): Buffer =>
  opMsg(doc(...elements, el.string('$db', 'shop')), { id })

/** What a server answers to the message of that id. */
export const answer = (to: number, ...elements: Uint8Array[]): Buffer =>
  opMsg(doc(...elements, el.double('ok', 1)), { id: 1000 + to, to })

export const opQuery = (
  id: number,
  collection: string,
  document: Uint8Array,
  { skip = 0, number = 0, fields = NOTHING }: { skip?: number; number?: number; fields?: Uint8Array } = {},
): Buffer => message(2004, id, 0, int32(0), text0(collection), int32(skip), int32(number), document, fields)

export const opReply = (to: number, documents: Uint8Array[], { flags = 8, cursor = 0n } = {}): Buffer =>
  message(1, 1000 + to, to, int32(flags), int64(cursor), int32(0), int32(documents.length), ...documents)

/** The same message as OP_COMPRESSED. `length`: what it says to expand to. */
export const compressed = (
  plain: Buffer,
  compressor: number,
  compress: (body: Buffer) => Uint8Array,
  length = plain.length - 16,
): Buffer => {
  const [id, to, operation] = [4, 8, 12].map((at) => plain.readInt32LE(at)) as [number, number, number]
  const body = compress(plain.subarray(16))
  return message(2012, id, to, int32(operation), int32(length), Buffer.of(compressor), body)
}

/** Zstandard's frame around a block that is not compressed. Spec: RFC 8878 §3.1.1. */
export const zstdFrame = (body: Buffer): Buffer =>
  join(
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x60]), // a single segment, two bytes of length, which count from 256
    fixed(2, (buffer) => buffer.writeUInt16LE(body.length - 256)),
    fixed(3, (buffer) => buffer.writeUIntLE((body.length << 3) | 1, 0, 3)),
    body,
  )
