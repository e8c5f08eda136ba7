import { connect } from 'node:net'
import { FakeServer } from './fake-server.js'

/** A SOCKS5 proxy (RFC 1928, 1929), which notes where it was asked to lead and as whom. All names lead to this machine. */
export async function socksServer(asked: { to: string; user: string }[]): Promise<FakeServer> {
  return FakeServer.start((client) => {
    let user = ''
    let step = 'greeting'
    client.on('data', function read(bytes: Buffer) {
      if (step === 'greeting') {
        const wantsLogin = bytes.subarray(2).includes(2)
        step = wantsLogin ? 'login' : 'request'
        client.write(Buffer.of(5, wantsLogin ? 2 : 0))
      } else if (step === 'login') {
        const length = bytes[1] as number
        const rest = bytes.subarray(2 + length)
        user = `${bytes.subarray(2, 2 + length)}:${rest.subarray(1, 1 + (rest[0] as number))}`
        step = 'request'
        client.write(Buffer.of(1, 0))
      } else {
        const isName = bytes[3] === 3
        const host = isName
          ? bytes.toString('latin1', 5, 5 + (bytes[4] as number))
          : bytes.subarray(4, 8).join('.')
        const port = bytes.readUInt16BE(isName ? 5 + (bytes[4] as number) : 8)
        asked.push({ to: `${host}:${port}`, user })
        client.off('data', read)
        const server = connect(port, '127.0.0.1', () => {
          client.write(Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0))
          client.pipe(server).pipe(client)
        })
        // As a refusal of the server: RFC 1928 section 6.
        server.on('error', () => client.end(Buffer.of(5, 5, 0, 1, 0, 0, 0, 0, 0, 0)))
        server.on('close', () => client.destroy())
        client.on('close', () => server.destroy())
      }
    })
  })
}
