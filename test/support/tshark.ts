import { execFile, spawnSync } from 'node:child_process'

const PROGRAM = 'tshark'

/** Why tests against tshark are skipped; false: it is there. */
export const noTshark: string | false =
  spawnSync(PROGRAM, ['--version']).status === 0 ? false : 'needs tshark, of the Debian package of that name'

/** How many messages of a kind there are in a capture. */
export interface Counts {
  httpRequests: number
  httpResponses: number
  dnsQueries: number
  dnsResponses: number
}

export const noCounts: Counts = { httpRequests: 0, httpResponses: 0, dnsQueries: 0, dnsResponses: 0 }

// NOTIFY and SUBSCRIBE are no requests to tshark.
const MESSAGES = 'http.request || http.response || http.notification || dns'

type Ports = Readonly<Record<'http' | 'dns', readonly number[]>>

const fields = [
  'tcp.port',
  'udp.port',
  'http.request.method',
  'http.response.code',
  'dns.flags.response',
  'frame.protocols',
  '_ws.malformed',
] as const

/**
 * How tshark puts HTTP together. `messages`: a message counts when its body is whole. `heads`: when its head is; then a
 * body that was captured in part is no reason to leave it out, but pipelined messages may be.
 */
export type Reading = 'messages' | 'heads'

const preferences: Readonly<Record<Reading, readonly string[]>> = {
  messages: ['tcp.reassemble_out_of_order:TRUE'],
  heads: ['http.desegment_body:FALSE'],
}

/** What tshark finds on those ports. What it can read of a capture that is cut off counts. */
export async function tsharkCounts(file: string, ports: Ports, reading: Reading): Promise<Counts> {
  const decodeAs = [
    ...ports.http.map((port) => `tcp.port==${port},http`),
    ...ports.dns.flatMap((port) => [`tcp.port==${port},dns`, `udp.port==${port},dns`]),
  ]
  const arguments_ = [
    ...['-n', '-r', file, '-Y', MESSAGES, '-T', 'fields', '-E', 'occurrence=a'],
    ...fields.flatMap((field) => ['-e', field]),
    ...preferences[reading].flatMap((preference) => ['-o', preference]),
    ...decodeAs.flatMap((rule) => ['-d', rule]),
  ]
  const out = await new Promise<string>((resolve, reject) => {
    const limits = { maxBuffer: 1 << 28, timeout: 60_000 }
    // The exit status tells no more than that a file is cut off.
    execFile(PROGRAM, arguments_, limits, (error, stdout) =>
      error?.killed ? reject(new Error(`tshark took too long for ${file}`)) : resolve(stdout),
    )
  })
  const counts = { ...noCounts }
  for (const line of out.split('\n')) if (line !== '') countFrame(counts, line, ports)
  return counts
}

/** Adds what is in one frame: it may end several messages. */
function countFrame(counts: Counts, line: string, ports: Ports): void {
  const cells = line.split('\t')
  const values = (name: (typeof fields)[number]) =>
    (cells[fields.indexOf(name)] ?? '').split(',').filter(Boolean)
  const tcp = values('tcp.port').map(Number)
  const all = [...tcp, ...values('udp.port').map(Number)]
  // The packet that an ICMP error quotes is no message.
  const layers = values('frame.protocols').join().split(':')
  if (layers.includes('icmp') || layers.includes('icmpv6')) return
  if (tcp.some((port) => ports.http.includes(port))) {
    counts.httpRequests += values('http.request.method').length
    counts.httpResponses += values('http.response.code').length
  }
  if (!all.some((port) => ports.dns.includes(port)) || values('_ws.malformed').length > 0) return
  for (const flag of values('dns.flags.response'))
    if (flag === '1' || flag === 'True') counts.dnsResponses++
    else counts.dnsQueries++
}
