import type { Leftover } from '../outputs/output.js'
import { Rubbish } from './failure.js'

/**
 * What an output of a plug-in left of a batch of `count` events, in the order of the batch.
 * @throws {Rubbish} when it is no such answer: then nobody knows what became of the events.
 */
export function checkLeftover(answer: unknown, count: number): Leftover {
  const { retry, rejected } = (answer ?? {}) as Partial<Leftover>
  if (!Array.isArray(retry) || !Array.isArray(rejected))
    throw new Rubbish(answer, '{ retry, rejected }, such as NOTHING_LEFT')
  const seen = new Set<unknown>()
  for (const index of [...retry, ...rejected.map((one: { index?: unknown } | null) => one?.index)]) {
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= count)
      throw new Rubbish(index, `the number of an event, 0 to ${count - 1}`)
    if (seen.has(index)) throw new Rubbish(index, 'each event once')
    seen.add(index)
  }
  return {
    retry: [...(retry as number[])].sort((a, b) => a - b),
    rejected: (rejected as Leftover['rejected']).map(({ index, reason }) => ({
      index,
      reason: String(reason),
    })),
  }
}
