import { resolve } from 'node:path'
import { z } from 'zod'
import { UserError } from '../errors.js'
import { extend } from '../plugins/extend.js'
import { loadPlugin } from '../plugins/load.js'
import { Fitter } from './fit.js'
import { secretsOf } from './keystore.js'
import type { LoadRequest } from './load.js'
import { Problems } from './problems.js'
import type { Registries } from './schema/index.js'
import { readSources, type Source, withPaths } from './sources.js'
import { find } from './tree.js'
import { resolveText } from './variables.js'

const PLUGINS = ['packetbeat', 'plugins']
const names = z.array(z.string().min(1))

/**
 * Reads all sources, and loads the plug-ins they name: `registries` has what they bring.
 * @throws {UserError} also 'ERR_PLUGIN_…', for all plug-ins that cannot be used.
 */
export function readPluggedSources(
  request: LoadRequest,
  builtIn: Registries,
): { source: Source; registries: Registries } {
  const source = readSources(request, builtIn.protocols)
  const registries = withPlugins(source, request, builtIn)
  // Without a file every protocol is watched, those of plug-ins too.
  const all = registries === builtIn || source.files.length > 0
  return { source: all ? source : readSources(request, registries.protocols), registries }
}

function withPlugins(source: Source, request: LoadRequest, builtIn: Registries): Registries {
  const configured = find(source.root, PLUGINS)
  if (configured === undefined) return builtIn
  const root = withPaths(source)
  const variable = (name: string) => request.env[name]
  const lookup = { secret: secretsOf(root, variable, request.strictPermissions), variable }
  const problems = new Problems()
  const node = resolveText(root, configured, lookup)
  // What is no list of names is told by the schema of the whole.
  const { data = [] } = names.safeParse(new Fitter(root, problems).fit(names, node, PLUGINS))
  const path = resolveText(root, find(root, ['path', 'config']) ?? node, lookup)
  const folder = resolve(path.kind === 'scalar' ? String(path.value) : '')
  let registries = builtIn
  data.forEach((name, index) => {
    try {
      const plugin = loadPlugin(name, { folder, strictPermissions: request.strictPermissions })
      registries = extend(registries, [plugin])
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      problems.add(root, [...PLUGINS, index], error.message, error.code)
    }
  })
  problems.raise()
  return registries
}
