import { among } from './nearest-name.js'
import type { Problems } from './problems.js'
import type { Registries } from './schema/index.js'
import type { OutputSettings } from './settings.js'
import type { Key, Node } from './tree.js'

interface Chosen {
  output: OutputSettings | undefined
  /** Of the output, when it has one of its own; and where that was written. */
  queue: unknown
  at: Key[]
}

/** The one output that is switched on; none is fine, two or one that does not exist yet are not. */
export function chooseOutput(
  configured: Readonly<Record<string, unknown>>,
  { outputs }: Registries,
  root: Node,
  problems: Problems,
): Chosen {
  const enabled = Object.entries(configured as Record<string, Record<string, unknown> | undefined>).filter(
    ([, options]) => options !== undefined && options.enabled !== false,
  )
  const none: Chosen = { output: undefined, queue: undefined, at: ['queue'] }
  const [first, second] = enabled
  if (first === undefined) return none
  if (second !== undefined) {
    const names = enabled.map(([name]) => `output.${name}`).join(' and ')
    problems.add(
      root,
      ['output', second[0]],
      `must not be on beside another output: there are ${names}; set enabled: false on all but one`,
    )
    return none
  }
  const [name, { enabled: _, queue, ...options } = {}] = first
  const plugin = outputs.find((candidate) => candidate.name === name)
  if (plugin === undefined) {
    const available = among(outputs.map((candidate) => `output.${candidate.name}`))
    problems.add(
      root,
      ['output', name],
      `is not available yet, so events could not be delivered; available: ${available}`,
    )
    return none
  }
  const { shape } = plugin.options as unknown as { shape?: Record<string, unknown> }
  const own =
    shape === undefined
      ? options
      : Object.fromEntries(Object.entries(options).filter(([key]) => key in shape))
  return {
    output: { plugin, options: own },
    queue,
    at: queue === undefined ? ['queue'] : ['output', name, 'queue'],
  }
}
