import { setKey } from './document.js'
import type { Field } from './fields.js'
import { kept } from './kept.js'
import type { Branch, Document, Leaf, Origin } from './writer.js'

/**
 * Compiles a document's tree into a function that makes it as an object: assignments in one order, so that V8 knows few
 * shapes of it. Nothing in the object is shared with anything else. What depends on the conversation alone is asked once.
 */
export function compileObject(root: Branch): (transaction: unknown, origin: Origin) => Document {
  const generator = new Generator()
  const document = generator.branch(root)
  const { values, parts, ofConversation, lines } = generator
  const code = `"use strict"
${parts.map((_, index) => `const of${index} = parts[${index}]`).join('\n')}
return function object(transaction, origin) {
  const clock = origin.clock
  const kept = keep(origin)
  let value
${parts.map((_, index) => `  const part${index} = of${index}(transaction, origin)`).join('\n')}
${lines.join('\n')}
  return ${document}
}`
  const names = values.map((_, index) => `value${index}`)
  const make = new Function('keep', 'copy', 'parts', ...names, code)
  const keep = kept((origin) => ofConversation.map((field) => field.value(undefined, origin)))
  return make(keep, copy, parts, ...values)
}

class Generator {
  readonly values: Field<unknown, Origin>['value'][] = []
  /** Parts of transactions that fields are of. */
  readonly parts: NonNullable<Field<unknown, Origin>['of']>[] = []
  /** Fields that are asked once a conversation. */
  readonly ofConversation: Field<unknown, Origin>[] = []
  readonly lines: string[] = []
  #objects = 0

  /** Writes the lines that make a level of the document; answers the variable it is in, undefined where it is empty. */
  branch(branch: Branch): string {
    const name = `object${this.#objects++}`
    const inner = [...branch].map(([key, node]) =>
      node instanceof Map ? ([key, this.branch(node), isSure(node)] as const) : ([key, node] as const),
    )
    const literal = inner.flatMap(([key, node, sure]) => {
      if (typeof node === 'string') return sure ? [`${property(key)}: ${node}`] : []
      return 'constant' in node ? [`${property(key)}: ${constant(node.constant)}`] : []
    })
    const sure = isSure(branch)
    this.lines.push(sure ? `  const ${name} = {${literal.join(', ')}}` : `  let ${name}`)
    const object = sure ? name : `(${name} ??= {})`
    for (const [key, node, isThere] of inner) {
      const at = `${object}[${JSON.stringify(key)}]`
      if (typeof node !== 'string') this.#leaf(at, node)
      else if (!isThere) this.lines.push(`  if (${node} !== undefined) ${at} = ${node}`)
    }
    return name
  }

  #leaf(at: string, leaf: Leaf): void {
    if ('constant' in leaf) return
    const { field } = leaf
    this.lines.push(`  value = ${this.#asked(field)}`, `  if (value !== undefined) ${at} = ${owned(field)}`)
  }

  #asked(field: Field<unknown, Origin>): string {
    const { of, value, own, ofConversation } = field
    if (ofConversation) {
      const kept = `kept[${this.ofConversation.push(field) - 1}]`
      return own === undefined ? kept : `${this.#call(own, 'transaction')} ?? ${kept}`
    }
    if (of === undefined) return this.#call(value, 'transaction')
    if (!this.parts.includes(of)) this.parts.push(of)
    const part = `part${this.parts.indexOf(of)}`
    return `${part} === undefined ? undefined : ${this.#call(value, part)}`
  }

  #call(value: Field<unknown, Origin>['value'], what: string): string {
    return `value${this.values.push(value) - 1}(${what}, origin)`
  }
}

/** An expression for the event's own `value`. */
function owned({ type, list, json }: Field<unknown, Origin>): string {
  if (type === 'date') return "typeof value === 'number' ? clock.iso(value) : value"
  if (list !== undefined || type === 'object') return 'copy(value)'
  // A number that is printed with more digits than it has is an object.
  return type === 'long' && json !== undefined ? "typeof value === 'object' ? Number(value) : value" : 'value'
}

/** As code, so that each document has its own of it. Names may be a user's. */
function constant(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(constant).join(', ')}]`
  const properties = Object.entries(value).map(([key, inner]) => `${property(key)}: ${constant(inner)}`)
  return `{${properties.join(', ')}}`
}

/** `{"__proto__": x}` would be no property. */
const property = (key: string): string => (key === '__proto__' ? '["__proto__"]' : JSON.stringify(key))

/** Whether it is in every document; the first of a conversation's fields always has a value: its addresses. */
const isSure = (branch: Branch): boolean =>
  [...branch.values()].some((node) =>
    node instanceof Map ? isSure(node) : 'constant' in node || node.field.ofConversation === true,
  )

/** A copy of plain data, as JSON would show it. */
function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copy)
  const own: Document = {}
  for (const key of Object.keys(value)) {
    const inner = (value as Document)[key]
    if (inner !== undefined) setKey(own, key, copy(inner))
  }
  return own
}
