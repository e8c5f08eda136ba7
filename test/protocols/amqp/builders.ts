// Frames of AMQP 0-9-1, as clients and brokers build them: the specification's §4.2 and amqp0-9-1.xml.

/** A value of a table with its type; see `table`. */
export interface Typed {
  type: string
  bytes: Buffer
}

export const u8 = (value: number): Buffer => Buffer.from([value & 0xff])

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value & 0xffff)
  return bytes
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

export function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)))
  return bytes
}

export const join = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts)
export const short = (text: string): Buffer => join(u8(Buffer.byteLength(text)), Buffer.from(text))
export const long = (text: string | Buffer): Buffer => join(u32(Buffer.byteLength(text)), Buffer.from(text))

export const typed = (type: string, bytes: Buffer): Typed => ({ type, bytes })
export const text = (value: string): Typed => typed('S', long(value))
export const truth = (value: boolean): Typed => typed('t', u8(value ? 1 : 0))

const entry = ({ type, bytes }: Typed): Buffer => join(Buffer.from(type, 'latin1'), bytes)

/** The bytes of a table with its length; values that are text alone may be given as such. */
export const table = (entries: Readonly<Record<string, Typed | string>> = {}): Buffer =>
  long(
    join(
      ...Object.entries(entries).map(([name, value]) =>
        join(short(name), entry(typeof value === 'string' ? text(value) : value)),
      ),
    ),
  )
export const nested = (entries: Readonly<Record<string, Typed | string>>): Typed => typed('F', table(entries))
export const list = (...values: Typed[]): Typed => typed('A', long(join(...values.map(entry))))

/** Flags that share an octet, the first one in its lowest bit. */
export const bits = (...flags: boolean[]): Buffer =>
  u8(flags.reduce((all, flag, place) => all | (flag ? 1 << place : 0), 0))

export const frame = (type: number, channel: number, payload: Uint8Array): Buffer =>
  join(u8(type), u16(channel), u32(payload.length), payload, u8(0xce))

export const method = (channel: number, classId: number, id: number, ...given: Buffer[]): Buffer =>
  frame(1, channel, join(u16(classId), u16(id), ...given))

export const heartbeat = frame(8, 0, join())
export const protocolHeader = (...version: number[]): Buffer =>
  join(Buffer.from('AMQP'), Buffer.from(version.length > 0 ? version : [0, 0, 9, 1]))

// Properties by their flag, as bytes; see `content`.
export const contentType = (value: string): [number, Buffer] => [15, short(value)]
export const contentEncoding = (value: string): [number, Buffer] => [14, short(value)]
export const headers = (entries: Readonly<Record<string, Typed | string>>): [number, Buffer] => [
  13,
  table(entries),
]
export const deliveryMode = (value: number): [number, Buffer] => [12, u8(value)]

export const header = (channel: number, size: number, ...properties: [number, Buffer][]): Buffer => {
  const flags = properties.reduce((all, [place]) => all | (1 << place), 0)
  return frame(
    2,
    channel,
    join(u16(60), u16(0), u64(size), u16(flags), ...properties.map(([, bytes]) => bytes)),
  )
}
export const body = (channel: number, bytes: string | Buffer): Buffer => frame(3, channel, Buffer.from(bytes))

/** Header and body, in frames of at most `most` bytes. */
export function content(
  channel: number,
  bytes: string | Buffer = '',
  properties: [number, Buffer][] = [],
  most = 131_064,
): Buffer {
  const whole = Buffer.from(bytes)
  const frames = [header(channel, whole.length, ...properties)]
  for (let at = 0; at < whole.length; at += most) frames.push(body(channel, whole.subarray(at, at + most)))
  return join(...frames)
}

export const connection = {
  start: method(
    0,
    10,
    10,
    u8(0),
    u8(9),
    table({ product: 'RabbitMQ', capabilities: nested({ publisher_confirms: truth(true) }) }),
    long('PLAIN AMQPLAIN'),
    long('en_US'),
  ),
  startOk: (mechanism: string, response: string | Buffer) =>
    method(0, 10, 11, table({ product: 'test' }), short(mechanism), long(response), short('en_US')),
  secure: (challenge: string) => method(0, 10, 20, long(challenge)),
  secureOk: (response: string) => method(0, 10, 21, long(response)),
  tune: method(0, 10, 30, u16(2047), u32(131_072), u16(60)),
  tuneOk: (heartbeat = 10) => method(0, 10, 31, u16(2047), u32(131_072), u16(heartbeat)),
  open: (host: string) => method(0, 10, 40, short(host), short(''), u8(0)),
  openOk: method(0, 10, 41, short('')),
  close: (code: number, why: string, classId = 0, id = 0) =>
    method(0, 10, 50, u16(code), short(why), u16(classId), u16(id)),
  closeOk: method(0, 10, 51),
  blocked: (why: string) => method(0, 10, 60, short(why)),
  unblocked: method(0, 10, 61),
  updateSecret: (secret: string) => method(0, 10, 70, long(secret), short('expired')),
  updateSecretOk: method(0, 10, 71),
}

