// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references in the configuration are written so.
import { UserError } from '../errors.js'
import type { Protocol } from '../protocols/protocol.js'
import { locate, readFile, SYSTEM_PATHS } from './files.js'
import { overlay } from './merge.js'
import { override } from './overrides.js'
import { type GivenObject, readObject } from './read-object.js'
import type { PathSettings } from './settings.js'
import { listNode, type MapNode, mapNode, type Node, type Place, scalarNode } from './tree.js'

/** Where a configuration comes from: the command line, apart from what only concerns one command, or a program. */
export interface Sources {
  /** Of `-c`; none: packetbeat.yml where it usually is, else built-in defaults. */
  files: readonly string[]
  /** False: without files, none is looked for. */
  search?: boolean
  /** Of `-E`, such as `output.console.pretty=true`. */
  overrides: readonly string[]
  /** Of a program; each is laid over what comes before, all of them over files. */
  objects?: readonly GivenObject[]
  /** Of `--path.home` and so on. */
  path: Partial<PathSettings>
  /** Refuse files that others could have written. */
  strictPermissions: boolean
}

export interface Source {
  root: MapNode
  files: readonly string[]
}

/** Of what no user wrote. */
const BUILT_IN: Place = { file: '', line: 0 }

/**
 * Reads all sources and lays one over the other; variables are still in it.
 * @throws {UserError} for a file that cannot be read, is not YAML, or may be written by others.
 */
export function readSources(sources: Sources, protocols: readonly Pick<Protocol, 'name'>[]): Source {
  const files =
    sources.search === false && sources.files.length === 0
      ? []
      : locate(sources.files, sources.path.config ?? sources.path.home)
  let root = files.length === 0 ? builtIn(protocols) : mapNode(BUILT_IN)
  for (const file of files) root = overlay(root, readFile(file, sources.strictPermissions))
  for (const argument of sources.overrides) root = overlay(root, override(argument))
  for (const object of sources.objects ?? []) root = overlay(root, readObject(object))
  for (const [key, value] of Object.entries(sources.path))
    if (value !== undefined) root = overlay(root, section('path', key, scalarNode(flag(key), value)))
  return { root, files }
}

/** Where the program's directories are, for references such as `${path.data}` and for all that nobody configured. */
export function withPaths({ root, files }: Source): MapNode {
  const system = usesSystem(files)
  const paths: PathSettings = system
    ? SYSTEM_PATHS
    : { home: process.cwd(), config: '${path.home}', data: '${path.home}/data', logs: '${path.home}/logs' }
  const own = root.entries.get('path')
  if (own !== undefined && own.kind !== 'map')
    throw new UserError('ERR_CONFIG_INVALID', 'path must be a section with home, config, data and logs.')
  let result = root
  for (const [key, value] of Object.entries(paths)) {
    const present = own?.entries.get(key)
    if (present === undefined || (present.kind === 'scalar' && present.value === null))
      result = overlay(result, section('path', key, scalarNode(BUILT_IN, value)))
  }
  return result
}

const usesSystem = (files: readonly string[]): boolean =>
  files.length > 0 && files.every((file) => file.startsWith(`${SYSTEM_PATHS.config}/`))

const flag = (key: string): Place => ({ file: `--path.${key}`, line: 0 })

function section(name: string, key: string, value: Node): MapNode {
  const inner = mapNode(value.place)
  inner.entries.set(key, value)
  const outer = mapNode(value.place)
  outer.entries.set(name, inner)
  return outer
}

/** What happens without any configuration: every protocol on its usual ports, and flows. */
function builtIn(protocols: readonly Pick<Protocol, 'name'>[]): MapNode {
  const items = protocols.map(({ name }) => {
    const entry = mapNode(BUILT_IN)
    entry.entries.set('type', scalarNode(BUILT_IN, name))
    return entry
  })
  const root = section('packetbeat', 'protocols', listNode(BUILT_IN, items))
  return overlay(root, section('packetbeat', 'flows', mapNode(BUILT_IN)))
}
