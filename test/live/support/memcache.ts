import { join } from 'node:path'
import { folder } from './folder.js'
import { type Network, serve, write } from './network.js'
import { call } from './processes.js'

/** Where the server is asked what it counted: no capture looks at this port. */
const UNSEEN = 11212

export interface Memcached {
  /** How often the server did each thing since the last call, by its own count: cmd_get, get_hits ... */
  counted(): Promise<Record<string, number>>
}

/** A second server, where one must log in over the text protocol: as ann, with the password geheim. */
export const LOCKED = 11213

/** Starts memcached on TCP and UDP port 11211. */
export async function memcached(network: Network): Promise<Memcached> {
  const listen = ['0.0.0.0', '[::]'].flatMap((host) => [`-l`, `${host}:11211`])
  const unseen = ['-l', `127.0.0.1:${UNSEEN}`]
  const options = ['-u', 'root', '-m', '64', '-U', '11211', ...listen, ...unseen]
  await serve(network, ['memcached', ...options], UNSEEN)
  const users = write(join(folder(), 'users'), 'ann:geheim\n')
  await serve(network, ['memcached', '-u', 'root', '-U', '0', '-p', String(LOCKED), '-Y', users], LOCKED)
  let before: Record<string, number> = {}
  const counted = async () => {
    // Asked where the server is: the client's namespace may be another one.
    const text = await inside(network)
    const now = Object.fromEntries(
      [...text.matchAll(/^\s*STAT (\w+) (\d+)\s*$/gm)].map(([, name, value]) => [name, Number(value)]),
    ) as Record<string, number>
    const since = Object.fromEntries(
      Object.entries(now).map(([name, value]) => [name, value - (before[name] ?? 0)]),
    )
    before = now
    return since
  }
  return { counted }
}

const inside = ({ server }: Network): Promise<string> =>
  call(server, [
    'bash',
    '-c',
    `exec 3<>/dev/tcp/127.0.0.1/${UNSEEN}; printf 'stats\\r\\nquit\\r\\n' >&3; cat <&3`,
  ])
