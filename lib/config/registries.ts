import { outputs } from '../outputs/index.js'
import type { OutputPlugin } from '../outputs/output.js'
import { createProcessors, processors, processorsSchema } from '../processors/index.js'
import type { Processor } from '../processors/processor.js'
import { protocols } from '../protocols/index.js'
import type { Protocol } from '../protocols/protocol.js'
import type { Registries } from './schema/index.js'

/** What a configuration may name: `list` with the schema of its entries and how they are made. */
export const processorRegistry = (list: readonly Processor[]): Registries['processors'] => ({
  list,
  names: list.map(({ name }) => name),
  schema: processorsSchema(list),
  create: (entries, options) => createProcessors(entries, { registry: list, ...options }),
})

/** All parts of this program that bring options of their own; plug-ins are added by plugins/extend.ts. */
export const registries: Registries = {
  plugins: [],
  protocols: protocols as unknown as readonly Protocol[],
  outputs: outputs as unknown as readonly OutputPlugin[],
  processors: processorRegistry(processors as unknown as readonly Processor[]),
}
