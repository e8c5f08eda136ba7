import type { Endpoints } from './endpoints.js'
import type { Field, Fields, Value } from './fields.js'
import { quoted } from './json.js'

/** Turns transactions into documents. Both forms come from one list of fields, so they cannot differ. */
export interface Writer<T> {
  /** The document as JSON text, without a line end. */
  text(transaction: T, endpoints: Endpoints): string
  /** The document as an object of its own, for processors and for outputs that look into it. */
  object(transaction: T, endpoints: Endpoints): Document
}

export type Document = Record<string, unknown>

/** What every document of a writer has, by full field name; undefined takes a field away. */
export type Constants = Readonly<Record<string, unknown>>

/**
 * Compiles the fields of a protocol. The generated function concatenates JSON text with its fragments known in
 * advance, at less than half the price of building an object and stringifying it. What depends on the conversation
 * alone is printed once and kept in a small table, so that an open connection costs no memory for it.
 */
export function compileWriter<T>(fields: Fields<T>, constants: Constants): Writer<T> {
  const root = tree(fields, constants)
  const generator = new Generator<T>()
  const body = generator.root(root)
  const code = `"use strict";
return function text(transaction, endpoints) {
  const clock = endpoints.clock
  const kept = keep(endpoints)
  let ${['out = ""', 'value', ...generator.flags.map((flag) => `${flag} = false`)].join(', ')}
${body}
  return out
}`
  const keep = keeper<T>(generator.kept)
  const values = generator.fields.map((field) => field.value)
  const names = values.map((_, index) => `value${index}`)
  const text = new Function('keep', 'quoted', ...names, code)(keep, quoted, ...values) as Writer<T>['text']
  return { text, object: (transaction, endpoints) => document(root, transaction, endpoints) }
}

// --- the tree: names with dots become nested objects ---------------------------------------------------------------------

type Leaf<T> = { constant: unknown } | { field: Field<T> }
type Node<T> = Leaf<T> | Branch<T>
type Branch<T> = Map<string, Node<T>>

function tree<T>(fields: Fields<T>, constants: Constants): Branch<T> {
  const root: Branch<T> = new Map()
  // Constants first: a level that has one is open from its start.
  for (const [name, constant] of Object.entries(constants))
    if (constant !== undefined) place(root, name, { constant })
  const taken = new Set(Object.keys(constants))
  const all = Object.entries(fields).filter(([name]) => !taken.has(name))
  for (const [name, field] of all) if (field.ofConversation) place(root, name, { field })
  for (const [name, field] of all) if (!field.ofConversation) place(root, name, { field })
  return root
}

function place<T>(root: Branch<T>, name: string, leaf: Leaf<T>): void {
  const path = name.split('.')
  const last = path.pop() as string
  let branch = root
  for (const key of path) {
    let next = branch.get(key)
    if (!(next instanceof Map)) branch.set(key, (next = new Map()))
    branch = next
  }
  const present = branch.get(last)
  // A constant never hides a whole object of fields, nor a field a constant.
  if (!(present instanceof Map)) branch.set(last, leaf)
}

// --- the object form -------------------------------------------------------------------------------------------------------

function document<T>(branch: Branch<T>, transaction: T, endpoints: Endpoints): Document {
  const into: Document = {}
  for (const [key, node] of branch) {
    const value =
      node instanceof Map
        ? nonEmpty(document(node, transaction, endpoints))
        : 'constant' in node
          ? structuredClone(node.constant)
          : plain(node.field, transaction, endpoints)
    if (value !== undefined) into[key] = value
  }
  return into
}

const nonEmpty = (value: Document): Document | undefined =>
  Object.keys(value).length > 0 ? value : undefined

function plain<T>(field: Field<T>, transaction: T, endpoints: Endpoints): Value {
  const value = field.value(transaction, endpoints)
  return field.type === 'date' && value !== undefined ? endpoints.clock.iso(value as number) : value
}

// --- the text form -----------------------------------------------------------------------------------------------------------

const json = (value: unknown): string => JSON.stringify(value)

/** How an object stands when a field of it is to be written: known to be open, known not to be, or told by a flag. */
type State = { open: boolean } | { flag: string }

class Generator<T> {
  readonly fields: Field<T>[] = []
  readonly flags: string[] = []
  /** What the conversation's fields print, each with the text before it when there is a value. */
  readonly kept: { before: string; field: Field<T> }[] = []

  root(branch: Branch<T>): string {
    const lines = ['  out = "{"']
    const state: State = { open: false }
    this.#level(branch, [], [state], lines)
    lines.push('  out += "}"')
    return lines.join('\n')
  }

