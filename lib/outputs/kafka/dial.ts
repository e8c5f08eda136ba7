import { connect as dial, type Socket } from 'node:net'
import { type ConnectionOptions, connect as encrypt } from 'node:tls'
import { serverName } from '../check.js'
import { authority } from '../hosts.js'
import { withTrusted } from '../ssl/tls-options.js'

export interface Address {
  host: string
  port: number
}

export interface DialSettings {
  /** undefined: not encrypted. */
  tls: ConnectionOptions | undefined
  /** `ssl.ca_trusted_fingerprint`. */
  trusted: string | undefined
  /** Milliseconds for the connection to be there, and for each answer. */
  timeout: number
}

/** A socket that is connected, and encrypted where that is wanted. Rejects with one sentence. */
export async function connected(
  address: Address,
  { tls, trusted, timeout }: DialSettings,
  aborted?: AbortSignal,
): Promise<Socket> {
  try {
    aborted?.throwIfAborted()
    if (tls === undefined) return await opened(dial(address), 'connect', timeout, aborted)
    const options = await withTrusted(tls, trusted, address)
    const socket = encrypt({ ...options, ...serverName(address.host), ...address })
    return await opened(socket, 'secureConnect', timeout, aborted)
  } catch (error) {
    // Where a name has several addresses, the error of all of them has a code alone.
    const { message, code } = error as NodeJS.ErrnoException
    throw new Error(`${authority(address)}: ${message === '' ? code : message}`, { cause: error })
  }
}

function opened(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  timeout: number,
  aborted?: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => socket.destroy(new Error(`no connection within ${timeout / 1000} s`)),
      timeout,
    )
    const abort = () => socket.destroy(aborted?.reason as Error)
    aborted?.addEventListener('abort', abort)
    const settled = () => {
      clearTimeout(timer)
      aborted?.removeEventListener('abort', abort)
    }
    const failed = (error: Error) => {
      settled()
      reject(error)
    }
    socket.once('error', failed)
    socket.once('close', () => failed(new Error('the connection was closed')))
    socket.once(event, () => {
      settled()
      socket.removeAllListeners('error').removeAllListeners('close')
      resolve(socket)
    })
  })
}
