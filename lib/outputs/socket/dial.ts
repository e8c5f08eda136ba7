import { lookup } from 'node:dns/promises'
import { connect as open, type Socket } from 'node:net'
import { type ConnectionOptions, connect as encrypt } from 'node:tls'
import { serverName } from '../check.js'
import { authority, type Host } from '../hosts.js'
import { withTrusted } from '../ssl/tls-options.js'
import { exported } from './common-js.js'
import type { SocksProxy } from './proxy.js'

/** How to reach a server. */
export interface Route {
  host: Pick<Host, 'host' | 'port'>
  /** undefined: the connection is not encrypted. */
  tls: ConnectionOptions | undefined
  /** `ssl.ca_trusted_fingerprint`. */
  fingerprint?: string | undefined
  proxy: SocksProxy | undefined
  /** Milliseconds, for each step of making a connection. */
  timeout: number
}

// Notices a server that vanished without a word. Milliseconds.
const KEEP_ALIVE = 15_000

/** Opens a connection: TCP, through the proxy if there is one, and TLS. Rejects with a sentence; leaves nothing open. */
export async function dial(route: Route, signal: AbortSignal): Promise<Socket> {
  const { tls, fingerprint, host } = route
  const plain = await reach(route, signal)
  if (tls === undefined) return plain
  let options: ConnectionOptions
  try {
    // The certificates are asked for over a connection of their own, which goes the same way.
    options =
      fingerprint === undefined
        ? tls
        : await withTrusted(
            { ...tls, ...serverName(host.host), socket: await reach(route, signal) },
            fingerprint,
            host,
          )
  } catch (cause) {
    plain.destroy()
    throw unreachable(route, cause)
  }
  const secure = encrypt({ ...options, ...serverName(host.host), host: host.host, socket: plain })
  return settled(secure, 'secureConnect', route, signal)
}

/** The connection before TLS. */
export async function reach(route: Route, signal: AbortSignal): Promise<Socket> {
  const { host, proxy } = route
  const first = proxy ?? host
  const socket = open({
    host: first.host,
    port: first.port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE,
  })
  await settled(socket, 'connect', route, signal)
  if (proxy === undefined) return socket
  try {
    const { address } = proxy.resolves ? { address: host.host } : await lookup(host.host)
    const { SocksClient } = exported(await import('socks'), 'SocksClient')
    const { userId, password } = proxy
    await SocksClient.createConnection({
      proxy: {
        host: proxy.host,
        port: proxy.port,
        type: 5,
        ...(userId !== undefined && { userId, password: password ?? '' }),
      },
      command: 'connect',
      destination: { host: address, port: host.port },
      timeout: route.timeout,
      existing_socket: socket,
    })
    signal.throwIfAborted()
    return socket
  } catch (cause) {
    socket.destroy()
    throw unreachable(route, cause)
  }
}

/** Resolves with the socket when `event` comes; otherwise it is destroyed. */
function settled<S extends Socket>(socket: S, event: string, route: Route, signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const aborted = () => socket.destroy(new Error('the run has ended'))
    const slow = () => socket.destroy(new Error(`no answer in ${route.timeout / 1000} s`))
    const clear = () => {
      socket.off('error', failed).off('close', closed).off(event, done).off('timeout', slow).setTimeout(0)
      signal.removeEventListener('abort', aborted)
    }
    const failed = (cause: Error) => {
      clear()
      // What comes after the first error has nobody to hear it.
      socket.on('error', () => undefined).destroy()
      reject(unreachable(route, cause))
    }
    const closed = () => failed(new Error('the connection was closed'))
    const done = () => {
      clear()
      resolve(socket)
    }
    socket.once('error', failed).once('close', closed).once(event, done)
    socket.setTimeout(route.timeout, slow)
    signal.addEventListener('abort', aborted)
    if (signal.aborted) aborted()
  })
}

function unreachable({ host, proxy }: Route, cause: unknown): Error {
  const through = proxy === undefined ? '' : ` through the proxy ${authority(proxy)}`
  return new Error(`cannot connect to ${authority(host)}${through}: ${reasonOf(cause)}`, { cause })
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'no answer',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name server does not answer',
}

/** What became of a connection, in words. */
export function reasonOf(error: unknown): string {
  const {
    code = '',
    message,
    errors,
    reason,
  } = error as NodeJS.ErrnoException & {
    errors?: unknown[]
    reason?: unknown
  }
  // A name with several addresses, none of which answered.
  if (Array.isArray(errors) && errors.length > 0) return reasonOf(errors[0])
  // Of OpenSSL, whose messages have the place in its source, too.
  if (typeof reason === 'string' && code.startsWith('ERR_SSL_')) return `TLS failed: ${reason}`
  return reasons[code] ?? message
}
