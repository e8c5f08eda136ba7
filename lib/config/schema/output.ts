import { z } from 'zod'
import { planned } from '../../options/kinds.js'
import type { OutputPlugin } from '../../outputs/output.js'
import { unwrap } from '../unwrap.js'
import { plannedOutputs } from './planned-outputs.js'
import { queueSchema } from './queue.js'

/** What every output can be told beside its own options. */
const outputShape = () => ({
  enabled: z.boolean().default(true).describe('Switches it on and off. Exactly one output may be on.'),
  queue: queueSchema
    .optional()
    .describe('The queue before this output, instead of the one at the top level.'),
})

/** `output`: one section for each output there is, and for each there will be. */
export function outputSchema(plugins: readonly OutputPlugin[]) {
  const shape: Record<string, z.ZodType> = {}
  for (const plugin of plugins) shape[plugin.name] = available(plugin).optional()
  for (const [name, options] of Object.entries(plannedOutputs))
    shape[name] ??= planned(z.lazy(() => z.strictObject({ ...outputShape(), ...options() })).optional())
  return z.strictObject(shape)
}

function available(plugin: OutputPlugin): z.ZodObject {
  const { schema } = unwrap(plugin.options)
  if (!(schema instanceof z.ZodObject))
    throw new TypeError(`the options of output ${plugin.name} are no object`)
  const own = schema.shape as Record<string, z.ZodType>
  const missing = Object.entries(plannedOutputs[plugin.name]?.() ?? {}).filter(([key]) => !(key in own))
  const more = {
    ...outputShape(),
    ...Object.fromEntries(missing.map(([key, option]) => [key, planned(option)])),
  }
  return schema.strict().safeExtend(more).describe(`Events go to ${plugin.title}.`) as unknown as z.ZodObject
}
