import { createHash } from 'node:crypto'
import { z } from 'zod'
import { field } from '../events/document.js'
import { type Address, isIPv4, parseAddress } from '../net/address.js'
import { defineProcessor } from './processor.js'

const named = (name: string) => z.string().min(1).default(name)

/** Computes the hash that network tools share for a connection, of fields of any name. */
export const communityId = defineProcessor({
  name: 'community_id',
  title: 'computes the Community ID of a connection',
  options: z.strictObject({
    fields: z
      .strictObject({
        source_ip: named('source.ip'),
        source_port: named('source.port'),
        destination_ip: named('destination.ip'),
        destination_port: named('destination.port'),
        iana_number: named('network.iana_number').describe('Asked before `transport`.'),
        transport: named('network.transport'),
        icmp_type: named('icmp.type'),
        icmp_code: named('icmp.code'),
      })
      .prefault({})
      .describe('The fields with what is hashed.'),
    target: named('network.community_id').describe('Where the hash is put, unless there is one already.'),
    seed: z
      .int()
      .min(0)
      .max(65535)
      .default(0)
      .describe('Makes the hashes of networks differ that use the same addresses.'),
  }),
  create({ fields, target, seed }, context) {
    const { get, put } = field(target)
    const [sourceIp, destinationIp, sourcePort, destinationPort, iana, transport, type, code] = [
      fields.source_ip,
      fields.destination_ip,
      fields.source_port,
      fields.destination_port,
      fields.iana_number,
      fields.transport,
      fields.icmp_type,
      fields.icmp_code,
    ].map((name) => field(name).get) as [Get, Get, Get, Get, Get, Get, Get, Get]
    return (event) => {
      if (get(event) !== undefined) return event
      const source = addressOf(sourceIp(event))
      const destination = addressOf(destinationIp(event))
      const protocol = protocolOf(iana(event) ?? transport(event))
      if (source === undefined || destination === undefined || protocol === undefined) return event
      let ports: [number, number] | undefined
      let oneWay = false
      if (WITH_PORTS.has(protocol)) {
        const pair = [numberOf(sourcePort(event), 65535), numberOf(destinationPort(event), 65535)]
        if (pair.includes(undefined)) return event
        ports = pair as [number, number]
      } else if (protocol === ICMP || protocol === ICMP6) {
        const asked = numberOf(type(event), 255) ?? 0
        const answered = counterpart(protocol === ICMP ? ICMP_PAIRS : ICMP6_PAIRS, asked)
        oneWay = answered === undefined
        ports = [asked, answered ?? numberOf(code(event), 255) ?? 0]
      }
      const hash = hashOf(source, destination, protocol, ports, oneWay, seed)
      if (hash !== undefined && put(event, hash) === undefined)
        context.failed(`a part of ${target} is a field that is no object`)
      return event
    }
  },
})

type Get = ReturnType<typeof field>['get']

const ICMP = 1
const ICMP6 = 58
// TCP, UDP, SCTP
const WITH_PORTS = new Set([6, 17, 132])

const TRANSPORTS: ReadonlyMap<string, number> = new Map([
  ['icmp', ICMP],
  ['igmp', 2],
  ['tcp', 6],
  ['udp', 17],
  ['gre', 47],
  ['icmpv6', ICMP6],
  ['ipv6-icmp', ICMP6],
  ['eigrp', 88],
  ['ospf', 89],
  ['pim', 103],
  ['sctp', 132],
])

// Types that ask and answer each other (the specification's tables); all others go one way.
const ICMP_PAIRS = [
  [8, 0],
  [13, 14],
  [15, 16],
  [17, 18],
  [10, 9],
] as const
const ICMP6_PAIRS = [
  [128, 129],
  [133, 134],
  [135, 136],
  [130, 131],
  [144, 145],
  [139, 140],
] as const

function counterpart(pairs: readonly (readonly [number, number])[], type: number): number | undefined {
  for (const [one, other] of pairs) if (type === one || type === other) return type === one ? other : one
  return undefined
}

const addressOf = (value: unknown): Address | undefined =>
  typeof value === 'string' ? parseAddress(value) : undefined

const protocolOf = (value: unknown): number | undefined =>
  (typeof value === 'string' ? TRANSPORTS.get(value.toLowerCase()) : undefined) ?? numberOf(value, 255)

function numberOf(value: unknown, most: number): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 && number <= most
    ? number
    : undefined
}

function bytesOf(address: Address): Buffer {
  const bytes = Buffer.allocUnsafe(16)
  for (const [index, word] of address.entries()) bytes.writeUInt32BE(word >>> 0, index * 4)
  return isIPv4(address) ? bytes.subarray(12) : bytes
}

/** Version 1 (github.com/corelight/community-id-spec): the same for both directions. undefined: of two IP versions. */
function hashOf(
  source: Address,
  destination: Address,
  protocol: number,
  ports: [number, number] | undefined,
  oneWay: boolean,
  seed: number,
): string | undefined {
  let [low, high] = [bytesOf(source), bytesOf(destination)]
  if (low.length !== high.length) return undefined
  let [first, second] = ports ?? [0, 0]
  const order = Buffer.compare(low, high)
  if (!oneWay && (order > 0 || (order === 0 && first > second))) {
    ;[low, high] = [high, low]
    ;[first, second] = [second, first]
  }
  const head = Buffer.from([seed >>> 8, seed & 0xff])
  const tail = Buffer.from([protocol, 0, first >>> 8, first & 0xff, second >>> 8, second & 0xff])
  const hashed = createHash('sha1')
    .update(Buffer.concat([head, low, high, ports === undefined ? tail.subarray(0, 2) : tail]))
    .digest('base64')
  return `1:${hashed}`
}
