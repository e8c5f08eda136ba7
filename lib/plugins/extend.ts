import { processorRegistry } from '../config/registries.js'
import type { Registries } from '../config/schema/index.js'
import type { Protocol } from '../protocols/protocol.js'
import { checkFields, checkNames } from './conflicts.js'
import { guardOutput } from './guard-output.js'
import { guardProcessor } from './guard-processor.js'
import type { NamedPlugin, PluginSource } from './plugin.js'
import { checkShape } from './shape.js'

/** A protocol that a plug-in brought; capture/shard.ts guards it. */
export interface PluggedProtocol extends Protocol {
  plugin: PluginSource
}

/**
 * The registries with what plug-ins bring; the given ones stay as they are.
 * @throws {UserError} 'ERR_PLUGIN_INVALID' for a plug-in whose shape is wrong, or that brings what is there already.
 */
export function extend(registries: Registries, plugins: readonly NamedPlugin[]): Registries {
  return plugins.reduce(withPlugin, registries)
}

function withPlugin(before: Registries, named: NamedPlugin): Registries {
  const { protocols = [], outputs = [], processors = [] } = checkShape(named)
  const { plugin: _, ...source } = named
  checkNames('protocol', before.protocols, protocols, source)
  checkNames('output', before.outputs, outputs, source)
  checkNames('processor', before.processors.list, processors, source)
  const plugged: PluggedProtocol[] = []
  protocols.forEach((protocol, index) => {
    const where = `the plug-in ${source.file ?? source.name}: protocols[${index}].fields`
    checkFields(protocol.fields, [...before.protocols, ...plugged], where)
    plugged.push({ ...protocol, start: protocol.start.bind(protocol), plugin: source })
  })
  return {
    plugins: [...before.plugins, source],
    protocols: [...before.protocols, ...plugged],
    outputs: [...before.outputs, ...outputs.map((output) => guardOutput(output, source))],
    // Their schema takes time to make.
    processors:
      processors.length === 0
        ? before.processors
        : processorRegistry([
            ...before.processors.list,
            ...processors.map((processor) => guardProcessor(processor, source)),
          ]),
  }
}
