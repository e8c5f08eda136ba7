import { type LoadRequest, load } from '../config/load.js'
import { registries } from '../config/registries.js'
import { withoutSecrets } from '../config/secrets.js'
import type { Settings } from '../config/settings.js'
import { clock } from './clock.js'
import { endpoint } from './endpoint.js'
import { type Finding, note } from './finding.js'
import { memory } from './memory.js'
import { output } from './output.js'
import { addon, nodeVersion, openFiles } from './program.js'
import { wrong } from './wrong.js'

/**
 * Looks at everything that a capture depends on, and changes nothing. `flags`: those that name the configuration, as they
 * are typed, for commands that go on from here.
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
  const loaded = read(request)
  if ('error' in loaded) {
    yield wrong(loaded.error, test)
    yield note('all else', 'depends on the configuration, so it was not examined')
    return
  }
  const { settings } = loaded
  yield* settings.notices.map((text) => note('configuration', text))
  if (binding !== undefined) {
    // These need the addon as soon as they are loaded.
    const { captures } = await import('./captures.js')
    yield* captures(settings, binding, test)
  }
  yield* memory(settings)
  yield* await endpoint(settings)
  yield* await output(settings, `packetbeat-native test output${flags}`)
}

function read(request: LoadRequest): { settings: Settings } | { error: unknown } {
  try {
    return { settings: load(request, registries) }
  } catch (error) {
    return { error }
  }
}
