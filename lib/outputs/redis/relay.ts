import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Windows has names of its own for these, and Linux none that are longer than 107 bytes.
const place = async (): Promise<{ path: string; remove(): Promise<void> }> => {
  if (process.platform === 'win32')
    return {
      path: `\\\\.\\pipe\\packetbeat-${process.pid}-${performance.now()}`,
      remove: async () => undefined,
    }
  const folder = await mkdtemp(join(tmpdir(), 'packetbeat-redis-'))
  return { path: join(folder, 'proxy'), remove: () => rm(folder, { recursive: true, force: true }) }
}

/**
 * A socket in the file system that leads to where `socket` leads, for one connection: the client library opens its
 * connections itself, and so cannot be given one that goes through a proxy. Nobody else may open it.
 */
export async function relay(socket: Socket): Promise<string> {
  const { path, remove } = await place()
  const server = createServer((near) => {
    server.close()
    void remove()
    near.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    near.pipe(socket).pipe(near)
  })
  socket
    .on('error', () => undefined)
    .on('close', () => {
      server.close()
      void remove()
    })
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(path, listening))
  return path
}
