import type { Socket } from 'node:net'
import { checkConnection, type Report } from '../check.js'
import { authority } from '../hosts.js'
import { dial, type Route, reasonOf } from './dial.js'

// A server that does not want us, such as one that asks for a certificate in TLS 1.3, says so behind the handshake.
const PATIENCE = 500

/** `test output` for a server that waits to be spoken to. `talk`: what is said to it. */
export async function checkServer(
  route: Route,
  report: Report,
  talk: (socket: Socket) => Promise<void> = stays,
): Promise<void> {
  const { host, tls, proxy } = route
  if (proxy === undefined) await checkConnection(host, tls, report)
  else report.info('proxy', authority(proxy))
  await report.step('talk to server', async () => {
    const socket = await dial(route, new AbortController().signal)
    try {
      await talk(socket)
    } finally {
      socket.destroy()
    }
  })
}

function stays(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, PATIENCE)
    const refuse = (reason: string) => {
      clearTimeout(timer)
      reject(new Error(reason))
    }
    socket.on('error', (error) => refuse(reasonOf(error)))
    // Read, or the end would never be seen.
    socket.on('data', () => undefined)
    socket.on('close', () => refuse('the server closed the connection'))
  })
}
