import { among, nearestName } from './nearest-name.js'
import type { Problems } from './problems.js'
import { plannedProcessors } from './schema/planned-processors.js'
import { display, type Key, type Node } from './tree.js'

const BRANCHES = ['if', 'then', 'else']

/** Takes processors that do not exist yet out of a configuration, and reports those that nobody knows. */
export class PlannedProcessors {
  /** Each with its name as label. */
  readonly taken: Node[] = []
  readonly #root: Node
  readonly #names: ReadonlySet<string>
  readonly #problems: Problems

  constructor(root: Node, names: readonly string[], problems: Problems) {
    this.#root = root
    this.#names = new Set(names)
    this.#problems = problems
  }

  /** From the `processors` of a section. */
  takeFrom(section: Node | undefined, path: Key[]): void {
    if (section?.kind === 'map') this.#child(section, 'processors', path)
  }

  #child(section: Node & { kind: 'map' }, key: string, path: Key[]): void {
    const node = section.entries.get(key)
    if (node === undefined) return
    const here = [...path, key]
    if (node.kind === 'map') {
      // A single processor needs no list.
      if (!this.#keeps(node, here)) section.entries.set(key, { kind: 'list', place: node.place, items: [] })
    } else if (node.kind === 'list') {
      const labels = node.items.map((_, index) => display(this.#root, [...here, index]))
      const kept = node.items.filter((item, index) => this.#keeps(item, [...here, index]))
      // What is left moved up: it keeps the name that its user gave it.
      for (const item of kept) item.label ??= labels[node.items.indexOf(item)] as string
      node.items = kept
    }
  }

  #keeps(entry: Node, path: Key[]): boolean {
    if (entry.kind !== 'map') return true
    if (entry.entries.has('if')) {
      for (const branch of BRANCHES) if (branch !== 'if') this.#child(entry, branch, path)
      return true
    }
    const names = [...entry.entries.keys()]
    if (names.length > 1) {
      const known = names.filter((name) => this.#names.has(name) || plannedProcessors.includes(name))
      if (known.length === names.length) {
        this.#problems.add(this.#root, path, `must be one processor, not ${names.length} (${among(names)})`)
        return false
      }
    }
    const planned = names.find((name) => !this.#names.has(name) && plannedProcessors.includes(name))
    if (planned !== undefined) {
      this.taken.push({ ...entry, label: display(this.#root, [...path, planned]) })
      return false
    }
    const unknown = names.find((name) => !this.#names.has(name))
    if (unknown === undefined) return true
    const allowed = [...this.#names, ...plannedProcessors.filter((name) => !this.#names.has(name))]
    const meant = nearestName(unknown, allowed)
    const guess = meant === undefined ? '' : `did you mean ${meant}? `
    this.#problems.add(
      this.#root,
      [...path, unknown],
      `is not a processor; ${guess}allowed: ${among(allowed)}`,
    )
    return false
  }
}
