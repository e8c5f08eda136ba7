import { spawnSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Done } from '../clients/thrift.js'
import { cached, run } from './cache.js'
import { folder } from './folder.js'
import { path, root } from './needs.js'
import { type Network, serve } from './network.js'

const servers = join(root, 'test/live/servers')

/** The interface file of what is served. */
export const idl = join(servers, 'thrift/shop.thrift')

/** Makes of the interface files what clients and servers in a language need; returns the folder. */
export function generated(language: 'js:node' | 'py' = 'js:node'): string {
  const into = folder()
  const words = ['-r', '--gen', language, '-out', into, idl]
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

/** The library for Python, which has headers, in an environment of its own. Serves on a port; calls as many ways as asked. */
export async function withHeaders(network: Network, port: number) {
  const environment = await pythonThrift()
  const script = join(root, 'test/live/clients/thrift_header.py')
  const command = [join(environment, 'bin/python3'), script, generated('py')]
  await serve(network, [...command, 'serve', String(port)], port)
  return async (written: 'binary' | 'compact', compressed: 'plain' | 'zlib'): Promise<Done[]> =>
    JSON.parse(await network.ask([...command, network.ip4, String(port), written, compressed]))
}

/** The library for Python in an environment of its own; installed once. */
export const pythonThrift = () =>
  cached('python-thrift', async (into) => {
    await run('python3', '-m', 'venv', into)
    // The folder is renamed afterwards, which its other programs do not survive.
    await run(join(into, 'bin/python3'), '-m', 'pip', 'install', '-q', 'thrift==0.22.0')
  })
