import { inspect } from 'node:util'
import { exitCodes } from '../errors.js'
import { Sparing } from '../logging/sparing.js'
import { PluginError } from './failure.js'
import { comesFrom } from './place.js'
import type { PluginSource } from './plugin.js'

/**
 * Keeps a program going that a plug-in would end by an error nobody handles: thrown from a timer or an event, rejected
 * where nobody waits. All others end it as they did.
 */
export class StrayErrors {
  readonly #plugins: readonly PluginSource[]
  readonly #sparing: Sparing
  #count = 0

  constructor(plugins: readonly PluginSource[], warn: (message: string) => void) {
    this.#plugins = plugins
    this.#sparing = new Sparing(warn)
    if (plugins.length > 0) process.on('uncaughtException', this.#caught)
  }

  counters(): Record<string, number> {
    return this.#plugins.length > 0 ? { 'plugins.stray_errors': this.#count } : {}
  }

  end(): void {
    process.off('uncaughtException', this.#caught)
  }

  readonly #caught = (error: unknown): void => {
    const source = this.#plugins.find((plugin) => comesFrom(error, plugin))
    if (source === undefined) {
      process.stderr.write(`${inspect(error)}\n`)
      process.exit(exitCodes.internal)
    }
    this.#count++
    const { message, kind } = new PluginError(source, 'an error that nobody handles', error)
    this.#sparing.tell(message, kind)
  }
}
