import { join } from 'node:path'
import { folder } from './folder.js'
import type { Network } from './network.js'
import { call, type Running, start, until } from './processes.js'

export interface RedisServer {
  port: number
  running: Running
  /** Runs redis-cli; what it prints. */
  cli(...words: string[]): Promise<string>
  /** What a list has. */
  list(key: string, db?: number): Promise<string[]>
}

const local = '127.0.0.1'

/** Starts a server; `options` are more of its own. The tests ask it over a socket of its own, `login` as who may. */
export async function redisServer(
  network: Network,
  port: number,
  options: readonly string[] = [],
  login: readonly string[] = [],
): Promise<RedisServer> {
  const home = folder()
  const socket = join(home, 'redis')
  const usual = ['--save', '', '--protected-mode', 'no', '--unixsocket', socket, '--dir', home]
  const listening = options.includes('--tls-port') ? [] : ['--port', String(port), '--bind', local]
  const running = start(network.server, ['redis-server', ...listening, ...usual, ...options])
  const cli = (...words: string[]) => call(network.server, ['redis-cli', '-s', socket, ...login, ...words])
  await until(`a Redis on port ${port}`, async () => {
    if (!running.alive()) throw new Error(`the Redis ended: ${running.stdout()}`)
    return (await call(network.server, ['ss', '-Hltn', `sport = :${port}`])) !== ''
  })
  const list = async (key: string, db = 0) =>
    (await cli('-n', String(db), '--raw', 'LRANGE', key, '0', '-1')).split('\n').filter((line) => line !== '')
  return { port, running, cli, list }
}
