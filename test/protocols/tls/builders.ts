/** Bytes of numbers, texts and other bytes, one after another. */
const join = (...parts: (Uint8Array | number[] | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)))

const u16 = (value: number) => [value >> 8, value & 0xff]
const u24 = (value: number) => [value >> 16, ...u16(value & 0xffff)]
/** With a length of 8, 16 or 24 bits before it. */
const with8 = (part: Uint8Array) => join([part.length], part)
const with16 = (part: Uint8Array) => join(u16(part.length), part)
const with24 = (part: Uint8Array) => join(u24(part.length), part)
const codes = (values: readonly number[]) => join(values.flatMap(u16))

/** A record of up to 2^14 bytes, or several. */
export const record = (type: number, content: Uint8Array, version = 0x0303): Buffer =>
  join([type], u16(version), with16(content))

export const message = (type: number, body: Uint8Array): Buffer => join([type], with24(body))
export const handshake = (...messages: Uint8Array[]): Buffer => record(22, join(...messages))
export const alert = (level: number, code: number): Buffer => record(21, Buffer.from([level, code]))
export const changeCipherSpec: Buffer = record(20, Buffer.from([1]))
/** A protected record of TLS 1.3 of that many bytes. */
export const protectedRecord = (bytes: number): Buffer => record(23, Buffer.alloc(bytes, 0xee))

/** Sizes of protected records with AES-128-GCM and SHA-256. */
export const FINISHED = 53
export const ENCRYPTED_ALERT = 19

export const extension = (type: number, content: Uint8Array): Buffer => join(u16(type), with16(content))
export const serverName = (name: string) => extension(0, with16(join([0], with16(Buffer.from(name)))))
export const groups = (...values: number[]) => extension(10, with16(codes(values)))
export const schemes = (...values: number[]) => extension(13, with16(codes(values)))
export const alpn = (...names: string[]) =>
  extension(16, with16(join(...names.map((name) => with8(Buffer.from(name))))))
export const versions = (...values: number[]) => extension(43, with8(codes(values)))
export const version = (value: number) => extension(43, codes([value]))
export const ticket = (bytes: number) => extension(35, Buffer.alloc(bytes, 7))

interface Hello {
  version?: number
  sessionId?: Uint8Array
  suites?: readonly number[]
  extensions?: readonly Uint8Array[]
}

export const RANDOM: Buffer = Buffer.alloc(32, 0xab)
/** SHA-256 of "HelloRetryRequest". */
const RETRY = Buffer.from('cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c', 'hex')

const NOTHING = Buffer.alloc(0)

export const clientHello = ({
  version = 0x0303,
  sessionId = NOTHING,
  suites = [0x1301, 0xc02f],
  extensions = [],
}: Hello = {}) =>
  message(
    1,
    join(u16(version), RANDOM, with8(sessionId), with16(codes(suites)), [1, 0], with16(join(...extensions))),
  )

export const serverHello = (
  { version = 0x0303, sessionId = NOTHING, suites = [0xc02f], extensions = [] }: Hello = {},
  random = RANDOM,
) => message(2, join(u16(version), random, with8(sessionId), codes(suites), [0], with16(join(...extensions))))

export const helloRetryRequest = (hello: Hello) => serverHello(hello, RETRY)

export const certificates = (...chain: Uint8Array[]): Buffer =>
  message(11, with24(join(...chain.map(with24))))
export const serverKeyExchange: Buffer = message(12, Buffer.alloc(40))
export const certificateRequest: Buffer = message(13, Buffer.alloc(8))
export const serverHelloDone: Buffer = message(14, NOTHING)
export const clientKeyExchange: Buffer = message(16, Buffer.alloc(33))
/** With an OCSP response of that status. */
export const certificateStatus = (status: number): Buffer =>
  message(22, join([1], with24(Buffer.from([0x30, 3, 0x0a, 1, status]))))

/** A ClientHello as SSL 2.0 wrote it. */
export function ssl2Hello(suites: readonly number[], version = 0x0301): Buffer {
  const body = join(
    [1],
    u16(version),
    u16(3 * suites.length),
    u16(0),
    u16(16),
    suites.flatMap(u24),
    Buffer.alloc(16, 5),
  )
  return join([0x80 | (body.length >> 8), body.length & 0xff], body)
}
