import type * as Binding from '../../binding.js'
import { checkCapture } from '../cli/check-capture.js'
import type { Settings } from '../config/settings.js'
import { type Account, findAccount } from '../run-as/account.js'
import { devices } from './devices.js'
import { type Finding, ok } from './finding.js'
import { folders } from './folders.js'
import { libpcap } from './libpcap.js'
import { rights } from './rights.js'
import { seen } from './seen.js'
import { wrong } from './wrong.js'

/** What the addon helps to examine. `command`: one that tells more of what is wrong with the configuration. */
export async function* captures(
  settings: Settings,
  binding: typeof Binding,
  command: string,
): AsyncGenerator<Finding> {
  yield libpcap(settings, binding)
  let account: Account | undefined
  try {
    // Without libpcap no filter can be checked, which has been told.
    if (binding.libpcapVersion() !== null) await checkCapture(settings)
    account = settings.run_as && findAccount(settings.run_as)
    yield ok('configuration', settings.files.join(', ') || 'the built-in defaults')
  } catch (error) {
    yield wrong(error, command)
  }
  const examination = { settings, binding, account }
  yield* seen('rights', () => rights(examination))
  yield* seen('devices', () => devices(examination))
  yield* seen('folders', () => folders(examination))
}
