import { field } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import type { Colours } from './colours.js'
import { cells, cut, harmless, pad } from './text.js'
import { size, time } from './units.js'

const clientIp = field('client.ip')
const clientPort = field('client.port')
const serverIp = field('server.ip')
const serverPort = field('server.port')
const sourceIp = field('source.ip')
const sourcePort = field('source.port')
const destinationIp = field('destination.ip')
const destinationPort = field('destination.port')
const duration = field('event.duration')
const bytes = field('network.bytes')
const packets = field('network.packets')
const transport = field('network.transport')
const code = field('http.response.status_code')
const responseCode = field('dns.response_code')
const note = field('error.message')
const icmpMessage = field('icmp.request.message')
const memcacheCommand = field('memcache.request.command')
const memcacheKeys = field('memcache.request.keys')

const TIME = 12
const TYPE = 7
const DURATION = 7
const BYTES = 7
const STATUS = 8
// Below that a query would say nothing: the terminal rather breaks the line.
const LEAST_QUERY = 14

/** What a terminal of that width has room for. An address is never cut: a longer one moves the rest to the right. */
const layout = (width: number) => ({ endpoints: width < 120 ? 31 : 41, bytes: width >= 100 })

/** One transaction: time, protocol, client → server, status, duration, bytes, and what was asked. */
export function transactionLine(event: Document, width: number, colours: Colours): string {
  const { type, status } = event
  const name = harmless(String(type ?? ''))
  const failed = status !== undefined && status !== 'OK'
  const { endpoints, bytes: showsBytes } = layout(width)
  const client = endpoint(
    clientIp.get(event) ?? sourceIp.get(event),
    clientPort.get(event) ?? sourcePort.get(event),
  )
  const server = endpoint(
    serverIp.get(event) ?? destinationIp.get(event),
    serverPort.get(event) ?? destinationPort.get(event),
  )
  const ends = widen(`${client} → ${server}`, endpoints)
  const amount = showsBytes ? [pad(number(bytes.get(event), size), BYTES, 'left')] : []
  const columns = [
    colours.dim(clock(event)),
    colours.of(name, widen(name, TYPE)),
    ends,
    (failed ? colours.bad : colours.good)(pad(result(event), STATUS)),
    pad(number(duration.get(event), time), DURATION, 'left'),
    ...amount,
  ]
  const taken =
    TIME + cells(widen(name, TYPE)) + cells(ends) + STATUS + DURATION + amount.length * BYTES + columns.length
  const left = Math.max(LEAST_QUERY, width - taken)
  const query = cut(asked(event), left)
  const notes = failed ? [note.get(event) ?? []].flat().map(String).map(harmless).join('; ') : ''
  const room = left - cells(query) - 2
  return (
    [...columns, query].join(' ') +
    (notes !== '' && room > 10 ? `  ${colours.warning(cut(notes, room))}` : '')
  )
}

/** A flow that no protocol spoke for. */
export function flowLine(event: Document, width: number, colours: Colours): string {
  const { endpoints, bytes: showsBytes } = layout(width)
  const ends = `${endpoint(sourceIp.get(event), sourcePort.get(event))} → ${endpoint(destinationIp.get(event), destinationPort.get(event))}`
  const columns = [
    clock(event),
    widen(harmless(String(transport.get(event) ?? 'flow')), TYPE),
    widen(ends, endpoints),
    pad('flow', STATUS),
    pad(number(duration.get(event), time), DURATION, 'left'),
    ...(showsBytes ? [pad(number(bytes.get(event), size), BYTES, 'left')] : []),
    `${packets.get(event) ?? 0} packets`,
  ]
  return colours.dim(columns.join(' '))
}

const widen = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - cells(text)))

/** Time of the day, as on the machine's own clock. */
function clock(event: Document): string {
  const date = new Date(String(event['@timestamp']))
  if (Number.isNaN(date.getTime())) return ' '.repeat(TIME)
  const two = (value: number) => String(value).padStart(2, '0')
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`
}

function endpoint(ip: unknown, port: unknown): string {
  // Outermost first when there was a tunnel.
  const address = harmless(String([ip ?? '?'].flat().at(-1)))
  if (typeof port !== 'number') return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** The protocol's own word for how it went, if it has a short one. */
function result(event: Document): string {
  const own = code.get(event) ?? responseCode.get(event)
  return harmless(String(own ?? event.status ?? ''))
}

function asked(event: Document): string {
  // A DNS method is nearly always QUERY, and its query says more.
  const method = typeof event.method === 'string' && event.type !== 'dns' ? event.method : ''
  const said = [event.query, icmpMessage.get(event), memcached(event), event.resource, event.path]
  const found = said.find((one): one is string => typeof one === 'string' && one !== '') ?? ''
  const query = found.replace(/^class IN, type (\S+), /, '$1 ')
  const repeats = query.toLowerCase().startsWith(method.toLowerCase())
  return harmless(repeats ? query : `${method} ${query}`.trim())
}

/** A command and its keys, which have no field that all protocols share. */
const memcached = (event: Document): string =>
  [memcacheCommand.get(event) ?? [], memcacheKeys.get(event) ?? []].flat().join(' ')

const number = (value: unknown, print: (value: number) => string): string =>
  typeof value === 'number' ? print(value) : ''
