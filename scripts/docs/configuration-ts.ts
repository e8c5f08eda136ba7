import type { z } from 'zod'
import { commonShape } from '../../lib/config/schema/protocol.js'
import { defOf, unwrap } from '../../lib/config/unwrap.js'
import { kindOf } from '../../lib/options/kinds.js'
import { condition } from '../../lib/processors/conditions.js'
import { at, entries } from './options.js'
import { comment, indented, property } from './typescript.js'

const INTRODUCTION = `// Generated from the schema by \`npm run docs\`; do not edit.

/** One, or a list of them. */
export type OneOrMore<T> = T | readonly T[]

/** Such as \`500ms\`, \`10s\` or \`1h30m\`; a number means seconds, where no unit is required. */
export type Duration = string | number

/** Bytes, with a unit if you like: \`10MiB\`. */
export type Size = string | number

/** In octal digits, such as \`'0600'\`. */
export type FileMode = string | number
`

const kinds: Readonly<Record<string, string>> = {
  duration: 'Duration',
  size: 'Size',
  'file mode': 'FileMode',
}

/** lib/api/configuration.ts: what may stand in packetbeat.yml and is available, as the type of an object. */
export function configurationTypes(schema: z.ZodType): string {
  // Printed twice: what stands in several places is known then.
  const places = new Map<string, number>()
  const count = (text: string): false => {
    places.set(text, (places.get(text) ?? 0) + 1)
    return false
  }
  print(schema, new Printer(count))
  return print(schema, new Printer((text) => text.length > WORTH_A_NAME && (places.get(text) ?? 0) >= OFTEN))
}

const PROTOCOL_ENTRIES =
  'Every kind of entry of `packetbeat.protocols`, by its `type`. A plug-in adds its own, as to `EventTypes`.'

// Characters, and places; others are easier to read where they stand.
const WORTH_A_NAME = 800
const OFTEN = 3

function print(schema: z.ZodType, printer: Printer): string {
  const list = at(schema, 'processors')
  const shared = commonShape(list)
  printer.name(condition, 'Condition', 'One kind of test, and what it tests.')
  printer.name(
    elementOf(list),
    'ProcessorEntry',
    'One processor by its name, or `if` with `then` and `else`. A plug-in adds its own, as to `EventTypes`.',
  )
  const base = printer.members(shared)
  const types = [...entries(schema)].map(([type, entry]) => {
    const name = `${type.charAt(0).toUpperCase()}${type.slice(1)}Options`
    const own = Object.entries(entry.shape as Record<string, z.ZodType>).filter(
      ([key]) => !inherits(entry, key, shared),
    )
    const title = unwrap(entry).description ?? ''
    printer.parts.push(
      `${comment(`${title}.`)}export interface ${name} extends ProtocolOptions {\n${indented(printer.members(Object.fromEntries(own)))}\n}`,
    )
    return `  ${type}: ${name}`
  })
  printer.name(elementOf(at(schema, 'packetbeat', 'protocols')), 'ProtocolEntry', '')
  printer.name(
    unwrap(at(schema, 'packetbeat', 'flows')).schema,
    'FlowOptions',
    'Which flows are reported, and how often.',
  )
  const root = printer.type(schema)
  const parts = [
    INTRODUCTION.trimEnd(),
    `/** A whole configuration, like packetbeat.yml. */\nexport interface Configuration ${root}`,
    `${comment(PROTOCOL_ENTRIES)}export interface ProtocolEntries {\n${types.join('\n')}\n}`,
    '/** An entry of `packetbeat.protocols`, told apart by `type`. */\nexport type ProtocolEntry = ProtocolEntries[keyof ProtocolEntries]',
    `/** What all protocols can be told. */\nexport interface ProtocolOptions {\n${indented(base)}\n}`,
    ...printer.parts,
  ]
  return `${parts.join('\n\n')}\n`
}

const elementOf = (list: z.ZodType): z.ZodType =>
  unwrap(defOf(unwrap(list).schema).element as z.ZodType).schema

/** Whether an option of an entry is one that all entries have, and not the protocol's own of that name. */
function inherits(entry: z.ZodObject, key: string, shared: Record<string, z.ZodType>): boolean {
  const own = entry.shape[key] as z.ZodType
  return shared[key] !== undefined && unwrap(own).description === unwrap(shared[key]).description
}

