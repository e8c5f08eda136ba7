import { renameSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Link, Network } from './network.js'
import { start, until } from './processes.js'

/** What a server is asked while it is recorded. */
export interface Talk {
  /** Of all packets, on one side at least. */
  port: number
  /** Left out, lo: where it can be, so that all packets are there and none twice. */
  link?: Link
  /** Starts the server in the network's namespace, and fills it with what is asked for. */
  serve(network: Network): Promise<void>
  /** What clients in the namespace say; answers how many transactions that was. */
  run(network: Network): Promise<number>
}

export interface Recorded {
  packets: number
  transactions: number
}

/** Records into `file` what is said on the server's port. @throws {Error} when packets were dropped */
export async function record(network: Network, { port, run }: Talk, file: string): Promise<Recorded> {
  const part = `${file}.part`
  const options = ['-i', network.device, '-s', '0', '-B', '300000', '-Z', 'root', '-w', part]
  const tcpdump = start(network.server, ['tcpdump', ...options, `port ${port}`])
  try {
    await until('tcpdump to listen', () => tcpdump.stderr().includes('listening on'))
    const transactions = await run(network)
    await sleep(2000) // until it has read its ring's last block
    tcpdump.signal('SIGINT')
    await tcpdump.ended
    const counts = [...tcpdump.stderr().matchAll(/^(\d+) packets/gm)].map(([, count]) => Number(count))
    const [packets = 0, , dropped = 0] = counts
    if (dropped > 0) throw new Error(`tcpdump dropped ${dropped} packets; try a quieter machine`)
    renameSync(part, file)
    return { packets, transactions }
  } finally {
    await tcpdump.stop()
    rmSync(part, { force: true })
  }
}
