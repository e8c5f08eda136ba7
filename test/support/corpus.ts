import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { protocols } from '../../lib/protocols/index.js'

/** Where the independent captures are, beside the checkout; their README says what they are. */
const folder = join(import.meta.dirname, '../../../shared/captures')

/** A line of INDEX.tsv: what tshark sees in a capture. */
export interface Capture {
  /** Below the folder. */
  name: string
  path: string
  packets: number
  linkType: string
  /** Frames by protocol, such as `http1` or `dns-udp`. */
  protocols: ReadonlyMap<string, number>
  /** Ports of our protocols that are not their usual ones, by our name of the protocol. */
  ports: Readonly<Record<string, readonly number[]>>
  /** What is odd about it, such as `malformed` or `not-a-capture`. */
  odd: readonly string[]
  kind: string
}

/** Why tests of these captures are skipped; false: they are there. */
export const noCorpus: string | false = existsSync(join(folder, 'INDEX.tsv'))
  ? false
  : `needs the independent captures in ${folder}`

/** Our names of the protocols that INDEX.tsv has, those over TCP and UDP; ICMP is icmpv4 and icmpv6 there. */
const ourNames: Readonly<Record<string, string>> = {
  http1: 'http',
  'dns-udp': 'dns',
  'dns-tcp': 'dns',
  redis: 'redis',
  mysql: 'mysql',
  pgsql: 'pgsql',
  mongodb: 'mongodb',
  'mongodb-opmsg': 'mongodb',
  cassandra: 'cassandra',
  'memcache-text': 'memcache',
  'memcache-binary': 'memcache',
  amqp: 'amqp',
  dhcpv4: 'dhcpv4',
  nfs: 'nfs',
  sunrpc: 'nfs',
  sip: 'sip',
  thrift: 'thrift',
  tls: 'tls',
}

const usual = new Map(protocols.flatMap(({ name, ports }) => ports.map((port) => [port, name])))

/** Whether a capture has more than that many frames of a protocol that we decode. */
export const isOurs = ({ protocols }: Capture, frames = 0): boolean =>
  [...Object.keys(ourNames), 'icmpv4', 'icmpv6'].some((name) => (protocols.get(name) ?? 0) > frames)

/** All captures, in the order of the index; none where they are absent. */
export function corpus(): Capture[] {
  if (noCorpus !== false) return []
  const [header = '', ...lines] = readFileSync(join(folder, 'INDEX.tsv'), 'utf8').trimEnd().split('\n')
  const columns = header.split('\t')
  return lines.map((line) => {
    const cells = line.split('\t')
    const cell = (name: string) => cells[columns.indexOf(name)] ?? ''
    const name = cell('file')
    return {
      name,
      path: join(folder, name),
      packets: Number(cell('packets')),
      linkType: cell('linktype'),
      protocols: new Map(pairs(cell('protocols'), ' ')),
      ports: portsOf(cell('nondefault_ports')),
      odd: cell('odd').split(','),
      kind: cell('kind'),
    }
  })
}

function portsOf(cell: string): Record<string, number[]> {
  const ports: Record<string, number[]> = {}
  // What turns to TLS on its own port has it named twice: a port belongs to whom it is usual for, else to the first.
  const taken = new Map<number, string>()
  for (const [protocol, port] of pairs(cell, ',')) {
    const name = ourNames[protocol]
    // The index cuts long cells: its last entry may lack a port.
    if (name === undefined || !(port > 0)) continue
    if ((taken.get(port) ?? usual.get(port) ?? name) !== name) continue
    taken.set(port, name)
    ports[name] = [...(ports[name] ?? []), port]
  }
  return ports
}

const pairs = (cell: string, separator: string): [string, number][] =>
  cell
    .split(separator)
    .map((pair) => pair.split(':'))
    .map(([name = '', number]) => [name, Number(number)])
