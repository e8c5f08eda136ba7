import { UserError } from '../errors.js'
import { assemble } from './assemble.js'
import { check } from './check.js'
import { withCloud } from './cloud.js'
import { secretsOf } from './keystore.js'
import { normalise } from './normalise.js'
import { readPluggedSources } from './plugins.js'
import { Problems } from './problems.js'
import { type ConfigSchema, configSchema, type Registries } from './schema/index.js'
import { isSecretName, rememberSecret } from './secrets.js'
import type { Level, Settings } from './settings.js'
import { type Sources, withPaths } from './sources.js'
import { at, display, find, type MapNode, type Node } from './tree.js'
import { resolveVariables } from './variables.js'

/** Everything that decides about a run. */
export interface LoadRequest extends Sources {
  env: Readonly<Record<string, string | undefined>>
  /** Flags for the capture; what is left out stays as configured. */
  capture?: {
    file?: string
    /** Instead of those configured. */
    device?: string
    loops?: number
    realtime?: boolean
    dumpfile?: string
    oneAtATime?: boolean
  }
  /** Flags for the log. */
  logging?: { stderr?: boolean; level?: Level; selectors?: readonly string[] }
  /** False: everything but publishing, `-N`. */
  publish?: boolean
  /** Told of every event that a processor could not do its work on. */
  processorFailed?: (processor: string, reason: string) => void
  /** Refuse a configuration file without an output, which a service has no use for. */
  outputNeeded?: boolean
}

/** Makes the schema of a configuration that has protocols of these types. */
export type MakeSchema = (registries: Registries, types: ReadonlySet<string>) => ConfigSchema

const usedSchema: MakeSchema = (registries, types) => configSchema(registries, (type) => types.has(type))

/** The last schema again, where it is asked for again: making one is most of the work of loading. */
export function rememberedSchema(): MakeSchema {
  let last: { registries: Registries; types: string; schema: ConfigSchema } | undefined
  return (registries, set) => {
    const types = [...set].sort().join()
    if (last?.registries !== registries || last.types !== types)
      last = { registries, types, schema: usedSchema(registries, set) }
    return last.schema
  }
}

/**
 * Reads and checks the configuration. `builtIn`: what there is without the plug-ins it names.
 * @throws {UserError} 'ERR_CONFIG_…', 'ERR_PLUGIN_…' or 'ERR_USAGE', with everything that is wrong.
 */
export function load(request: LoadRequest, builtIn: Registries, makeSchema = usedSchema): Settings {
  const { source, registries } = readPluggedSources(request, builtIn)
  const root = resolved(withPaths(source), request)
  rememberSecrets(root)
  const problems = new Problems()
  withCloud(root, problems)
  const processors = normalise(root, registries.processors.names, problems)
  const schema = makeSchema(registries, protocolTypes(root))
  const { value, planned } = check(schema, root, problems)
  if (value === undefined) {
    problems.raise()
    throw new Error('the configuration was refused without a reason')
  }
  const unavailable = [
    ...planned.map(({ path, node }) => ({ name: display(root, path), node })),
    ...processors.map((node) => ({ name: node.label ?? '', node })),
  ]
  const notices = unavailable.map(({ name, node }) => {
    const type = node.kind === 'map' ? node.entries.get('type') : undefined
    const what =
      name.startsWith('packetbeat.protocols') && type?.kind === 'scalar' ? ` (${String(type.value)})` : ''
    return `not available yet: ${name}${what}${node.place.file === '' ? '' : `, ${at(node.place)}`}`
  })
  if (request.capture?.oneAtATime) notices.push('not available yet: -O')
  const parts = { configuration: value, root, files: source.files, request, registries, problems }
  const fresh = (): Settings => ({ ...assemble({ ...parts, notices: [...notices] }), fresh })
  const settings = fresh()
  problems.raise()
  if (request.outputNeeded && settings.output === undefined && source.files.length > 0)
    throw new UserError(
      'ERR_CONFIG_INVALID',
      `${source.files.join(', ')}: no output is configured, so a service would have nowhere to send events; add one of ${registries.outputs.map(({ name }) => `output.${name}`).join(', ')}.`,
    )
  return settings
}

/** All references replaced. */
export function resolved(root: MapNode, { env, strictPermissions }: LoadRequest): MapNode {
  const variable = (name: string) => env[name]
  return resolveVariables(root, { secret: secretsOf(root, variable, strictPermissions), variable })
}

/** What secret settings say is masked from now on, wherever it came from. */
function rememberSecrets(node: Node, secret = false): void {
  if (node.kind === 'map')
    for (const [key, value] of node.entries) rememberSecrets(value, secret || isSecretName(key))
  else if (node.kind === 'list') for (const item of node.items) rememberSecrets(item, secret)
  else if (secret && typeof node.value === 'string') rememberSecret(node.value)
}

/** What the entries of `packetbeat.protocols` call themselves, right or wrong. */
function protocolTypes(root: MapNode): Set<string> {
  const list = find(root, ['packetbeat', 'protocols'])
  const types = list?.kind === 'list' ? list.items.map((_, index) => find(list, [index, 'type'])) : []
  return new Set(types.map((type) => (type?.kind === 'scalar' ? String(type.value) : '')))
}
