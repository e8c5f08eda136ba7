import { type ExitReason, exitCodeOf, exitCodes, isUserError } from '../errors.js'
import { type Finding, problem } from './finding.js'

/** What is wrong with a configuration, as one line. @throws {Error} what is a defect. */
export function wrong(error: unknown, command: string): Finding {
  if (!isUserError(error)) throw error
  const reasons = Object.entries(exitCodes) as [ExitReason, number][]
  const reason = reasons.find(([, code]) => code === exitCodeOf(error))?.[0] ?? 'configuration'
  const message = error.message.replace(/\.$/, '').replace(/\n */g, ' ')
  return problem(reason, 'configuration', message, { command })
}
