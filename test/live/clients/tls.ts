// What TLS clients of today do: node --import tsx tls.ts HOST FOLDER SCENARIO,... prints as JSON, for each connection in its
// order, what the client says of it. FOLDER is where support/tls.ts put the certificates.
import { spawn } from 'node:child_process'
import { constants } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { connect as dial, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { ports } from '../support/tls.js'

/** A connection; only what is given here is compared. */
export interface Done {
  /** The client's port, which tells its event. */
  port?: number
  established: boolean
  version?: string
  cipher?: string
  resumed?: boolean
  alpn?: string
  name?: string
  /** SHA-1 of the server's certificate; TLS 1.3 encrypts it. */
  certificate?: string
  /** Status of the OCSP response that came with the certificate. */
  staple?: string
  /** Part of `error.message`, or the type of an alert. */
  why?: string
}

const [, , host = '', home = '', names = ''] = process.argv
const done: Done[] = []
const read = (name: string) => readFileSync(join(home, name))

interface Options extends ConnectionOptions {
  requestOCSP?: boolean
  /** What the event is expected to say of a failure. */
  why?: string
  /** The client sees the handshake through, and is refused after it. */
  refusedLater?: boolean
}

/** Connects, says something and hears something; answers the session, for another connection. */
async function handshake(
  port: number,
  { why, refusedLater, ...options }: Options = {},
): Promise<Buffer | undefined> {
  const socket: TLSSocket = connect({
    host,
    port,
    rejectUnauthorized: false,
    servername: 'shop.example',
    ...options,
  })
  let session: Buffer | undefined
  socket.on('OCSPResponse', (response: Buffer | undefined) => {
    if (response) connection.staple = 'successful'
  })
  socket.on('session', (made) => {
    session = made
  })
  const connection: Done = { established: false, ...(why !== undefined && { why }) }
  done.push(connection)
  socket.once('connect', () => {
    connection.port = socket.localPort as number
  })
  await new Promise<void>((resolve) => {
    socket.once('secureConnect', () => {
      const version = socket.getProtocol() as string
      connection.established = !refusedLater
      connection.version = version.replace(/^TLSv(\d)$/, 'TLSv$1.0').slice(4)
      connection.cipher = socket.getCipher().standardName
      connection.resumed = socket.isSessionReused()
      if (options.servername !== '') connection.name = options.servername ?? 'shop.example'
      if (version !== 'TLSv1.3' && socket.alpnProtocol) connection.alpn = socket.alpnProtocol
      if (version !== 'TLSv1.3' && !connection.resumed)
        connection.certificate = socket.getPeerCertificate().fingerprint.replaceAll(':', '')
      socket.write('hello\n')
    })
    socket.once('data', () => socket.end())
    socket.once('error', () => resolve())
    socket.once('close', () => resolve())
  })
  return session
}

const identity = () => ({ cert: read('client.pem'), key: read('client.key') })
const only = (version: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') => ({
  minVersion: version,
  maxVersion: version,
})
const anything = 'ALL:@SECLEVEL=0'
const http = { ALPNProtocols: ['http/1.1'] }

/** A connection below TLS. */
async function plain(port: number, then: (socket: Socket) => unknown): Promise<void> {
  const socket = dial({ host, port })
  await new Promise((resolve) => socket.once('connect', resolve))
  await then(socket)
  socket.destroy()
}

/** Sends a ClientHello to the server that says nothing, and ends the connection some time later. */
async function unanswered(why: string, wait: number, end: (socket: Socket) => void): Promise<void> {
  const socket = dial({ host, port: ports.silent })
  await new Promise((resolve) => socket.once('connect', resolve))
  done.push({ established: false, port: socket.localPort as number, name: 'shop.example', why })
  connect({ socket, servername: 'shop.example' }).on('error', () => {})
  await sleep(wait)
  end(socket)
  await sleep(50)
}

// What is free below the ports that the system gives to clients.
let port = 20_000

