import { load } from '../config/load.js'
import { registries } from '../config/registries.js'
import { checkCapture } from './check-capture.js'
import type { Command } from './command.js'
import { request } from './request.js'

export const testConfig: Command = {
  name: 'test config',
  title: 'Check the configuration without capturing.',
  details:
    'Reads files, variables and -E as run does, and checks filters and numbers of devices as well. A configuration\nfile without an output is refused: run would print its events, but a service has nobody to read them.',
  runs: true,
  async execute(flags, _words, io) {
    const settings = load({ ...request(flags, io.env), outputNeeded: true }, registries)
    await checkCapture(settings)
    if (settings.run_as !== undefined) (await import('../run-as/account.js')).findAccount(settings.run_as)
    for (const start of settings.processing.starts) await start()
    for (const notice of settings.notices) io.stderr.write(`Note: ${notice}\n`)
    io.stdout.write('Config OK\n')
    return 0
  },
}
