import { deepEqual, equal } from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Event } from './capture.js'
import type { SearchNode } from './elasticsearch.js'
import { folder } from './folder.js'
import { cli, root } from './needs.js'
import { type Network, write } from './network.js'
import { start, until } from './processes.js'

export interface Replay {
  /** Below test/traces. */
  trace: string
  loops?: number
  /** `output`, and what else there is in the configuration. */
  config: Readonly<Record<string, unknown>>
  /** Default: all with their usual ports. */
  protocols?: readonly Readonly<Record<string, unknown>>[]
}

export interface Replayed {
  status: number
  counters: Record<string, number>
  /** Messages of the log. */
  log: string[]
  said: string[]
}

const protocols = ['amqp', 'cassandra', 'dns', 'http', 'icmp', 'memcache', 'mysql', 'redis', 'tls']

/** Runs the program over a capture, in the network's namespace. */
export async function replay(
  network: Network,
  { trace, loops = 1, config, ...more }: Replay,
): Promise<Replayed> {
  const home = folder()
  const packetbeat = { protocols: more.protocols ?? protocols.map((type) => ({ type })) }
  // The tests make templates of their own, and setup has its own tests.
  const setup = { template: { enabled: false }, ilm: { enabled: false } }
  const paths = { data: join(home, 'data'), logs: join(home, 'logs') }
  // JSON is YAML.
  const file = write(
    join(home, 'packetbeat.yml'),
    JSON.stringify({ packetbeat, path: paths, setup, ...config }),
  )
  const input = ['-I', join(root, 'test/traces', trace), '-l', String(loops)]
  const running = start(network.server, [
    process.execPath,
    cli,
    'run',
    '-c',
    file,
    '-e',
    '--strict.perms=false',
    ...input,
  ])
  const timer = setTimeout(() => running.signal('SIGKILL'), 60_000)
  const status = await running.ended.finally(() => clearTimeout(timer))
  const lines = running.stderr().split('\n').filter(Boolean)
  const log = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Event)
  return {
    status,
    counters: log.find(({ message }) => message === 'Total metrics')?.['monitoring.metrics'] ?? {},
    log: log.map(({ message }) => message),
    said: lines.filter((line) => !line.startsWith('{')),
  }
}

/** What the file output makes of the same capture, without `@metadata`. */
export async function expected(
  network: Network,
  what: Omit<Replay, 'config'> & { config?: object },
): Promise<Event[]> {
  const path = folder()
  const config = { ...what.config, output: { file: { path, rotate_every_kb: 1_000_000 } } }
  const { status, said } = await replay(network, { ...what, config })
  equal(status, 0, said.join('\n'))
  return readdirSync(path)
    .flatMap((name) => readFileSync(join(path, name), 'utf8').split('\n').slice(0, -1))
    .map((line) => {
      const { '@metadata': _, ...event } = JSON.parse(line) as Event
      return event
    })
}

/** All documents of an index or data stream. */
export async function documents(node: SearchNode, index: string): Promise<Event[]> {
  await node.request('POST', `/${index}/_refresh`)
  const found = await node.request<Event>('GET', `/${index}/_search?size=10000`)
  return found.hits.hits.map(({ _source }: Event) => _source)
}

/** Both have the same events, each as often, in whatever order. */
export function sameEvents(actual: readonly Event[], wanted: readonly Event[]): void {
  equal(actual.length, wanted.length)
  deepEqual(sorted(actual), sorted(wanted))
}

const sorted = (events: readonly Event[]): string[] =>
  events.map((event) => JSON.stringify(ordered(event))).sort()

/** With its keys in one order: ingest pipelines change it. */
function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(ordered)
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  )
}

/** Data streams for indexes that begin with `name`; every text is a keyword and numbers stay what they are. */
export const template = (node: SearchNode, name: string, properties: object = {}): Promise<unknown> =>
  node.request('PUT', `/_index_template/${name}`, {
    index_patterns: [`${name}*`],
    data_stream: {},
    template: { mappings: { dynamic: false, properties } },
  })

export interface Proxy {
  port: number
  /** What it did so far. */
  faults(): { fault: string | number; unknown: Event[] }[]
  stderr(): string
  stop(): Promise<number>
}

/** Starts ../servers/elasticsearch/proxy.ts before the node on port 9200. `plan`: faults by number of the bulk request. */
export async function proxy(
  network: Network,
  port: number,
  plan: Readonly<Record<number, string | number>>,
): Promise<Proxy> {
  const script = join(root, 'test/live/servers/elasticsearch/proxy.ts')
  const words = [port, 9200, plan].map((word) => JSON.stringify(word))
  const running = start(network.server, [process.execPath, '--import', 'tsx', script, ...words])
  await until('the proxy to listen', async () => {
    if (!running.alive()) throw new Error(running.stderr())
    const probe = start(network.server, ['ss', '-Hltn', `sport = :${port}`])
    await probe.ended
    return probe.stdout() !== ''
  })
  const faults = () =>
    running
      .stdout()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  return { port, faults, stderr: running.stderr, stop: running.stop }
}