export const channel = {
  open: (number: number) => method(number, 20, 10, short('')),
  openOk: (number: number) => method(number, 20, 11, long('')),
  flow: (number: number, active: boolean) => method(number, 20, 20, bits(active)),
  flowOk: (number: number, active: boolean) => method(number, 20, 21, bits(active)),
  close: (number: number, code: number, why: string, classId = 0, id = 0) =>
    method(number, 20, 40, u16(code), short(why), u16(classId), u16(id)),
  closeOk: (number: number) => method(number, 20, 41),
}

export const exchange = {
  declare: (number: number, name: string, type: string, options = table(), noWait = false) =>
    method(
      number,
      40,
      10,
      u16(0),
      short(name),
      short(type),
      bits(false, true, false, false, noWait),
      options,
    ),
  declareOk: (number: number) => method(number, 40, 11),
  bind: (number: number, destination: string, source: string, key: string) =>
    method(number, 40, 30, u16(0), short(destination), short(source), short(key), bits(false), table()),
  bindOk: (number: number) => method(number, 40, 31),
  unbind: (number: number, destination: string, source: string, key: string) =>
    method(number, 40, 40, u16(0), short(destination), short(source), short(key), bits(false), table()),
  unbindOk: (number: number) => method(number, 40, 51),
}

export const queue = {
  declare: (number: number, name: string, options = table(), noWait = false) =>
    method(number, 50, 10, u16(0), short(name), bits(false, false, false, false, noWait), options),
  declareOk: (number: number, name: string, messages = 0, consumers = 0) =>
    method(number, 50, 11, short(name), u32(messages), u32(consumers)),
  bind: (number: number, name: string, from: string, key: string) =>
    method(number, 50, 20, u16(0), short(name), short(from), short(key), bits(false), table()),
  bindOk: (number: number) => method(number, 50, 21),
  purge: (number: number, name: string) => method(number, 50, 30, u16(0), short(name), bits(false)),
  purgeOk: (number: number, messages: number) => method(number, 50, 31, u32(messages)),
}

export const basic = {
  qos: (number: number, count: number) => method(number, 60, 10, u32(0), u16(count), bits(false)),
  qosOk: (number: number) => method(number, 60, 11),
  consume: (number: number, from: string, tag: string, noWait = false) =>
    method(number, 60, 20, u16(0), short(from), short(tag), bits(false, false, false, noWait), table()),
  consumeOk: (number: number, tag: string) => method(number, 60, 21, short(tag)),
  cancel: (number: number, tag: string, noWait = false) => method(number, 60, 30, short(tag), bits(noWait)),
  cancelOk: (number: number, tag: string) => method(number, 60, 31, short(tag)),
  publish: (number: number, to: string, key: string, mandatory = false) =>
    method(number, 60, 40, u16(0), short(to), short(key), bits(mandatory, false)),
  return: (number: number, to: string, key: string) =>
    method(number, 60, 50, u16(312), short('NO_ROUTE'), short(to), short(key)),
  deliver: (number: number, tag: string, delivery: number, from: string, key: string) =>
    method(number, 60, 60, short(tag), u64(delivery), bits(false), short(from), short(key)),
  get: (number: number, from: string) => method(number, 60, 70, u16(0), short(from), bits(true)),
  getOk: (number: number, delivery: number, from: string, key: string, left: number) =>
    method(number, 60, 71, u64(delivery), bits(true), short(from), short(key), u32(left)),
  getEmpty: (number: number) => method(number, 60, 72, short('')),
  ack: (number: number, delivery: number, multiple = false) =>
    method(number, 60, 80, u64(delivery), bits(multiple)),
  reject: (number: number, delivery: number) => method(number, 60, 90, u64(delivery), bits(true)),
  nack: (number: number, delivery: number, multiple = false) =>
    method(number, 60, 120, u64(delivery), bits(multiple, true)),
}

export const confirmSelect = (number: number) => method(number, 85, 10, bits(false))
export const confirmSelectOk = (number: number) => method(number, 85, 11)
export const tx = {
  select: (number: number) => method(number, 90, 10),
  selectOk: (number: number) => method(number, 90, 11),
  commit: (number: number) => method(number, 90, 20),
  commitOk: (number: number) => method(number, 90, 21),
  rollback: (number: number) => method(number, 90, 30),
  rollbackOk: (number: number) => method(number, 90, 31),
}
