import type { MemoryQueueSettings, OutputSettings } from './settings.js'
import { find, type Node } from './tree.js'

interface Tuned {
  output: OutputSettings | undefined
  /** What takes the place of `queue.mem`. */
  queue: MemoryQueueSettings | undefined
}

/** Applies what an option such as `preset` makes of others, and tells which of those that were written it sets aside. */
export function tune(output: OutputSettings | undefined, root: Node, notices: string[]): Tuned {
  const result = output?.plugin.tuned?.(output.options as never)
  if (output === undefined || result === undefined) return { output, queue: undefined }
  const before = output.options as Readonly<Record<string, unknown>>
  const after = result.options as Readonly<Record<string, unknown>>
  const name = `output.${output.plugin.name}`
  const aside = Object.keys(before)
    .filter((key) => before[key] !== after[key] && find(root, ['output', output.plugin.name, key]))
    .map((key) => `${name}.${key}`)
  const queues = [
    ['queue', 'mem'],
    ['output', output.plugin.name, 'queue', 'mem'],
  ]
  if (result.queue !== undefined)
    aside.push(...queues.filter((path) => find(root, path)).map((path) => path.join('.')))
  if (aside.length > 0)
    notices.push(`${name}.preset sets ${aside.join(', ')}; write preset: custom to set them yourself`)
  return { output: { ...output, options: after }, queue: result.queue }
}
