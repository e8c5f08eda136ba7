import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { cached, run } from './cache.js'
import { root } from './needs.js'
import type { Network } from './network.js'
import { call, type Running, start, until } from './processes.js'

const source = join(root, 'test/live/servers/lumberjack')

/** The receiver of elastic/go-lumber; built once. */
export const receiver = async (): Promise<string> =>
  join(
    await cached('lumberjack-1', async (into) => {
      cpSync(source, into, { recursive: true })
      await run('go', 'build', '-C', into, '-o', join(into, 'lumberjack'), '.')
    }),
    'lumberjack',
  )

export interface Receiver {
  running: Running
  /** Events of each batch, as the text that came. */
  batches(): string[][]
  /** Ends it; all events that came, in their order. */
  stop(): Promise<string[]>
}

/** Starts a receiver; `flags` are those of servers/lumberjack/main.go. */
export async function lumberjack(network: Network, port: number, ...flags: string[]): Promise<Receiver> {
  const running = start(network.server, [await receiver(), '-l', `${network.ip4}:${port}`, ...flags])
  await until(`a receiver on port ${port}`, async () => {
    if (!running.alive()) throw new Error(`the receiver ended: ${running.stderr()}`)
    return (await call(network.server, ['ss', '-Hltn', `sport = :${port}`])) !== ''
  })
  const batches = () => batchesOf(running.stdout())
  const stop = async () => {
    await running.stop()
    return batches().flat()
  }
  return { running, batches, stop }
}

// Whatever JSON.stringify would make of them, events are compared as they came.
const batchesOf = (text: string): string[][] =>
  text
    .split('\n')
    // What a killed receiver was writing it did not acknowledge.
    .slice(0, -1)
    .map((line) => (JSON.parse(line).events as unknown[]).map((event) => JSON.stringify(event)))