/** A session of `openssl s_client`, which has early data. */
async function sClient(expected: Partial<Done>, ...words: string[]): Promise<void> {
  const mine = port++
  const at = ['-connect', `${host}:${ports.web}`, '-bind', `0.0.0.0:${mine}`, '-servername', 'shop.example']
  const child = spawn('openssl', ['s_client', ...at, '-ign_eof', ...words])
  child.stdin.on('error', () => {}) // it may have ended
  child.stdin.write('GET / HTTP/1.0\r\n\r\n')
  let said = ''
  child.stdout.on('data', (piece) => {
    said += piece
  })
  await new Promise((resolve) => child.once('close', resolve))
  done.push({ established: true, port: mine, name: 'shop.example', ...expected })
  if (words.includes('-early_data') && !said.includes('Early data was accepted')) throw new Error(said)
}

const scenarios: Record<string, () => Promise<unknown>> = {
  full12: () => handshake(ports.web, { ...only('TLSv1.2'), ...http }),
  full13: () => handshake(ports.web, { ...only('TLSv1.3'), ...http }),
  // Without tickets the session id is what comes back.
  async resumedById() {
    const without = { ...only('TLSv1.2'), ...http, secureOptions: constants.SSL_OP_NO_TICKET }
    const session = await handshake(ports.web, without)
    await handshake(ports.web, { ...without, ...(session && { session }) })
  },
  async resumed12() {
    const session = await handshake(ports.web, { ...only('TLSv1.2'), ...http })
    await handshake(ports.web, { ...only('TLSv1.2'), ...http, ...(session && { session }) })
  },
  async resumed13() {
    const session = await handshake(ports.web, { ...only('TLSv1.3'), ...http })
    await handshake(ports.web, { ...only('TLSv1.3'), ...http, ...(session && { session }) })
  },
  nameless: () => handshake(ports.web, { ...http, servername: '' }),
  old10: () => handshake(ports.old, { ...only('TLSv1'), ciphers: anything }),
  old11: () => handshake(ports.old, { ...only('TLSv1.1'), ciphers: anything }),
  retried: () => handshake(ports.retry, { ecdhCurve: 'X25519:P-384' }),
  mutual12: () => handshake(ports.mutual, { ...identity(), requestOCSP: true }),
  mutual13: () => handshake(ports.mutual13, identity()),
  unknownClient12: () => handshake(ports.mutual, { why: 'handshake_failure' }),
  unknownClient13: () => handshake(ports.mutual13, { why: 'encrypted alert', refusedLater: true }),
  wrongVersion: () => handshake(ports.retry, { ...only('TLSv1.2'), why: 'protocol_version' }),
  noSharedCipher: () =>
    handshake(ports.old, { ...only('TLSv1.1'), ciphers: 'AES128-SHA:@SECLEVEL=0', why: 'handshake_failure' }),
  unknownCa12: () =>
    sClient(
      { established: false, why: 'unknown_ca' },
      '-tls1_2',
      '-verify_return_error',
      '-no-CAfile',
      '-no-CApath',
    ),
  // OpenSSL sends it before it has taken its keys into use, so it is in the clear.
  unknownCa13: () =>
    sClient(
      { established: false, why: 'unknown_ca' },
      '-tls1_3',
      '-verify_return_error',
      '-no-CAfile',
      '-no-CApath',
    ),
  reset: () => unanswered('reset', 100, (socket) => socket.resetAndDestroy()),
  noAnswer: () => unanswered('transaction_timeout', 1700, (socket) => socket.destroy()),
  async early() {
    const session = join(mkdtempSync(join(tmpdir(), 'tls-')), 'session')
    writeFileSync(`${session}.request`, 'GET /early HTTP/1.0\r\n\r\n')
    await sClient({ version: '1.3', resumed: false }, '-tls1_3', '-sess_out', session)
    await sClient(
      { version: '1.3', resumed: true },
      ...['-tls1_3', '-sess_in', session, '-early_data', `${session}.request`],
    )
  },
  // No event: it is not TLS.
  plainHttp: () =>
    plain(ports.plain, async (socket) => {
      socket.write('GET / HTTP/1.0\r\n\r\n')
      await new Promise((resolve) => socket.once('data', resolve))
    }),
  httpToTls: () =>
    plain(ports.web, async (socket) => {
      socket.write('GET / HTTP/1.0\r\n\r\n')
      await new Promise((resolve) => socket.once('data', resolve))
    }),
}

for (const name of names.split(',')) {
  const scenario = scenarios[name]
  if (scenario === undefined) throw new Error(`there is no ${name}`)
  await scenario()
}
console.log(JSON.stringify(done))
process.exit()
