import type { Registries } from '../config/schema/index.js'
import { eventFields } from '../elasticsearch/event-fields.js'
import { UserError } from '../errors.js'
import { type Fields, withMembers } from '../events/fields.js'
import type { PluginSource } from './plugin.js'

type Named = { name: string }

/**
 * What a plug-in brings must not be there already.
 * @throws {UserError} 'ERR_PLUGIN_INVALID'
 */
export function checkNames(
  what: 'protocol' | 'output' | 'processor',
  present: readonly Named[],
  brought: readonly Named[],
  { name: plugin, file }: PluginSource,
): void {
  const known = new Set(present.map(({ name }) => name))
  brought.forEach(({ name }, index) => {
    if (known.has(name))
      throw new UserError(
        'ERR_PLUGIN_INVALID',
        `the plug-in ${file ?? plugin}: ${what}s[${index}].name must be another: there is ${article(what)} ${what} ${name} already`,
      )
    known.add(name)
  })
}

const article = (what: string): string => (what === 'output' ? 'an' : 'a')

/**
 * A field has one type in all events, for they are in one index; and what is a value there has no fields inside.
 * @throws {UserError} 'ERR_PLUGIN_INVALID'
 */
export function checkFields(fields: Fields<never>, protocols: Registries['protocols'], where: string): void {
  const known = eventFields(protocols)
  const wrong = (name: string, message: string) =>
    new UserError('ERR_PLUGIN_INVALID', `${where}["${name}"] ${message}`)
  const inner = new Set([...known.keys()].flatMap(parents))
  for (const [name, { type }] of Object.entries(withMembers(fields))) {
    const present = known.get(name)
    const kinds = FITS[type]
    if (present !== undefined && kinds !== undefined && !kinds.includes(present))
      throw wrong(name, `must be of another name, or of the type that the field has elsewhere: ${present}`)
    if (type !== 'object' && inner.has(name))
      throw wrong(name, 'must be of another name: elsewhere it has fields inside')
    const around = parents(name).find(
      (parent) => known.has(parent) || (parent in fields && isWhole(fields, parent)),
    )
    if (around !== undefined) throw wrong(name, `must be of another name: ${around} has no fields inside`)
  }
}

const isWhole = (fields: Fields<never>, name: string): boolean => fields[name]?.members === undefined

const TEXTS = ['keyword', 'text', 'match_only_text', 'wildcard', 'stored_text']

/** Which mapping of a field that is there already does for one of that type. */
const FITS: Readonly<Record<string, readonly string[]>> = {
  keyword: TEXTS,
  text: TEXTS,
  long: ['long'],
  double: ['double', 'scaled_float', 'float'],
  boolean: ['boolean'],
  date: ['date'],
  ip: ['ip'],
  object: ['flattened'],
}

const parents = (name: string): string[] => {
  const parts = name.split('.')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'))
}
