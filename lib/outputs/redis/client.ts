import type { RedisClientOptions } from '@redis/client'
import { serverName } from '../check.js'
import { authority } from '../hosts.js'
import { exported } from '../socket/common-js.js'
import { type Route, reach } from '../socket/dial.js'
import { withTrusted } from '../ssl/tls-options.js'
import { relay } from './relay.js'
import { translated } from './server-errors.js'

export interface Login {
  username: string | undefined
  password: string | undefined
  /** The number of the database. */
  db: number
}

type SocketOptions = NonNullable<RedisClientOptions['socket']>

/** A connection to Redis that is made once: it neither connects again nor keeps what cannot be sent. */
export interface RedisConnection {
  readonly usable: boolean
  /** Rejects with a `Refusal` of the server, or when the connection ends. */
  command(words: readonly (string | Buffer)[]): Promise<unknown>
  destroy(): void
}

/** @throws {Error} a sentence that says what is wrong. */
export async function connect(route: Route, login: Login, signal: AbortSignal): Promise<RedisConnection> {
  const library = exported(await import('@redis/client'), 'createClient')
  const socket = await socketOptions(route, signal)
  const { username, password, db } = login
  const client = library.createClient({
    socket: { ...socket, connectTimeout: route.timeout, reconnectStrategy: false },
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    database: db,
    // As all servers speak it.
    RESP: 2,
    disableOfflineQueue: true,
    // A timer for each command costs more than all else; the lane has one for all of them.
    commandOptions: { timeout: 0 },
    disableClientInfo: true,
    maintNotifications: 'disabled',
  })
  const destroy = () => {
    signal.removeEventListener('abort', destroy)
    if (client.isOpen) client.destroy()
  }
  // Such as an answer that nobody asked for, or that is not of the protocol: those to come would be taken for others.
  client.on('error', destroy)
  signal.addEventListener('abort', destroy)
  try {
    // What the server has against us it says now, rather than in the middle of many events: an answer to `PING` is
    // refused without a password, too.
    const greeted = client.connect().then(() => client.sendCommand(['PING']))
    await within(greeted, route.timeout, signal)
  } catch (cause) {
    destroy()
    throw new Error(`cannot connect to ${authority(route.host)}: ${translated(cause, library).message}`, {
      cause,
    })
  }
  return {
    get usable() {
      return client.isReady
    },
    command: (words) =>
      client.sendCommand(words).catch((error: unknown) => {
        throw translated(error, library)
      }),
    destroy,
  }
}

async function socketOptions(route: Route, signal: AbortSignal): Promise<SocketOptions> {
  const { tls, fingerprint, host, proxy } = route
  if (tls !== undefined) {
    const way = { ...tls, ...serverName(host.host), host: host.host }
    const trusting =
      fingerprint === undefined
        ? way
        : await withTrusted({ ...way, socket: await reach(route, signal) }, fingerprint, host)
    return { ...trusting, socket: await reach(route, signal), tls: true } as SocketOptions
  }
  if (proxy !== undefined) return { path: await relay(await reach(route, signal)), tls: false }
  return { host: host.host, port: host.port, tls: false }
}

/** Rejects when that takes longer than so many milliseconds, or when the run ends. */
function within(work: Promise<unknown>, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error('the run has ended'))
    const timer = setTimeout(() => reject(new Error(`no answer in ${milliseconds / 1000} s`)), milliseconds)
    if (signal.aborted) end()
    signal.addEventListener('abort', end)
    work
      .then(() => resolve(), reject)
      .finally(() => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
      })
  })
}
