import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Windows has names of its own for these, and Linux none that are longer than 107 bytes.
const place = (): { path: string; remove(): void } => {
  if (process.platform === 'win32')
    return {
      path: `\\\\.\\pipe\\packetbeat-${process.pid}-${performance.now()}`,
      remove: () => undefined,
    }
  const folder = mkdtempSync(join(tmpdir(), 'packetbeat-redis-'))
  return { path: join(folder, 'proxy'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/**
 * A socket in the file system that leads to where `socket` leads, for one connection: the client library opens its
 * connections itself, and so cannot be given one that goes through a proxy. Nobody else may open it.
 */
export async function relay(socket: Socket): Promise<string> {
  const { path, remove } = place()
  const server = createServer((near) => {
    server.close()
    remove()
    near.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    near.pipe(socket).pipe(near)
  })
  socket
    .on('error', () => undefined)
    .on('close', () => {
      server.close()
      remove()
    })
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(path, listening))
  return path
}
