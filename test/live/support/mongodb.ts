import { join } from 'node:path'
import { jars } from './cache.js'
import { root } from './needs.js'
import { type Network, serve } from './network.js'

const source = join(root, 'test/live/servers/mongodb')

export const PORT = 27017

/** What it runs on; a folder for each version. */
export const mongodbJars = () => jars('mongo-java-server-1.47.0', join(source, 'pom.xml'))

/** A server that speaks MongoDB's protocol, made from ../servers/mongodb; the first time Maven fetches what it needs. */
export async function mongodb(network: Network, port = PORT): Promise<void> {
  const libraries = await mongodbJars()
  const memory = ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
  const command = ['java', ...memory, '-cp', `${libraries}/*`, join(source, 'Server.java'), String(port)]
  await serve(network, command, port)
}

/** A relay that compresses what the driver and the server on port `to` say; see ../servers/mongodb/relay.ts. */
export const compressing = (network: Network, port: number, to: number): Promise<void> =>
  serve(
    network,
    [process.execPath, '--import', 'tsx', join(source, 'relay.ts'), String(port), String(to)],
    port,
  )
