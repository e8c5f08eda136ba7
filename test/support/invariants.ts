import { isUserError } from '../../lib/errors.js'
import type { Analysis } from './analyse.js'

const mustBeZero = [
  'conversations.open',
  'flows.open',
  'tcp.held_bytes',
  'streams.held_bytes',
  'pipeline.queue.events',
  'pipeline.events.dropped',
  'pipeline.events.rejected',
  'pipeline.events.abandoned',
  'output.failures',
]

/** What is wrong with an analysis, whatever the capture was; empty: nothing. */
export function broken({ counters, failure, defects }: Analysis): string[] {
  const problems = [...defects]
  const count = (name: string) => counters[name] ?? 0
  for (const [name, value] of Object.entries(counters)) {
    if (name.endsWith('.defects') && value !== 0) problems.push(`${name} is ${value}`)
    if (!Number.isSafeInteger(value) || value < 0) problems.push(`${name} is ${value}`)
  }
  for (const name of mustBeZero) if (count(name) !== 0) problems.push(`${name} is ${count(name)} at the end`)
  // Datagrams of which a fragment never came are all that may be left; each costs some hundred bytes of its own.
  const fragments = count('fragments.held_bytes')
  if (fragments > 4 * count('capture.bytes') + 512 * count('decode.fragments'))
    problems.push(`fragments.held_bytes is ${fragments}`)
  if (count('conversations.opened') !== count('conversations.closed'))
    problems.push(
      `${count('conversations.opened')} conversations opened, ${count('conversations.closed')} closed`,
    )
  if (count('pipeline.events.published') !== count('pipeline.events.acked'))
    problems.push(`${count('pipeline.events.published')} events, ${count('pipeline.events.acked')} written`)
  if (failure !== undefined && !isUserError(failure)) problems.push(`failed by ${failure.stack}`)
  return problems
}
