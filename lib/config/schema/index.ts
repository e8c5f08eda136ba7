import { z } from 'zod'
import { duration, SECOND } from '../../options/duration.js'
import { planned } from '../../options/kinds.js'
import type { OutputPlugin } from '../../outputs/output.js'
import type { PluginSource } from '../../plugins/plugin.js'
import type { CreateOptions, Entry } from '../../processors/index.js'
import type { Process, Processor } from '../../processors/processor.js'
import type { Protocol } from '../../protocols/protocol.js'
import { cloudSchema } from './cloud.js'
import { addedShape, entryShape } from './entry-options.js'
import { httpSchema } from './http.js'
import { interfaceSchema } from './interfaces.js'
import { loggingSchema } from './logging.js'
import { outputSchema } from './output.js'
import { plannedPacketbeat, plannedSections } from './planned-sections.js'
import { procsSchema } from './procs.js'
import { commonShape, protocolSchema, typeShape } from './protocol.js'
import { queueSchema } from './queue.js'
import { setupSchema } from './setup.js'

/** The parts of the program that bring options of their own. */
export interface Registries {
  /** Those that brought something of it. */
  plugins: readonly PluginSource[]
  protocols: readonly Protocol[]
  outputs: readonly OutputPlugin[]
  processors: {
    list: readonly Processor[]
    /** Keys of entries that `schema` understands. */
    names: readonly string[]
    schema: z.ZodType<Entry[]>
    create(entries: readonly Entry[], options: CreateOptions): Process[]
  }
}

export type ConfigSchema = ReturnType<typeof configSchema>
export type Configuration = z.output<ConfigSchema>

const plannedShape = (shape: Readonly<Record<string, () => z.ZodType>>): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, planned(z.lazy(schema).optional())]))

/** Which types of protocols are wanted with all their options; making them takes time. */
type Used = (type: string) => boolean

/** The whole configuration; the one description that checks, defaults, documentation and editors share. */
export function configSchema(registries: Registries, used: Used = () => true) {
  const processors = registries.processors.schema.default([])
  return z.strictObject({
    ...plannedShape(plannedSections),
    packetbeat: packetbeatSchema(registries, used).prefault({}).describe('What is captured and decoded.'),
    name: z
      .string()
      .min(1)
      .optional()
      .describe('Name of this agent in events; the name of the machine unless given.'),
    ...addedShape('all events'),
    processors: processors.describe('What to do with all events, in this order.'),
    timestamp: z
      .strictObject({
        precision: z
          .enum(['millisecond', 'microsecond', 'nanosecond'])
          .default('millisecond')
          .describe('Digits of a second that times in events have.'),
      })
      .prefault({})
      .describe('Times in events.'),
    queue: queueSchema.prefault({}).describe('Where events wait for the output.'),
    cloud: cloudSchema.prefault({}).describe('Elastic Cloud, instead of hosts of your own.'),
    output: outputSchema(registries.outputs).prefault({}).describe('Where events go.'),
    setup: setupSchema.prefault({}).describe('What is loaded into Elasticsearch and Kibana.'),
    logging: loggingSchema.prefault({}).describe('What the program says about itself.'),
    http: httpSchema
      .prefault({})
      .describe(
        'Counters of this program over HTTP: `/`, `/stats`, `/state`, `/inputs`, and `/metrics` for Prometheus.',
      ),
    keystore: z
      .strictObject({
        path: z
          .string()
          .min(1)
          .optional()
          .describe('The file: `packetbeat.keystore` in `path.data` unless given.'),
      })
      .prefault({})
      .describe(
        'A file with secrets, which references find before variables: see `packetbeat-native help keystore add`.',
      ),
    path: z
      .strictObject({
        home: z
          .string()
          .min(1)
          .optional()
          .describe('Base of the other directories; the current directory unless given.'),
        config: z.string().min(1).optional().describe('Configuration files; `path.home` unless given.'),
        data: z
          .string()
          .min(1)
          .optional()
          .describe('What the program remembers; `data` in `path.home` unless given.'),
        logs: z.string().min(1).optional().describe('Log files; `logs` in `path.home` unless given.'),
      })
      .prefault({})
      .describe('Directories.'),
  })
}

function packetbeatSchema(registries: Registries, used: Used) {
  const processors = registries.processors.schema.default([])
  return z.strictObject({
    ...plannedShape(plannedPacketbeat),
    interfaces: z
      .array(interfaceSchema)
      .prefault([{}])
      .describe('Where packets come from. One interface needs no list.'),
    flows: z
      .strictObject({
        enabled: z.boolean().default(true).describe('Switches flows on and off.'),
        timeout: duration({ min: SECOND, unit: 'required' })
          .default(30 * SECOND)
          .describe('A flow without packets for that long is over.'),
        period: duration({ min: SECOND, except: -SECOND, unit: 'required' })
          .default(10 * SECOND)
          .describe('How often flows that go on are reported; -1s: only at their end.'),
        enable_delta_flow_reports: z
          .boolean()
          .default(false)
          .describe('Counters of a report begin at the report before, not at the beginning of the flow.'),
        ...entryShape('flow events', processors),
      })
      .optional()
      .describe('Report who talks to whom, whatever the protocol. Without this section flows are off.'),
    protocols: z
      .array(protocolEntries(registries, used))
      .default([])
      .describe('What is decoded: a list of entries with a `type`. One protocol may have several entries.'),
    plugins: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Packages, or files below `path.config` such as `./own.js`, that bring protocols, outputs and processors; see docs/plugins.md.',
      ),
    procs: procsSchema.prefault({}).describe('Which processes talk: those of this machine, on Linux.'),
    run_as: z
      .string()
      .regex(/^[^:\s]+(:[^:\s]+)?$/, { message: 'must be `user` or `user:group`, by names or numbers' })
      .optional()
      .describe(
        'Become this `user` or `user:group` once the captures are open, and give up root for good. Not on Windows.',
      ),
    ignore_outgoing: z
      .boolean()
      .default(false)
      .describe('Leave out transactions whose `network.direction` is egress.'),
    shutdown_timeout: duration()
      .default(0)
      .describe(
        'How long to wait at the end for events to be acknowledged; 0: as long as that makes progress.',
      ),
    overwrite_pipelines: z
      .boolean()
      .default(false)
      .describe('Replace the ingest pipelines of this version when the Elasticsearch output connects.'),
  })
}

function protocolEntries({ protocols, processors }: Registries, used: Used) {
  const common = commonShape(processors.schema.default([]))
  const entries = protocols.map((protocol) =>
    used(protocol.name) ? protocolSchema(protocol, common) : z.strictObject(typeShape(protocol.name)),
  )
  return z.discriminatedUnion('type', entries as unknown as [z.ZodObject, ...z.ZodObject[]])
}