  #level(branch: Branch<T>, path: string[], states: State[], lines: string[]): void {
    for (const [key, node] of branch) {
      if (node instanceof Map) this.#object(key, node, path, states, lines)
      else this.#leaf(key, node, path, states, lines)
    }
  }

  #object(key: string, node: Branch<T>, path: string[], states: State[], lines: string[]): void {
    const sure = [...node.values()].some(always)
    const parent = states.at(-1) as State
    let state: State
    if (sure && 'open' in parent) {
      lines.push(`  out += ${json(`${parent.open ? ',' : ''}${json(key)}:{`)}`)
      parent.open = true
      state = { open: false }
      const first = new Map([...node].sort(([, a], [, b]) => Number(always(b)) - Number(always(a))))
      this.#level(first, [...path, key], [...states, state], lines)
      lines.push('  out += "}"')
      return
    }
    const flag = `open${this.flags.length}`
    this.flags.push(flag)
    state = { flag }
    this.#level(node, [...path, key], [...states, state], lines)
    lines.push(`  if (${flag}) out += "}"`)
  }

  #leaf(key: string, leaf: Leaf<T>, path: string[], states: State[], lines: string[]): void {
    if ('constant' in leaf) {
      lines.push(...this.#opened(path, states), `  out += ${json(`${json(key)}:${json(leaf.constant)}`)}`)
      return
    }
    const { field } = leaf
    const parent = states.at(-1) as State
    if (field.ofConversation && 'open' in parent) {
      // Kept with its comma, so that an absent value leaves nothing behind. The first of a level is always there.
      const before = `${parent.open ? ',' : ''}${json(key)}:`
      lines.push(`  out += kept[${this.kept.length}]`)
      this.kept.push({ before, field })
      parent.open = true
      return
    }
    const name = `value${this.fields.length}`
    this.fields.push(field)
    const opened = this.#opened(
      path,
      states.map((state) => ({ ...state })),
    )
    lines.push(
      `  value = ${name}(transaction, endpoints)`,
      '  if (value !== undefined) {',
      ...opened,
      `  out += ${json(`${json(key)}:`)} + ${printed(field)}`,
      '  }',
    )
  }

  /** Code that writes what stands before a field: the comma after its neighbour, or the opening of its objects. */
  #opened(path: string[], states: State[]): string[] {
    const lines: string[] = []
    states.forEach((state, depth) => {
      const name = depth < path.length ? json(`${json(path[depth])}:{`) : undefined
      const next = states[depth + 1]
      if ('open' in state) {
        // A deeper level that a flag tells writes this level's comma itself, when it opens.
        if (next === undefined) lines.push(state.open ? '  out += ","' : '')
        if (next === undefined) state.open = true
        if (next !== undefined && 'flag' in next)
          lines.push(`  if (!${next.flag}) { out += ${state.open ? '","' : '""'} + ${name} }`)
      } else if (next === undefined) {
        lines.push(`  if (${state.flag}) out += ","; else ${state.flag} = true`)
      } else if ('flag' in next) {
        lines.push(
          `  if (!${next.flag}) { if (${state.flag}) out += ","; else ${state.flag} = true; out += ${name} }`,
        )
      }
    })
    return lines.filter((line) => line !== '')
  }
}

const always = <T>(node: Node<T>): boolean =>
  !(node instanceof Map) && ('constant' in node || node.field.ofConversation === true)

/** An expression that prints `value`. */
function printed<T>(field: Field<T>): string {
  if (field.list !== undefined || field.type === 'object') return 'JSON.stringify(value)'
  switch (field.type) {
    case 'date':
      return `'"' + clock.iso(value) + '"'`
    case 'ip':
      return `'"' + value + '"'`
    case 'long':
    case 'double':
    case 'boolean':
      return 'value'
    default:
      return 'quoted(value)'
  }
}

// A power of two; enough for the connections that are busy at one time.
const KEPT = 4096

/** Prints a conversation's own fields once, and keeps the text while the conversation is busy. */
function keeper<T>(parts: { before: string; field: Field<T> }[]): (endpoints: Endpoints) => string[] {
  const whose: (Endpoints | undefined)[] = new Array(KEPT)
  const texts: string[][] = new Array(KEPT)
  return (endpoints) => {
    const place = endpoints.place & (KEPT - 1)
    if (whose[place] === endpoints) return texts[place] as string[]
    whose[place] = endpoints
    return (texts[place] = parts.map(({ before, field }) => {
      const value = field.value(undefined as T, endpoints)
      return value === undefined ? '' : before + JSON.stringify(value)
    }))
  }
}
