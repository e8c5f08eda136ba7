// Makes benchmark captures of servers that ../shared/performance has none of: the real server of the live tests under a
// load of many transactions, recorded on a loopback device of its own.
//
//   node --import tsx bench/make-captures.ts DIR [name...]         without a name: all; needs root and tcpdump
//
// Writes DIR/NAME.pcap, and what is in it into DIR/NAME.json.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Network } from '../test/live/support/network.js'
import { start, until } from '../test/live/support/processes.js'

/** What a file in loads/ exports as `load`. */
export interface Load {
  port: number
  /** Starts the server in the network's namespace, and fills it with what the load asks for. */
  serve(network: Network): Promise<void>
  /** Some 150,000 transactions from clients in the namespace; answers how many events they must give. */
  run(network: Network): Promise<number>
}

const loads = join(import.meta.dirname, 'loads')
export const names = readdirSync(loads)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'))

async function make(directory: string, name: string): Promise<void> {
  const { load } = (await import(join(loads, `${name}.ts`))) as { load: Load }
  const network = new Network('lo')
  const part = join(directory, `${name}.pcap.part`)
  try {
    await load.serve(network)
    const options = ['-i', 'lo', '-s', '0', '-B', '300000', '-Z', 'root', '-w', part]
    const tcpdump = start(network.server, ['tcpdump', ...options, `port ${load.port}`])
    await until('tcpdump to listen', () => tcpdump.stderr().includes('listening on'))
    const transactions = await load.run(network)
    await sleep(2000) // until it has read its ring's last block
    tcpdump.signal('SIGINT')
    await tcpdump.ended
    const [packets = 0, , dropped = 0] = [...tcpdump.stderr().matchAll(/^(\d+) packets/gm)].map(([, count]) =>
      Number(count),
    )
    if (dropped > 0) throw new Error(`${name}: tcpdump dropped ${dropped} packets; try a quieter machine`)
    renameSync(part, join(directory, `${name}.pcap`))
    const made = { file: `${name}.pcap`, packets, transactions, at_most: transactions }
    writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(made)}\n`)
    console.log(`${name}: ${packets} packets, ${transactions} transactions`)
  } finally {
    network.remove()
    execFileSync('rm', ['-f', part])
  }
}

if (import.meta.filename === process.argv[1]) {
  const [directory, ...wanted] = process.argv.slice(2)
  if (directory === undefined) throw new Error('usage: make-captures.ts DIR [name...]')
  mkdirSync(directory, { recursive: true })
  for (const name of wanted.length > 0 ? wanted : names) await make(directory, name)
  process.exit()
}
