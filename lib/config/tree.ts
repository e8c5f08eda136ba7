/** Where something was written: a file's name as the user gave it, and a line from 1; line 0: no file, such as `-E`. */
export interface Place {
  file: string
  line: number
}

export type Scalar = string | number | boolean | null

interface Positioned {
  /** Of its key, or of its list entry. */
  place: Place
  /** How the user called it, where that is not the path in the tree. */
  label?: string
}

export interface MapNode extends Positioned {
  kind: 'map'
  entries: Map<string, Node>
}

export interface ListNode extends Positioned {
  kind: 'list'
  items: Node[]
}

export interface ScalarNode extends Positioned {
  kind: 'scalar'
  value: Scalar
}

/** A piece of configuration that knows where it was written. Keys have no dots: `a.b: 1` is `a: {b: 1}`. */
export type Node = MapNode | ListNode | ScalarNode

export type Key = string | number

export const mapNode = (place: Place): MapNode => ({ kind: 'map', place, entries: new Map() })
export const listNode = (place: Place, items: Node[] = []): ListNode => ({ kind: 'list', place, items })
export const scalarNode = (place: Place, value: Scalar): ScalarNode => ({ kind: 'scalar', place, value })

export const at = ({ file, line }: Place): string => (line === 0 ? file : `${file}:${line}`)

/** The segments of a key; one with an empty segment, such as `.a` or `a..b`, is a name and stays whole. */
export function segments(key: string): string[] {
  const parts = key.split('.')
  return parts.some((part) => part === '') ? [key] : parts
}

/** A child by key or index; a lone value stands for a list of one, as everywhere in the configuration. */
export function child(node: Node, key: Key): Node | undefined {
  if (node.kind === 'map') return node.entries.get(String(key)) ?? (key === 0 ? node : undefined)
  if (node.kind === 'list') return node.items[Number(key)]
  return key === 0 ? node : undefined
}

/** The node at a path, or undefined. */
export function find(root: Node, path: readonly Key[]): Node | undefined {
  let node: Node | undefined = root
  for (const key of path) node = node && child(node, key)
  return node
}

/** The deepest node on a path that was written down: where to send a reader who asks about the path. */
export function nearest(root: Node, path: readonly PropertyKey[]): Node {
  let node = root
  for (const key of path) {
    const next = child(node, typeof key === 'symbol' ? '' : key)
    if (next === undefined) return node
    node = next
  }
  return node
}

/** A path as people write it, `packetbeat.protocols[0].ports`. */
export function display(root: Node, path: readonly PropertyKey[]): string {
  let text = ''
  let node: Node | undefined = root
  for (const key of path) {
    const next: Node | undefined = node && child(node, typeof key === 'symbol' ? '' : key)
    // An index into a value that stands for a list of one was not written.
    if (next !== undefined && next === node) continue
    const index = typeof key === 'number' || node?.kind === 'list'
    text =
      next?.label ??
      (index ? `${text}[${String(key)}]` : text === '' ? String(key) : `${text}.${String(key)}`)
    node = next
  }
  return text
}

/** The tree as plain data. */
export function plain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(plain)
  return Object.fromEntries([...node.entries].map(([key, value]) => [key, plain(value)]))
}

export function clone(node: Node): Node {
  if (node.kind === 'scalar') return { ...node }
  if (node.kind === 'list') return { ...node, items: node.items.map(clone) }
  return { ...node, entries: new Map([...node.entries].map(([key, value]) => [key, clone(value)])) }
}

const INDEX = /^(0|[1-9]\d*)$/

/** True for a map whose keys are all indices: part of a list, as `-E ports.0=80` writes it. */
export const isIndexed = (node: MapNode): boolean =>
  node.entries.size > 0 && [...node.entries.keys()].every((key) => INDEX.test(key))
