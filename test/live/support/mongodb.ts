import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { path, root } from './needs.js'
import { type Network, serve } from './network.js'

const source = join(root, 'test/live/servers/mongodb')

export const PORT = 27017

/** A server that speaks MongoDB's protocol, made from ../servers/mongodb; the first time Maven fetches what it needs. */
export async function mongodb(network: Network, port = PORT): Promise<void> {
  const memory = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
  const command = ['java', ...memory, '-cp', `${libraries()}/*`, join(source, 'Server.java'), String(port)]
  await serve(network, command, port)
}

/** Its libraries, in a folder of the user's cache; one for each version. */
function libraries(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  const folder = join(cache, 'packetbeat-native', 'mongo-java-server-1.47.0')
  if (existsSync(folder)) return folder
  // Under its name only when it is complete, so that nobody finds half of it.
  const part = `${folder}.${process.pid}`
  mkdirSync(part, { recursive: true })
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${part}`]
  try {
    execFileSync('mvn', ['-q', '-B', '-f', join(source, 'pom.xml'), ...goal], {
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (!existsSync(folder)) renameSync(part, folder)
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
  return folder
}

/** A relay that compresses what the driver and the server on port `to` say; see ../servers/mongodb/relay.ts. */
export const compressing = (network: Network, port: number, to: number): Promise<void> =>
  serve(
    network,
    [process.execPath, '--import', 'tsx', join(source, 'relay.ts'), String(port), String(to)],
    port,
  )
