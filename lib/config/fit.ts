import type { z } from 'zod'
import { among, nearestName } from './nearest-name.js'
import type { Problems } from './problems.js'
import { numeric, truth } from './scalar.js'
import { child, display, isIndexed, type Key, type MapNode, type Node, plain } from './tree.js'
import { defOf, unwrap } from './unwrap.js'

/** An option that was used and does not exist yet. */
export interface PlannedUse {
  path: Key[]
  node: Node
}

/**
 * Makes a tree ready for its schema, which stays strict and simple: text becomes the number or truth value it says, a
 * lone value a list of one, null an absent setting. Finds the keys that the schema does not have, since only the tree
 * knows where they were written, and the planned options that are in use.
 */
export class Fitter {
  readonly planned: PlannedUse[] = []
  readonly #root: Node
  readonly #problems: Problems
  #silent = 0

  constructor(root: Node, problems: Problems) {
    this.#root = root
    this.#problems = problems
  }

  /** What to give to `schema`; undefined for a value that was reported and must not be reported again. */
  fit(schema: z.ZodType, node: Node, path: Key[] = []): unknown {
    const { schema: inner, planned, nullable: canBeNull, preprocessed } = unwrap(schema)
    // `drop_event:` without options is null; how to read that is up to its schema.
    const nullable = canBeNull || (preprocessed && defOf(inner).type === 'object')
    if (!planned || isOff(node)) return this.#inner(inner, nullable, node, path)
    if (this.#silent === 0) this.planned.push({ path, node })
    this.#silent++
    try {
      return this.#inner(inner, nullable, node, path)
    } finally {
      this.#silent--
    }
  }

  #inner(schema: z.ZodType, nullable: boolean, node: Node, path: Key[]): unknown {
    const def = defOf(schema)
    const value = node.kind === 'scalar' ? node.value : undefined
    if (value === null && !['unknown', 'any', 'pipe', 'union', 'null'].includes(def.type))
      return nullable ? null : undefined
    switch (def.type) {
      case 'object':
        return this.#object(schema as z.ZodObject, node, path)
      case 'union':
        return 'discriminator' in def
          ? this.#choice(schema as z.ZodDiscriminatedUnion, node, path)
          : plain(node)
      case 'array':
        return this.#list(def.element as z.ZodType, node, path)
      case 'record':
        return this.#record(def.valueType as z.ZodType, node, path)
      case 'number':
        return typeof value === 'string' ? (numeric(value.trim()) ?? value) : plain(node)
      case 'boolean':
        return typeof value === 'string' ? (truth(value.trim()) ?? value) : plain(node)
      case 'string':
      case 'enum':
      case 'literal':
        return typeof value === 'number' || typeof value === 'boolean' ? String(value) : plain(node)
      default:
        return plain(node)
    }
  }

  #object(schema: z.ZodObject, node: Node, path: Key[]): unknown {
    if (node.kind !== 'map')
      return this.#wrong(path, `must be a section with settings of its own, not ${told(node)}`)
    const shape = schema.shape as Record<string, z.ZodType>
    const { catchall } = schema.def
    const result: Record<string, unknown> = {}
    for (const [key, value] of node.entries) {
      const here = [...path, key]
      const option = Object.hasOwn(shape, key) ? shape[key] : undefined
      if (option !== undefined) result[key] = this.fit(option, value, here)
      else if (catchall !== undefined && defOf(catchall as z.ZodType).type !== 'never')
        result[key] = plain(value)
      else this.unknown(here, Object.keys(shape))
    }
    return result
  }

  #choice(schema: z.ZodDiscriminatedUnion, node: Node, path: Key[]): unknown {
    const { discriminator } = schema.def
    const options = new Map<string, z.ZodObject>()
    for (const option of schema.options as z.ZodObject[])
      for (const name of defOf(option.shape[discriminator] as z.ZodType).values as string[])
        options.set(name, option)
    if (node.kind !== 'map')
      return this.#wrong(path, `must be a section with a ${discriminator}, not ${told(node)}`)
    const chosen = child(node, discriminator)
    if (chosen === undefined || chosen.kind !== 'scalar' || chosen.value === null)
      return this.#wrong(path, `has no ${discriminator}; allowed: ${among(options.keys())}`)
    const name = String(chosen.value)
    const option = options.get(name)
    if (option !== undefined) return this.fit(option, node, path)
    const meant = nearestName(name, options.keys())
    const guess = meant === undefined ? '' : `did you mean ${meant}? `
    return this.#wrong(
      [...path, discriminator],
      `"${name}" is not known; ${guess}allowed: ${among(options.keys())}`,
    )
  }

  #list(element: z.ZodType, node: Node, path: Key[]): unknown {
    if (node.kind === 'map' && isIndexed(node)) {
      const entries = [...node.entries].sort(([a], [b]) => Number(a) - Number(b))
      return entries.map(([key, item]) => this.fit(element, item, [...path, key]))
    }
    if (node.kind === 'scalar' && ['object', 'union'].includes(defOf(unwrap(element).schema).type))
      return this.#wrong(path, `must be a list of sections, not ${told(node)}`)
    if (node.kind !== 'list') return [this.fit(element, node, path)]
    return node.items.map((item, index) => this.fit(element, item, [...path, index]))
  }

  #record(values: z.ZodType, node: Node, path: Key[]): unknown {
    if (node.kind !== 'map')
      return this.#wrong(path, `must be a section of names and values, not ${told(node)}`)
    return Object.fromEntries(
      [...node.entries].map(([key, value]) => [key, this.fit(values, value, [...path, key])]),
    )
  }

  /** Reports a key that is not among those allowed. */
  unknown(path: Key[], allowed: readonly string[]): void {
    const name = String(path.at(-1))
    const meant = nearestName(name, allowed)
    const guess = meant === undefined ? '' : `did you mean ${meant}? `
    this.#problems.add(this.#root, path, `is not a setting; ${guess}allowed: ${among(allowed)}`)
  }

  #wrong(path: Key[], message: string): undefined {
    this.#problems.add(this.#root, path, message)
  }

  /** The name of a path, as the user wrote it. */
  name(path: Key[]): string {
    return display(this.#root, path)
  }
}

/** Nothing is missed when what does not exist is turned off. */
function isOff(node: Node): boolean {
  if (node.kind === 'scalar') return node.value === false || node.value === null
  if (node.kind === 'list') return node.items.length === 0
  const enabled = (node as MapNode).entries.get('enabled')
  return enabled?.kind === 'scalar' && (enabled.value === false || truth(String(enabled.value)) === false)
}

const told = (node: Node): string =>
  node.kind === 'scalar' ? JSON.stringify(node.value) : node.kind === 'list' ? 'a list' : 'a section'
