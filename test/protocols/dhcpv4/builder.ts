/** Network byte order. */
export const u16 = (value: number): Buffer => Buffer.of((value >> 8) & 255, value & 255)
export const u32 = (value: number): Buffer => Buffer.concat([u16(value >>> 16), u16(value)])

export const ip = (...addresses: string[]): Buffer =>
  Buffer.from(addresses.flatMap((address) => address.split('.').map(Number)))

/** A domain name; without its root where it ends with an asterisk. */
export const name = (text: string): Buffer =>
  Buffer.concat([
    ...text
      .replace(/\*$/, '')
      .split('.')
      .map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1')),
    Buffer.alloc(text.endsWith('*') ? 0 : 1),
  ])

/** What has its length before it: an option without its number, a sub-option without its own. */
export const sized = (...data: (string | Uint8Array)[]): Buffer => {
  const bytes = Buffer.concat(data.map((piece) => Buffer.from(piece)))
  return Buffer.concat([Buffer.of(bytes.length), bytes])
}

/** An option. */
export const option = (code: number, ...data: (string | Uint8Array)[]): Buffer =>
  Buffer.concat([Buffer.of(code), sized(...data)])

export const type = (code: number): Buffer => option(53, Buffer.of(code))

export const END = Buffer.of(255)
export const MAC = Buffer.from('020000000001', 'hex')

export interface Parts {
  op?: number
  hardwareType?: number
  hardwareLength?: number
  hops?: number
  id?: number
  seconds?: number
  flags?: number
  /** ciaddr, yiaddr, siaddr, giaddr. */
  client?: string
  assigned?: string
  server?: string
  relay?: string
  mac?: Uint8Array
  sname?: string | Uint8Array
  file?: string | Uint8Array
  /** Left out: BOOTP, whose last field is all zeros. */
  options?: readonly Uint8Array[]
}

const filled = (value: string | Uint8Array, length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  Buffer.from(value).copy(bytes)
  return bytes
}

export const BROADCAST = 0x8000

/** A message of DHCP, or of BOOTP if it has no options. */
export const message = (parts: Parts = {}): Buffer => {
  const {
    op = 1,
    hardwareType = 1,
    hardwareLength = 6,
    hops = 0,
    id = 0x1234,
    seconds = 0,
    flags = 0,
  } = parts
  const { client = '0.0.0.0', assigned = '0.0.0.0', server = '0.0.0.0', relay = '0.0.0.0' } = parts
  const { mac = MAC, sname = '', file = '', options } = parts
  return Buffer.concat([
    Buffer.of(op, hardwareType, hardwareLength, hops),
    u32(id),
    u16(seconds),
    u16(flags),
    ip(client, assigned, server, relay),
    filled(mac, 16),
    filled(sname, 64),
    filled(file, 128),
    ...(options === undefined ? [Buffer.alloc(64)] : [Buffer.from('63825363', 'hex'), ...options, END]),
  ])
}

/** Names of the types that tests send. */
export const DISCOVER = 1
export const OFFER = 2
export const REQUEST = 3
export const DECLINE = 4
export const ACK = 5
export const NAK = 6
export const RELEASE = 7
export const INFORM = 8
export const FORCERENEW = 9
export const LEASEQUERY = 10
export const LEASEACTIVE = 13

/** A message of a client of that type. */
export const ask = (of: number, parts: Parts = {}): Buffer =>
  message({ ...parts, options: [type(of), ...(parts.options ?? [])] })

/** A message of a server of that type. */
export const answer = (of: number, parts: Parts = {}): Buffer => ask(of, { op: 2, ...parts })
