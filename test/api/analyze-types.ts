// Not run: `npx tsc` says whether what is right compiles and what is wrong does not; analyze-package.test.ts says the same of the
// package.
import {
  type AnalyzeOptions,
  analyze,
  type Configuration,
  type Event,
  type EventTypes,
} from '../../lib/index.js'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <_ extends true>(): void => {}

export async function reads(): Promise<void> {
  for await (const event of analyze({ file: 'x.pcap' })) {
    const time: string = event['@timestamp']
    const category: string[] = event.event.category
    if (event.type === 'http') {
      const status: number | undefined = event.http?.response?.status_code
      const words: 'OK' | 'Error' | 'Client Error' | 'Server Error' | 'NO_REPLY' = event.status
      const bytes: number | undefined = event.source.bytes
      // @ts-expect-error: it may be missing
      event.http.response.status_code.toFixed()
      // @ts-expect-error: no such field
      void event.http?.respons
      // @ts-expect-error: a field of another protocol
      void event.dns
      // @ts-expect-error: no such word
      void (event.status === 'Ok')
      void [status, words, bytes]
    } else if (event.type === 'flow') {
      const final: boolean = event.flow.final
      const ips: string | string[] | undefined = event.source?.ip
      // @ts-expect-error: flows have none
      void event.status
      void [final, ips]
    } else if (event.type === 'mysql') {
      holds<Same<NonNullable<typeof event.mysql>['insert_id'], number | string | undefined>>()
    }
    // @ts-expect-error: no such type
    if (event.type === 'htp') return
    void [time, category]
  }
  for await (const batch of analyze({ device: 'eth0' }).batches()) {
    const events: Event[] = batch
    void events
  }
}

holds<Same<Event, EventTypes[keyof EventTypes]>>()
holds<Same<Event['type'], keyof EventTypes>>()

const signal = AbortSignal.timeout(1)
const right: AnalyzeOptions[] = [
  {},
  { file: 'x', signal, log: console },
  { device: 'any', protocols: ['http', { type: 'redis', ports: [6380], transaction_timeout: '5s' }] },
  {
    file: 'x',
    flows: false,
    processors: { drop_event: { when: { equals: { 'http.request.method': 'GET' } } } },
  },
  { file: 'x', flows: { period: '-1s' }, processors: [{ add_tags: { tags: ['a'] } }, { drop_event: null }] },
  { configFile: ['a.yml', 'b.yml'], configuration: { packetbeat: { interfaces: { device: 'eth0' } } } },
  { file: 'x', configuration: { packetbeat: { protocols: [{ type: 'dns', include_authorities: true }] } } },
]

const wrong: AnalyzeOptions[] = [
  // @ts-expect-error: one of both
  { file: 'x', device: 'y' },
  // @ts-expect-error: a misspelt option
  { fil: 'x' },
  // @ts-expect-error: a number is no path
  { file: 1 },
  // @ts-expect-error: no such protocol
  { file: 'x', protocols: ['htp'] },
  // @ts-expect-error: no option of this protocol
  { file: 'x', protocols: [{ type: 'dns', send_headers: true }] },
  // @ts-expect-error: an entry without its type
  { file: 'x', protocols: [{ ports: [80] }] },
  // @ts-expect-error: no option of flows
  { file: 'x', flows: { periode: '1s' } },
  // @ts-expect-error: no such processor
  { file: 'x', processors: [{ add_feilds: {} }] },
  // @ts-expect-error: no option of a condition
  { file: 'x', processors: [{ drop_event: { when: { equal: { a: 1 } } } }] },
  // @ts-expect-error: a controller is no signal
  { file: 'x', signal: new AbortController() },
]

const configurations: Configuration[] = [
  { packetbeat: { procs: { enabled: true, monitored: [{ process: 'a', cmdline_grep: 'b' }] } } },
  { output: { elasticsearch: { hosts: 'localhost:9200', ssl: { verification_mode: 'none' } } } },
  // @ts-expect-error: no such section
  { packetbeats: {} },
  // @ts-expect-error: no such precision
  { timestamp: { precision: 'seconds' } },
  // @ts-expect-error: needs both
  { packetbeat: { procs: { monitored: { process: 'a' } } } },
  // @ts-expect-error: no such output
  { output: { elastic: {} } },
]

export const checked = [right, wrong, configurations]
