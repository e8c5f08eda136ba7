import { sip } from '../../../lib/protocols/sip/index.js'
import { Dialogue } from '../../support/dialogue.js'

export type Headers = Readonly<Record<string, string | undefined>>

const usual: Headers = {
  Via: 'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1',
  From: '"Anna" <sip:anna@example.com>;tag=a1',
  To: 'Bob <sip:bob@example.com>',
  'Call-ID': 'call-1',
}

/** A message with the usual headers, others in their place (undefined: none), and the length of its body. */
export function message(start: string, headers: Headers = {}, body = ''): string {
  const all = { ...usual, ...headers, 'Content-Length': String(Buffer.byteLength(body)) }
  if ('Content-Length' in headers) all['Content-Length'] = headers['Content-Length'] as string
  const lines = Object.entries(all).filter(([, value]) => value !== undefined)
  return `${[start, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n${body}`
}

export const request = (method: string, headers: Headers = {}, body = ''): string =>
  message(`${method} sip:bob@example.com SIP/2.0`, { CSeq: `1 ${method}`, ...headers }, body)

export const response = (code: number, phrase: string, headers: Headers = {}, body = ''): string =>
  message(`SIP/2.0 ${code} ${phrase}`, { CSeq: '1 INVITE', ...headers }, body)

export const udp = (options = {}) => new Dialogue(sip, options, { transport: 17, ports: [5060, 5060] })
export const tcp = (options = {}) => new Dialogue(sip, options, { transport: 6, ports: [40000, 5060] })

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
export type Event = any

export const eventsOf = ({ events }: Dialogue): Event[] => events

/** The one event of one datagram. */
export function told(text: string | Uint8Array, options = {}): Event {
  const { events } = udp(options).client(text)
  if (events.length !== 1) throw new Error(`${events.length} events`)
  return events[0]
}

/** What a test usually wants to see of the events: method or code, the note. */
export const seen = (dialogue: Dialogue) =>
  eventsOf(dialogue).map(({ sip: { method, code }, error }) => [method ?? code, error?.message ?? null])
