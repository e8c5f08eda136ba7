import type { Settings } from '../config/settings.js'
import type { Report } from '../outputs/check.js'
import type { OutputContext } from '../outputs/output.js'
import { packageVersion } from '../package.js'
import { type Finding, note, ok, problem } from './finding.js'

// Whoever answers later has a problem as well.
const PATIENCE = 5000

/** Whether the output can be reached: the steps of `test output`, in less time. `command`: that one, for more. */
export async function output(settings: Settings, command: string): Promise<Finding[]> {
  const { output: configured } = settings
  if (configured === undefined)
    return [
      note('output', 'none is configured, so events are shown; a service needs one', {
        setting: 'output.file.path: /var/log/packetbeat',
      }),
    ]
  const { plugin, options } = configured
  const subject = `output.${plugin.name}`
  // Of files their folder has told.
  if (plugin.check === undefined)
    return plugin.name === 'file' ? [] : [ok(subject, 'it is not on the network')]
  const steps = new Steps()
  const quiet = {
    debug: () => undefined,
    info: () => undefined,
    warn: (text: string) => steps.warn('note', text),
  }
  const context: OutputContext = {
    version: packageVersion,
    name: settings.name,
    path: settings.path,
    log: quiet,
  }
  const late = new Promise<Error>((resolve) => setTimeout(() => resolve(steps.late()), PATIENCE).unref())
  const failure = await Promise.race([
    plugin.check(options, context, steps).then(
      () => undefined,
      (error: unknown) => error as Error,
    ),
    late,
  ])
  const warnings = steps.warnings.map((text) => note(subject, text))
  return failure === undefined
    ? [ok(subject, 'it can be reached'), ...warnings]
    : [problem('output', subject, `${steps.failed(failure)}: ${failure.message}`, { command })]
}

/** Remembers where it was. */
class Steps implements Report {
  readonly warnings: string[] = []
  readonly #under: string[] = []
  #failed: string | undefined

  async step<T>(name: string, work: (within: Report) => Promise<T>): Promise<T> {
    this.#under.push(name)
    try {
      return await work(this)
    } catch (error) {
      this.#failed ??= this.#under.join(', ')
      throw error
    } finally {
      this.#under.pop()
    }
  }

  info(): void {}

  warn(name: string, why: string): void {
    this.warnings.push(`${name}: ${why}`)
  }

  late(): Error {
    this.#failed ??= this.#under.join(', ')
    return new Error(`no answer in ${PATIENCE / 1000} s`)
  }

  /** The steps that led to it. */
  failed(error: Error): string {
    return this.#failed || error.name
  }
}
