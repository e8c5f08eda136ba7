import { outputs } from '../outputs/index.js'
import type { OutputPlugin } from '../outputs/output.js'
import { createProcessors, processors, processorsSchema } from '../processors/index.js'
import type { Processor } from '../processors/processor.js'
import { protocols } from '../protocols/index.js'
import type { Protocol } from '../protocols/protocol.js'
import type { Registries } from './schema/index.js'

/** All parts there are that bring options of their own. */
export const registries: Registries = {
  protocols: protocols as unknown as readonly Protocol[],
  outputs: outputs as unknown as readonly OutputPlugin[],
  processors: {
    names: processors.map(({ name }) => name),
    schema: processorsSchema(processors as unknown as readonly Processor[]),
    create: createProcessors,
  },
}
