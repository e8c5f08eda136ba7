import { Problems } from './problems.js'
import { readYamlValue } from './read-yaml.js'
import { scalar } from './scalar.js'
import { isTemplate, parseTemplate, type Reference, type Template } from './template.js'
import { clone, find, type Key, type MapNode, type Node, type Place, scalarNode, segments } from './tree.js'

/** What a name means outside of the configuration. */
export interface Lookup {
  /** A secret of the keystore: taken as it is, and before all others. */
  secret(name: string): string | undefined
  /** A variable of the environment. */
  variable(name: string): string | undefined
}

/**
 * Replaces all references: by a secret of that name, else by a variable, by another setting, by their default.
 * @throws {UserError} 'ERR_CONFIG_VARIABLE' for a name nobody has, and for settings that refer to themselves.
 */
export function resolveVariables(root: MapNode, lookup: Lookup): MapNode {
  const problems = new Problems()
  const resolved = new Resolver(root, lookup, problems).node(root, []) as MapNode
  problems.raise()
  return resolved
}

/** The same for one text of a configuration, such as the place of the keystore. */
export function resolveText(root: MapNode, text: Node, lookup: Lookup): Node {
  const problems = new Problems()
  const resolved = new Resolver(root, lookup, problems).node(text, [])
  problems.raise()
  return resolved
}

class Unresolved extends Error {}

class Resolver {
  readonly #root: MapNode
  readonly #lookup: Lookup
  readonly #problems: Problems
  /** Settings that are being looked up, outermost first. */
  readonly #active: string[] = []

  constructor(root: MapNode, lookup: Lookup, problems: Problems) {
    this.#root = root
    this.#lookup = lookup
    this.#problems = problems
  }

  node(node: Node, path: Key[]): Node {
    if (node.kind === 'list')
      return { ...node, items: node.items.map((item, index) => this.node(item, [...path, index])) }
    if (node.kind === 'map') {
      const entries = [...node.entries].map(
        ([key, value]) => [key, this.node(value, [...path, key])] as const,
      )
      return { ...node, entries: new Map(entries) }
    }
    if (typeof node.value !== 'string' || !isTemplate(node.value)) return node
    try {
      return this.#whole(parseTemplate(node.value), node.place)
    } catch (error) {
      if (!(error instanceof Unresolved || error instanceof SyntaxError)) throw error
      this.#problems.add(this.#root, path, error.message, 'ERR_CONFIG_VARIABLE')
      return node
    }
  }

  /** A reference on its own keeps its type, and may be a whole section; among other text it becomes text. */
  #whole(template: Template, place: Place): Node {
    const [only] = template
    if (template.length === 1 && typeof only === 'object') return this.#reference(only, place)
    return scalarNode(place, this.#text(template, place))
  }

  #text(template: Template, place: Place): string {
    return template
      .map((part) => {
        if (typeof part === 'string') return part
        const node = this.#reference(part, place)
        if (node.kind !== 'scalar')
          throw new Unresolved(`refers to ${nameOf(part)}, a ${node.kind}, in the middle of a text`)
        return node.value === null ? '' : String(node.value)
      })
      .join('')
  }

  #reference(reference: Reference, place: Place): Node {
    const name = this.#text(reference.name, place)
    const secret = this.#lookup.secret(name)
    if (secret !== undefined) return scalarNode(place, secret)
    const variable = this.#lookup.variable(name)
    // As in a shell, an empty variable takes the default too.
    if (variable !== undefined && (variable !== '' || reference.operator === ''))
      return parsed(variable, place)
    const setting = variable === undefined ? this.#setting(name, place) : undefined
    if (setting !== undefined) return setting
    if (reference.operator === ':') {
      const text = this.#text(reference.rest, place)
      return text === '' ? scalarNode(place, '') : parsed(text, place)
    }
    if (reference.operator === ':?') {
      const message = this.#text(reference.rest, place)
      throw new Unresolved(
        `needs the variable ${name}${message === '' ? '' : `: ${message.replace(/\.$/, '')}`}`,
      )
    }
    const kind = name.includes('.') ? 'a setting' : 'a variable'
    throw new Unresolved(
      `refers to ${kind} that is not set, ${name}; set it, or write a default: \${${name}:default}`,
    )
  }

  #setting(name: string, place: Place): Node | undefined {
    const path = segments(name)
    const target = find(this.#root, path)
    if (target === undefined) return undefined
    const circle = this.#active.indexOf(name)
    if (circle !== -1)
      throw new Unresolved(`refers to itself: ${[...this.#active.slice(circle), name].join(' -> ')}`)
    this.#active.push(name)
    try {
      const copy = this.#inside(clone(target))
      copy.place = place
      return copy
    } finally {
      this.#active.pop()
    }
  }

  /** Like `node`, but a failure is the referring setting's. */
  #inside(node: Node): Node {
    if (node.kind === 'list') return { ...node, items: node.items.map((item) => this.#inside(item)) }
    if (node.kind === 'map') {
      const entries = [...node.entries].map(([key, value]) => [key, this.#inside(value)] as const)
      return { ...node, entries: new Map(entries) }
    }
    if (typeof node.value !== 'string' || !isTemplate(node.value)) return node
    return this.#whole(parseTemplate(node.value), node.place)
  }
}

const nameOf = ({ name }: Reference): string =>
  name.map((part) => (typeof part === 'string' ? part : '…')).join('')

/**
 * What the text of a variable means: lists in brackets or separated by commas, maps in braces, quoted texts, numbers
 * and truth values; everything else is the text itself.
 */
function parsed(text: string, place: Place): Node {
  const trimmed = text.trim()
  const structured = /^[[{"']/.test(trimmed)
  if (!structured && !trimmed.includes(',')) return scalarNode(place, scalar(trimmed))
  try {
    return repositioned(readYamlValue(structured ? trimmed : `[${trimmed}]`, place.file), place)
  } catch {
    return scalarNode(place, text)
  }
}

function repositioned(node: Node, place: Place): Node {
  node.place = place
  const children = node.kind === 'list' ? node.items : node.kind === 'map' ? node.entries.values() : []
  for (const item of children) repositioned(item, place)
  return node
}
