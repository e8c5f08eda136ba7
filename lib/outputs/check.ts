import { lookup } from 'node:dns/promises'
import { connect as dial, type Socket } from 'node:net'
import { type ConnectionOptions, connect as encrypt, type TLSSocket } from 'node:tls'
import type { Host } from './hosts.js'

/** Where `test output` tells what it does. */
export interface Report {
  /**
   * A step that is OK when `work` resolves and an ERROR when it rejects, which rejects this too. Steps within are told
   * below it; a step without any has its answer behind its name.
   */
  step<T>(name: string, work: (within: Report) => Promise<T>): Promise<T>
  /** Something found out. */
  info(name: string, value: string): void
  /** Something that works, and should be known. */
  warn(name: string, why: string): void
}

const TIMEOUT = 10_000

/** The steps that all connections begin with. `tls`: how it is encrypted; undefined: it is not. */
export async function checkConnection(
  { host, port }: Pick<Host, 'host' | 'port'>,
  tls: ConnectionOptions | undefined,
  report: Report,
): Promise<void> {
  const socket = await report.step('connection', async (within) => {
    await within.step('parse host', async () => undefined)
    const addresses = await within.step('dns lookup', () => lookup(host, { all: true }))
    within.info('addresses', addresses.map(({ address }) => address).join(', '))
    return within.step('dial up', () => connected(dial({ host, port })))
  })
  try {
    if (tls === undefined) report.warn('TLS', 'the connection is not encrypted')
    else
      await report.step('TLS', async (within) => {
        if (tls.rejectUnauthorized === false)
          within.warn('security', 'the certificate of the server is not verified')
        else within.info('security', 'the certificate of the server is verified')
        const secure = await within.step('handshake', () => handshake(socket, host, tls))
        within.info('TLS version', secure.getProtocol() ?? 'unknown')
        within.info('cipher', secure.getCipher().name)
        secure.destroy()
      })
  } finally {
    socket.destroy()
  }
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(TIMEOUT, () => socket.destroy(new Error(`no answer in ${TIMEOUT / 1000} s`)))
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.setTimeout(0)
      resolve(socket)
    })
  })
}

function handshake(socket: Socket, host: string, tls: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secure = encrypt({ ...tls, ...serverName(host), socket, host }, () => resolve(secure))
    secure.setTimeout(TIMEOUT, () => secure.destroy(new Error(`no answer in ${TIMEOUT / 1000} s`)))
    secure.once('error', reject)
  })
}

/** The name to ask for in the handshake; addresses are none (RFC 6066 §3). */
export const serverName = (host: string): { servername?: string } =>
  /^[\d.]+$/.test(host) || host.includes(':') ? {} : { servername: host }
