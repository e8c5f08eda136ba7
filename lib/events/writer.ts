import type { Clock } from './clock.js'
import { compileText } from './compile.js'
import type { Field, Fields, Value } from './fields.js'

/** Whose events they are: their clock, and a number that spreads conversations over tables. */
export interface Origin {
  readonly clock: Clock
  readonly place: number
  /** True while what depends on it alone may still change, so that it is not kept. */
  readonly unsettled?: boolean
}

/** Turns transactions into documents. Both forms come from one list of fields, so they cannot differ. */
export interface Writer<T, O extends Origin> {
  /** What the JSON text of every document begins with: a part that need not be made again and again. */
  readonly head: string
  /** The rest of the document's text, without a line end. */
  tail(transaction: T, origin: O): string
  /** All of it. */
  text(transaction: T, origin: O): string
  /** The document as an object of its own, for processors and for outputs that look into it. */
  object(transaction: T, origin: O): Document
}

export type Document = Record<string, unknown>

/** What every document of a writer has, by full field name; undefined takes a field away. */
export type Constants = Readonly<Record<string, unknown>>

/** A level of a document: names with dots have become nested ones. What is always there stands first. */
export type Branch = Map<string, Node>
export type Node = Leaf | Branch
export type Leaf = { constant: unknown } | { field: Field<unknown, Origin> }

export function compileWriter<T, O extends Origin>(fields: Fields<T, O>, constants: Constants): Writer<T, O> {
  const root = tree(fields as Fields<unknown, never> as Fields<unknown, Origin>, constants)
  const { head, tail } = compileText(root) as { head: string; tail: Writer<T, O>['tail'] }
  return {
    head,
    tail,
    text: (transaction, origin) => head + tail(transaction, origin),
    object: (transaction, origin) => documentOf(root, transaction, origin),
  }
}

/** A constant takes the place of the field of its name. */
function tree(fields: Fields<unknown, Origin>, constants: Constants): Branch {
  const root: Branch = new Map()
  for (const [name, constant] of Object.entries(constants))
    if (constant !== undefined) place(root, name, { constant })
  const own = Object.entries(fields).filter(([name]) => !(name in constants))
  for (const [name, field] of own) if (field.ofConversation) place(root, name, { field })
  for (const [name, field] of own) if (!field.ofConversation) place(root, name, { field })
  return root
}

function place(root: Branch, name: string, leaf: Leaf): void {
  const path = name.split('.')
  const last = path.pop() as string
  let branch = root
  for (const key of path) {
    const present = branch.get(key)
    const inner: Branch = present instanceof Map ? present : new Map()
    if (inner !== present) branch.set(key, inner)
    branch = inner
  }
  // A single value never hides a whole object of fields.
  if (!(branch.get(last) instanceof Map)) branch.set(last, leaf)
}

function documentOf(branch: Branch, transaction: unknown, origin: Origin): Document {
  const document: Document = {}
  for (const [key, node] of branch) {
    const value =
      node instanceof Map
        ? filledObject(documentOf(node, transaction, origin))
        : 'constant' in node
          ? structuredClone(node.constant)
          : printable(node.field, transaction, origin)
    if (value !== undefined) document[key] = value
  }
  return document
}

const filledObject = (value: Document): Document | undefined =>
  Object.keys(value).length > 0 ? value : undefined

function printable(field: Field<unknown, Origin>, transaction: unknown, origin: Origin): Value {
  const asked = field.of === undefined ? transaction : field.of(transaction, origin)
  if (field.of !== undefined && asked === undefined) return undefined
  const value = field.own?.(transaction, origin) ?? field.value(asked, origin)
  // What the fields keep for other events is not for processors to change.
  if (field.members !== undefined && value !== undefined) return structuredClone(value)
  return field.type === 'date' && typeof value === 'number' ? origin.clock.iso(value) : value
}
