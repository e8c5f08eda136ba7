import { join } from 'node:path'
import { cached, run } from '../../test/live/support/cache.js'
import { serve } from '../../test/live/support/network.js'
import type { Talk } from '../../test/live/support/record.js'

const PORT = 11300

const client = join(import.meta.dirname, '../../test/live/clients/beanstalkd.py')

/** The client for Python in an environment of its own. */
const greenstalk = () =>
  cached('python-greenstalk', async (into) => {
    await run('python3', '-m', 'venv', into)
    await run(join(into, 'bin/python3'), '-m', 'pip', 'install', '-q', 'greenstalk==2.1.1')
  })

export const talks: Readonly<Record<string, Talk>> = {
  greenstalk: {
    port: PORT,
    // Of the Debian package beanstalkd.
    serve: (network) => serve(network, ['beanstalkd', '-p', String(PORT)], PORT).then(() => undefined),
    run: async (network) => {
      await network.ask([join(await greenstalk(), 'bin/python3'), client, network.ip4])
      return 0
    },
  },
}
