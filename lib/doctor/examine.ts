import { checkCapture } from '../cli/check-capture.js'
import { type LoadRequest, load } from '../config/load.js'
import { registries } from '../config/registries.js'
import { withoutSecrets } from '../config/secrets.js'
import type { Settings } from '../config/settings.js'
import { type ExitReason, exitCodeOf, exitCodes, isUserError } from '../errors.js'
import { type Account, findAccount } from '../run-as/account.js'
import { clock } from './clock.js'
import { devices } from './devices.js'
import { endpoint } from './endpoint.js'
import { type Finding, note, ok, problem } from './finding.js'
import { folders } from './folders.js'
import { memory } from './memory.js'
import { output } from './output.js'
import { addon, libpcap, nodeVersion, openFiles } from './program.js'
import { rights } from './rights.js'

/**
 * Looks at everything a capture depends on, in the order in which it would meet it. `flags`: those that name the
 * configuration, as they are typed, for commands that go on from here.
 */
export async function* examine(request: LoadRequest, flags: string): AsyncGenerator<Finding> {
  for await (const finding of findings(request, flags))
    yield { ...finding, message: withoutSecrets(finding.message) }
}

async function* findings(request: LoadRequest, flags: string): AsyncGenerator<Finding> {
  yield nodeVersion()
  yield openFiles()
  const { finding, binding } = await addon()
  yield finding
  if (binding !== undefined) yield clock(binding)
  const test = `packetbeat-native test config${flags}`
  const result = loaded(request)
  if ('error' in result) {
    yield wrong(result.error, test)
    yield note('all else', 'depends on the configuration, so it was not examined')
    return
  }
  const { settings } = result
  yield* settings.notices.map((text) => note('configuration', text))
  yield* await output(settings, `packetbeat-native test output${flags}`)
  yield* await endpoint(settings)
  yield* memory({ settings })
  if (binding === undefined) return
  yield libpcap(settings, binding)
  let account: Account | undefined
  try {
    if (binding.libpcapVersion() !== null) await checkCapture(settings)
    account = settings.run_as && findAccount(settings.run_as)
    yield ok(
      'configuration',
      settings.files.length === 0 ? 'the built-in defaults' : settings.files.join(', '),
    )
  } catch (error) {
    yield wrong(error, test)
  }
  const examination = { settings, binding, account }
  yield* rights(examination)
  yield* devices(examination)
  yield* folders(examination)
}

function loaded(request: LoadRequest): { settings: Settings } | { error: unknown } {
  try {
    return { settings: load(request, registries) }
  } catch (error) {
    return { error }
  }
}

function wrong(error: unknown, test: string): Finding {
  if (!isUserError(error)) throw error
  const reasons = Object.entries(exitCodes) as [ExitReason, number][]
  const reason = reasons.find(([, code]) => code === exitCodeOf(error))?.[0] ?? 'configuration'
  return problem(reason, 'configuration', error.message.replace(/\.$/, '').replace(/\n */g, ' '), test)
}
