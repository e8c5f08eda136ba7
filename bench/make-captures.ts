// Makes benchmark captures of servers that ../shared/performance has none of: the real server of the live tests under a
// load of many transactions, recorded on a loopback device of its own.
//
//   node --import tsx bench/make-captures.ts DIR [name...]         without a name: all; needs root and tcpdump
//
// Writes DIR/NAME.pcap, and what is in it into DIR/NAME.json.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Network } from '../test/live/support/network.js'
import { record, type Talk } from '../test/live/support/record.js'

const loads = join(import.meta.dirname, 'loads')

/** What there is a load for: a file each, which exports a `Talk` of some 150,000 transactions as `load`. */
export const names: readonly string[] = readdirSync(loads)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'))

async function make(directory: string, name: string): Promise<void> {
  const { load } = (await import(join(loads, `${name}.ts`))) as { load: Talk }
  const network = new Network('lo')
  try {
    await load.serve(network)
    const file = `${name}.pcap`
    const { packets, transactions } = await record(network, load, join(directory, file))
    const made = { file, packets, transactions, at_most: transactions }
    writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(made)}\n`)
    console.log(`${name}: ${packets} packets, ${transactions} transactions`)
  } finally {
    network.remove()
  }
}

if (import.meta.filename === process.argv[1]) {
  const [directory, ...wanted] = process.argv.slice(2)
  if (directory === undefined) throw new Error('usage: make-captures.ts DIR [name...]')
  mkdirSync(directory, { recursive: true })
  for (const name of wanted.length > 0 ? wanted : names) await make(directory, name)
  process.exit()
}
