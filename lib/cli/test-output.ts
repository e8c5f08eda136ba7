import { load } from '../config/load.js'
import { registries } from '../config/registries.js'
import { UserError } from '../errors.js'
import type { Report } from '../outputs/check.js'
import type { OutputContext } from '../outputs/output.js'
import { packageVersion } from '../package.js'
import type { Command } from './command.js'
import type { Writer } from './io.js'
import { request } from './request.js'

export const testOutput: Command = {
  name: 'test output',
  title: 'Connect to the configured output, step by step, without sending events.',
  async execute(flags, _words, io) {
    const { output, path, name } = load({ ...request(flags, io.env), outputNeeded: true }, registries)
    if (output === undefined)
      throw new UserError('ERR_CONFIG_INVALID', 'no output is configured, so there is none to test.')
    const { plugin, options } = output
    if (plugin.check === undefined)
      throw new UserError(
        'ERR_CONFIG_INVALID',
        `output.${plugin.name} is not on the network, so there is no connection to test.`,
      )
    const report = steps(io.stdout)
    const warn = (text: string) => report.warn('note', text)
    const log = { debug: () => undefined, info: () => undefined, warn }
    const context: OutputContext = { version: packageVersion, name, path, log }
    try {
      await plugin.check(options, context, report)
    } catch (error) {
      // A step has told it already; what no step did is a defect or a wrong option.
      if (!report.failed) throw error
    }
    if (!report.failed) return 0
    throw new UserError('ERR_OUTPUT_OPEN', `output.${plugin.name} cannot be reached as it is configured`)
  },
}

interface Steps extends Report {
  readonly failed: boolean
}

/** Steps as indented lines, such as `dial up... OK`; those within a step below it. */
function steps(writer: Writer): Steps {
  let failed = false
  // The line of the last step is still to get its answer.
  let open = false
  const line = (depth: number, text: string, unanswered: boolean): void => {
    writer.write(`${open ? '\n' : ''}${'  '.repeat(depth)}${text}${unanswered ? '' : '\n'}`)
    open = unanswered
  }
  const answer = (depth: number, text: string): void => {
    writer.write(open ? ` ${text}\n` : `${'  '.repeat(depth)}${text}\n`)
    open = false
  }
  const within = (depth: number): Report => ({
    async step(name, work) {
      line(depth, `${name}...`, true)
      try {
        const result = await work(within(depth + 1))
        if (open) answer(depth, 'OK')
        return result
      } catch (error) {
        // Told by the innermost step; those around it fail with it.
        if (!failed) answer(depth, `ERROR ${error instanceof Error ? error.message : String(error)}`)
        failed = true
        throw error
      }
    },
    info: (name, value) => line(depth, `${name}: ${value}`, false),
    warn: (name, why) => line(depth, `${name}... WARN ${why}`, false),
  })
  return {
    ...within(0),
    get failed() {
      return failed
    },
  }
}
