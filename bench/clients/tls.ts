// Handshakes, one after another on each of some connections: node --import tsx tls.ts HOST PORT COUNT
import { connect } from 'node:tls'

const [, , host = '', port = '', count = ''] = process.argv
const ABREAST = 16

let left = Number(count)

/** A handshake, and the session that the server gives. */
function handshake(version: 'TLSv1.2' | 'TLSv1.3', session?: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    let made: Buffer | undefined
    const socket = connect({
      host,
      port: Number(port),
      rejectUnauthorized: false,
      servername: 'shop.example',
      ALPNProtocols: ['http/1.1'],
      minVersion: version,
      maxVersion: version,
      ...(session && { session }),
    })
    socket.on('session', (each) => {
      made = each
    })
    socket.once('secureConnect', () => socket.end('GET / HTTP/1.0\r\n\r\n'))
    socket.once('error', reject)
    socket.once('close', () => resolve(made))
    socket.resume()
  })
}

async function worker(): Promise<void> {
  while (left > 0) {
    left -= 4
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) await handshake(version, await handshake(version))
  }
}

await Promise.all(Array.from({ length: ABREAST }, worker))
