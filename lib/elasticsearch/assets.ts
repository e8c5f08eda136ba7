import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SetupSettings } from '../config/settings.js'
import { UserError } from '../errors.js'
import { compileFormat } from '../events/format-string.js'
import type { SearchServer } from '../outputs/output.js'
import { indexPolicy, streamLifecycle } from './lifecycle.js'
import type { Mapping } from './mapping.js'
import { compareVersions, serverName } from './server.js'
import { indexTemplate } from './template.js'
import { customFields, readFieldsFile } from './user-fields.js'

/** What is loaded, as configured, for one server. */
export interface AssetOptions {
  setup: SetupSettings
  /** `agent.version`. */
  version: string
  /** Files are below it. */
  folder: string
  server: SearchServer
}

export interface Template {
  name: string
  body: Mapping
  /** Below the server. */
  path: string
  /** The data stream to make, so that a reader finds one before the first event. */
  stream: string | undefined
}

const APIS = { index: '_index_template', component: '_component_template', legacy: '_template' } as const

/**
 * The index template. `lacking`: types that the server turned out not to have; `policy`: the name of its lifecycle.
 * @throws {UserError} 'ERR_CONFIG_INVALID' for files that are wrong, and servers that have no such templates.
 */
export function template(
  options: AssetOptions,
  {
    policy,
    lifecycle,
    lacking,
  }: { policy?: string | undefined; lifecycle?: Mapping; lacking?: ReadonlySet<string> },
): Template {
  const { setup, version, folder, server } = options
  const { json, type, fields, append_fields, priority, settings } = setup.template
  if (type === 'index' && server.product === 'elasticsearch' && compareVersions(server.version, '7.9') < 0)
    throw new UserError(
      'ERR_CONFIG_INVALID',
      `setup.template.type: ${serverName(server)} has no data streams; set it to legacy.`,
    )
  const names = templateNames(setup, version)
  if (json.enabled) {
    const name = json.name ?? names.name
    if (json.path === undefined)
      throw new UserError('ERR_CONFIG_INVALID', 'setup.template.json.path: the file is missing.')
    const body = readJson(resolve(folder, json.path), 'setup.template.json.path')
    return { name, body, path: path(APIS[type], name), stream: json.data_stream ? name : undefined }
  }
  const body = indexTemplate({
    pattern: names.pattern,
    priority,
    kind: type,
    version,
    server,
    policy,
    lifecycle,
    settings,
    protocols: setup.protocols,
    ...(lacking !== undefined && { lacking }),
    ...(fields !== undefined && { fields: readFieldsFile(resolve(folder, fields)) }),
    ...(append_fields.length > 0 && {
      appended: customFields(append_fields, 'setup.template.append_fields'),
    }),
  })
  const own = names.pattern === names.name || names.pattern === `${names.name}*`
  return {
    name: names.name,
    body,
    path: path(APIS[type], names.name),
    stream: type === 'index' && own ? names.name : undefined,
  }
}

export interface Policy {
  name: string
  body: Mapping
  path: string
}

/** The lifecycle policy. @throws {UserError} 'ERR_CONFIG_INVALID' for a file that is wrong. */
export function policy({ setup, version, folder }: Omit<AssetOptions, 'server'>): Policy {
  const { policy_name, policy_file } = setup.ilm
  const name = printed(policy_name, version)
  const given =
    policy_file === undefined ? indexPolicy : readJson(resolve(folder, policy_file), 'setup.ilm.policy_file')
  return { name, body: 'policy' in given ? given : { policy: given }, path: path('_ilm/policy', name) }
}

/** The lifecycle of data streams on a server that has no policies. */
export function lifecycleOf({ setup, folder }: Omit<AssetOptions, 'server'>): Mapping | undefined {
  const { enabled, policy_file } = setup.dsl
  if (!enabled) return undefined
  return policy_file === undefined
    ? streamLifecycle
    : readJson(resolve(folder, policy_file), 'setup.dsl.policy_file')
}

/** Name and pattern of the template. */
export function templateNames(
  { template }: Pick<SetupSettings, 'template'>,
  version: string,
): { name: string; pattern: string } {
  const name = printed(template.name || `packetbeat-${version}`, version)
  return { name, pattern: printed(template.pattern || name, version) }
}

/** A format string with what is known before there are events. */
export function printed(text: string, version: string): string {
  const known = { name: 'packetbeat', version }
  const document = {
    '@timestamp': new Date().toISOString(),
    agent: { ...known, type: 'packetbeat' },
    beat: known,
  }
  const result = compileFormat(text)(document)
  if (result === undefined || result === '')
    throw new UserError(
      'ERR_CONFIG_INVALID',
      `setup: ${text} names a field that is not known before there are events; agent.name and agent.version are.`,
    )
  return result
}

function readJson(file: string, setting: string): Mapping {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Mapping
    throw new Error('it is no object')
  } catch (cause) {
    const { message } = cause as Error
    throw new UserError('ERR_CONFIG_INVALID', `${setting}: cannot use ${file}: ${message}.`, { cause })
  }
}

const path = (api: string, name: string): string => `/${api}/${encodeURIComponent(name)}`
