import type { Clock } from './clock.js'
import { compileText } from './compile.js'
import { compileObject } from './compile-object.js'
import type { Field, Fields } from './fields.js'

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
  /** The document as an object, for processors and for outputs that look into it. All that is in it is its own. */
  object(transaction: T, origin: O): Document
}

/** An event as an object, nested as in its JSON text: `http.request.method` is `event.http.request.method`. */
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
  // Few runs need both forms.
  let object: Writer<T, O>['object'] = (transaction, origin) => {
    object = compileObject(root) as unknown as Writer<T, O>['object']
    return object(transaction, origin)
  }
  return {
    head,
    tail,
    text: (transaction, origin) => head + tail(transaction, origin),
    object: (transaction, origin) => object(transaction, origin),
  }
}

/** The levels of a document. A constant takes the place of the field of its name. */
export function tree(fields: Fields<unknown, Origin>, constants: Constants): Branch {
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
