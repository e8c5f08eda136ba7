// What test/traces/mongodb is recorded of: today's driver, plain and compressed.
import { join } from 'node:path'
import { compressing, mongodb, PORT } from '../../test/live/support/mongodb.js'
import type { Talk } from '../../test/live/support/record.js'

const client = join(import.meta.dirname, '../../test/live/clients/mongodb.ts')

const talk = (serve: Talk['serve'], ...compressor: string[]): Talk => ({
  port: PORT,
  serve,
  run: async (network) => {
    const command = [process.execPath, '--import', 'tsx', client, network.ip4, 'few', String(PORT)]
    return (JSON.parse(await network.ask([...command, ...compressor])) as unknown[]).length
  },
})

const behindRelay: Talk['serve'] = async (network) => {
  await mongodb(network, PORT + 1)
  await compressing(network, PORT, PORT + 1)
}

export const talks: Record<string, Talk> = {
  'driver-plain': talk(mongodb),
  'driver-snappy': talk(behindRelay, 'snappy'),
  'driver-zlib': talk(behindRelay, 'zlib'),
}
