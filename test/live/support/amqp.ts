import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from './folder.js'
import { root } from './needs.js'
import { type Network, write } from './network.js'
import { call, start, until } from './processes.js'

export const PORT = 5672

// Erlang and RabbitMQ start at their leisure, on a machine with others all the more.
const START = 60_000

/** Starts RabbitMQ, with all that it keeps and all its ports in the network's namespace. */
export async function rabbitmq(network: Network): Promise<void> {
  const home = folder()
  const inside = (name: string) => join(home, name)
  for (const name of ['data', 'log']) mkdirSync(inside(name))
  const cookie = write(inside('.erlang.cookie'), randomBytes(16).toString('hex'))
  chmodSync(cookie, 0o400)
  const config = [
    `listeners.tcp.1 = ${network.ip4}:${PORT}`,
    'loopback_users = none',
    'log.console = true',
    'log.console.level = error',
    'log.file = false',
  ]
  const environment = {
    HOME: home,
    RABBITMQ_CONFIG_FILE: write(inside('rabbitmq.conf'), `${config.join('\n')}\n`),
    RABBITMQ_ENABLED_PLUGINS_FILE: write(inside('plugins'), '[].\n'),
    RABBITMQ_MNESIA_BASE: inside('data'),
    RABBITMQ_LOG_BASE: inside('log'),
    RABBITMQ_PID_FILE: inside('pid'),
    RABBITMQ_NODENAME: 'live@localhost',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 2:2 -kernel inet_dist_use_interface {127,0,0,1}',
  }
  const running = start(network.server, [
    'env',
    ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    '/usr/lib/rabbitmq/bin/rabbitmq-server',
  ])
  await until(
    'RabbitMQ to listen',
    async () => {
      if (!running.alive()) throw new Error(`RabbitMQ ended: ${running.stderr()}${running.stdout()}`)
      return (await call(network.server, ['ss', '-Hltn', `sport = :${PORT}`])) !== ''
    },
    START,
  )
}

/** What a client did. `scenarios`: those of clients/amqp.ts. */
export async function amqplib<Done>(network: Network, ...scenarios: string[]): Promise<Done[]> {
  const script = join(root, 'test/live/clients/amqp.ts')
  return JSON.parse(
    await network.ask([process.execPath, '--import', 'tsx', script, network.ip4, ...scenarios]),
  )
}
