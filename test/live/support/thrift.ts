import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from './folder.js'
import { path, root } from './needs.js'
import { type Network, serve } from './network.js'

const servers = join(root, 'test/live/servers')

/** The interface file of what is served. */
export const idl = join(servers, 'thrift/shop.thrift')

/** Makes of the interface files what clients and servers need; returns the folder. */
export function generated(): string {
  const into = folder()
  const words = ['-r', '--gen', 'js:node', '-out', into, idl]
  const { status, stderr } = spawnSync('thrift', words, {
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  })
  if (status !== 0) throw new Error(`thrift: ${stderr}`)
  // What it makes looks for the library beside it.
  symlinkSync(join(root, 'node_modules'), join(into, 'node_modules'))
  return into
}

/** Starts a server for each of `PORT:TRANSPORT:PROTOCOL`; see servers/thrift.ts. */
export async function thrift(network: Network, code: string, ...served: string[]): Promise<void> {
  const script = join(servers, 'thrift.ts')
  const command = [process.execPath, '--import', 'tsx', script, code, ...served]
  await serve(network, command, Number.parseInt(served.at(-1) ?? '', 10))
}
