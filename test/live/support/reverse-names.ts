import { join } from 'node:path'
import { folder } from './folder.js'
import { type Network, write } from './network.js'
import { call, type Running, start, until } from './processes.js'

export interface NameServer {
  /** What the program asked for so far, by type and name; what clients asked is not in it. */
  asked(): string[]
  /** It neither answers nor refuses from now on, or answers again. */
  freeze(frozen: boolean): void
  stop(): Promise<number>
}

/** dnsmasq in the server's namespace: it knows both hosts and `names`, and nobody else. */
export async function reverseNames(
  network: Network,
  names: Readonly<Record<string, string>>,
): Promise<NameServer> {
  const home = folder()
  const hosts = write(
    join(home, 'hosts'),
    Object.entries(names)
      .map(([ip, name]) => `${ip} ${name}\n`)
      .join(''),
  )
  const words = ['--keep-in-foreground', '--no-resolv', '--no-hosts', `--addn-hosts=${hosts}`, '--local=/#/']
  const log = [
    '--log-queries=extra',
    '--log-facility=-',
    '--local-ttl=300',
    '--user=root',
    `--pid-file=${home}/pid`,
  ]
  const running: Running = start(network.server, ['dnsmasq', ...words, ...log, '--port=53'])
  await until('dnsmasq to listen', async () => {
    if (!running.alive()) throw new Error(`dnsmasq ended: ${running.stderr()}`)
    return (await call(network.server, ['ss', '-Hlun', 'sport = :53'])) !== ''
  })
  return {
    asked: () =>
      [...running.stderr().matchAll(/ query\[(\w+)\] (\S+) from (\S+)$/gm)]
        .filter(([, , , from]) => from === network.ip4)
        .map(([, type, name]) => `${type} ${name}`),
    freeze: (frozen) => running.signal(frozen ? 'SIGSTOP' : 'SIGCONT'),
    stop: () => {
      running.signal('SIGCONT')
      return running.stop()
    },
  }
}