class Printer {
  /** Declarations of what has a name. */
  readonly parts: string[] = []
  readonly #names = new Map<z.ZodType, string>()
  readonly #described = new Map<string, string>()
  readonly #declared = new Set<string>()
  readonly #isRepeated: (text: string) => boolean

  /** `isRepeated`: asked of the text of each section, whether it is to be a declaration of its own. */
  constructor(isRepeated: (text: string) => boolean) {
    this.#isRepeated = isRepeated
  }

  /** What is told by its name wherever it stands. */
  name(schema: z.ZodType, name: string, description: string): void {
    this.#names.set(schema, name)
    this.#described.set(name, description)
  }

  members(shape: Readonly<Record<string, z.ZodType>>): string {
    return Object.entries(shape)
      .filter(([, option]) => !unwrap(option).planned)
      .map(([key, option]) => this.#member(key, option))
      .join('\n')
  }

  type(schema: z.ZodType): string {
    const named = this.#named(schema)
    if (named !== undefined) return named
    const { schema: inner, nullable } = unwrap(schema)
    const type = kinds[kindOf(inner)?.name ?? ''] ?? this.#type(inner)
    return nullable ? `${type} | null` : type
  }

  #member(key: string, option: z.ZodType): string {
    const { description = '', optional, default: standard } = unwrap(option)
    const needed = !optional && standard === undefined
    const shown = withDefault(description, option)
    const type = this.#shared(key, this.type(option))
    return `${comment(shown)}${property(key)}${needed ? `: ${type}` : `?: ${type} | undefined`}`
  }

  /** A section that stands in several places has the name of its key. */
  #shared(key: string, type: string): string {
    if (!type.startsWith('{') || !this.#isRepeated(type)) return type
    const name = `${key.charAt(0).toUpperCase()}${key.slice(1)}Options`
    if (!this.#declared.has(name)) {
      this.#declared.add(name)
      this.parts.push(
        `${comment(`What is below \`${key}\`, wherever it stands.`)}export interface ${name} ${type}`,
      )
    }
    return name
  }

  /** What is within a lazy schema is made anew each time: it is known by what is around it. */
  #named(schema: z.ZodType): string | undefined {
    let name: string | undefined
    for (let inner: z.ZodType | undefined = schema; inner !== undefined && name === undefined; ) {
      name = this.#names.get(inner)
      inner = defOf(inner).innerType
    }
    if (name === undefined || this.#declared.has(name)) return name
    this.#declared.add(name)
    const description = this.#described.get(name) as string
    if (description !== '')
      this.parts.push(`${comment(description)}export interface ${name} ${this.#type(unwrap(schema).schema)}`)
    return name
  }

  #type(schema: z.ZodType): string {
    const def = defOf(schema)
    switch (def.type) {
      case 'object': {
        const members = this.members((schema as z.ZodObject).shape)
        return members === '' ? 'Record<string, never>' : `{\n${indented(members)}\n}`
      }
      case 'array':
        return `OneOrMore<${this.type(def.element as z.ZodType)}>`
      case 'enum':
        return words(Object.values(def.entries as object))
      case 'literal':
        return words(def.values as unknown[])
      case 'union':
        return [...new Set((def.options as z.ZodType[]).map((option) => this.type(option)))].join(' | ')
      case 'record':
        return `Readonly<Record<string, ${this.type(def.valueType as z.ZodType)}>>`
      case 'string':
      case 'number':
      case 'boolean':
        return def.type
      default:
        return 'unknown'
    }
  }
}

const words = (values: readonly unknown[]): string =>
  values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value))).join(' | ')

/** What stands there when nothing is written, where that is more than an empty section. */
function withDefault(description: string, option: z.ZodType): string {
  const { schema, default: standard } = unwrap(option)
  if (
    standard === undefined ||
    standard === '' ||
    (typeof standard === 'object' && standard !== null && Object.keys(standard).length === 0)
  )
    return description
  const written = kindOf(schema)?.written(standard) ?? standard
  return `${description} Default: \`${typeof written === 'string' ? written : JSON.stringify(written)}\`.`
}
