// Records captures of test/traces with real servers and today's drivers, in a network namespace of its own.
//
//   node --import tsx scripts/record-traces.ts [PROTOCOL...]      without a name: all; needs root and tcpdump
//
// scripts/traces/PROTOCOL.ts says what is asked. Afterwards look at the events and keep them as the expected ones:
//
//   npm run build:lib && UPDATE=1 node --import tsx --test test/traces.test.ts && git diff test/traces
import { mkdirSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Network } from '../test/live/support/network.js'
import { record, type Talk } from '../test/live/support/record.js'

const scripts = join(import.meta.dirname, 'traces')
const traces = join(import.meta.dirname, '../test/traces')
const all = readdirSync(scripts)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'))

for (const protocol of process.argv.length > 2 ? process.argv.slice(2) : all) {
  // By the name of the capture: CLIENT-SERVER, or what is special about it.
  const { talks } = (await import(join(scripts, `${protocol}.ts`))) as { talks: Record<string, Talk> }
  mkdirSync(join(traces, protocol), { recursive: true })
  for (const [name, talk] of Object.entries(talks)) {
    const network = new Network(talk.link ?? 'lo')
    try {
      await talk.serve(network)
      const { packets } = await record(network, talk, join(traces, protocol, `${name}.pcap`))
      console.log(`${protocol}/${name}.pcap: ${packets} packets`)
    } finally {
      network.remove()
    }
  }
}
process.exit()
