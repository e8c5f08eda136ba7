import type { OutputPlugin } from '../outputs/output.js'
import type { Processor } from '../processors/processor.js'
import type { Protocol } from '../protocols/protocol.js'

/** What a plug-in brings: the default export of its module, or its `module.exports`. */
export interface Plugin {
  /** Each made by `defineProtocol`; the `type` of entries in `packetbeat.protocols`. */
  protocols?: readonly Protocol[]
  /** Each made by `defineOutput`; what `output.<name>` may be. */
  outputs?: readonly OutputPlugin[]
  /** Each made by `defineProcessor`; keys of entries in `processors`. */
  processors?: readonly Processor[]
}

/** Where a plug-in comes from. */
export interface PluginSource {
  /** As it was named, such as `packetbeat-beanstalkd` or `./beanstalkd.js`. */
  name: string
  /** Its module; undefined: it was handed over as an object. */
  file?: string | undefined
}

/** A plug-in whose shape nobody has checked yet. */
export interface NamedPlugin extends PluginSource {
  plugin: unknown
}
