import { createSocket, type RemoteInfo } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { DnsWire } from '../../../lib/wire/dns.js'

export interface Record {
  name: string
  type: number
  ttl?: number
  data: Buffer
}

/** A name as it is on the wire, without compression. */
export const labels = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter(Boolean)
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.alloc(1),
  ])

export const ptr = (name: string, to: string, ttl = 300): Record => ({
  name,
  type: 12,
  ttl,
  data: labels(to),
})
export const alias = (name: string, to: string, ttl = 300): Record => ({
  name,
  type: 5,
  ttl,
  data: labels(to),
})
export const a = (name: string, ip: string, ttl = 300): Record => ({
  name,
  type: 1,
  ttl,
  data: Buffer.from(ip.split('.').map(Number)),
})

export interface Reply {
  id?: number
  code?: number
  /** Instead of the one that was asked. */
  question?: Buffer
  truncated?: boolean
  records?: Record[]
}

/** A message that answers `asked`. */
export function reply(
  asked: Buffer,
  { id, code = 0, question, truncated = false, records = [] }: Reply,
): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt16BE(id ?? asked.readUInt16BE(0), 0)
  header.writeUInt16BE(0x8180 | code | (truncated ? 0x200 : 0), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(records.length, 6)
  const answers = records.map(({ name, type, ttl = 300, data }) => {
    const fixed = Buffer.alloc(10)
    fixed.writeUInt16BE(type, 0)
    fixed.writeUInt16BE(1, 2)
    fixed.writeUInt32BE(ttl, 4)
    fixed.writeUInt16BE(data.length, 8)
    return Buffer.concat([labels(name), fixed, data])
  })
  return Buffer.concat([header, question ?? asked.subarray(12), ...answers])
}

/** The name that a question asks for. */
export const asks = (message: Buffer): string => {
  const wire = new DnsWire().reset(message, 0, message.length)
  wire.skip(12)
  return wire.name()
}

export interface FakeServer {
  address: string
  /** Names it was asked for, in their order. */
  asked: string[]
  /** Where the questions came from. */
  from: RemoteInfo[]
}

/** A name server whose answers are made up by the test; undefined: none. */
export async function nameServer(
  t: TestContext,
  answer: (message: Buffer, name: string) => Buffer | readonly Buffer[] | undefined,
  port = 0,
): Promise<FakeServer> {
  const socket = createSocket('udp4')
  const server: FakeServer = { address: '', asked: [], from: [] }
  socket.on('message', (message, from) => {
    const name = asks(message)
    server.asked.push(name)
    server.from.push(from)
    for (const each of [answer(message, name) ?? []].flat()) socket.send(each, from.port, from.address)
  })
  await new Promise<void>((done) => socket.bind(port, '127.0.0.1', done))
  t.after(() => socket.close())
  server.address = `127.0.0.1:${(socket.address() as AddressInfo).port}`
  return server
}
