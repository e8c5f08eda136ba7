import type { Field, Fields, Members } from '../../lib/events/fields.js'
import { type Branch, type Leaf, type Node, type Origin, tree } from '../../lib/events/writer.js'
import { processMembers } from '../../lib/procs/fields.js'
import { recordMembers } from '../../lib/protocols/dns/record-members.js'
import type { Protocol } from '../../lib/protocols/protocol.js'
import { certificateMembers } from '../../lib/protocols/tls/certificate-members.js'
import { type EventTrees, eventTrees } from './event-trees.js'
import { meanings } from './fields-md.js'
import { comment, indented, property } from './typescript.js'

const INTRODUCTION = `// Generated from the field lists by \`npm run docs\`; do not edit.

/**
 * Every type of event, by its \`type\`. A plug-in adds its own: \`declare module 'packetbeat-native' { interface EventTypes {
 * name: NameEvent } }\`.
 */
`

/** lib/api/events.ts: the types of events, made of the same levels as the events. */
export function eventTypes(
  protocols: readonly Pick<Protocol, 'name' | 'title' | 'fields' | 'constants'>[],
): string {
  const trees = eventTrees(protocols)
  const names = [...trees.events.keys()].map((type) => `  ${property(type)}: ${nameOf(type)}`)
  const parts = [
    `${INTRODUCTION}export interface EventTypes {\n${names.join('\n')}\n}`,
    '/** An event of any type, told apart by `type`. */\nexport type Event = EventTypes[keyof EventTypes]',
    ...declarations(trees, protocols),
  ]
  return `${parts.join('\n\n')}\n`
}

const nameOf = (type: string): string => `${type.charAt(0).toUpperCase()}${type.slice(1)}Event`

function declarations(
  { all, transactions, events }: EventTrees,
  protocols: Parameters<typeof eventTypes>[0],
) {
  const printer = new Printer()
  const title = (type: string) => protocols.find(({ name }) => name === type)?.title ?? 'Who talks to whom'
  const parts = [
    printer.declare('CommonFields', 'What all events have.', all),
    printer.declare('TransactionEvent', 'What all transactions have.', transactions, ['CommonFields', all]),
    ...[...events].map(([type, tree]) =>
      type === 'flow'
        ? printer.declare(nameOf(type), `${title(type)}.`, tree, ['CommonFields', all])
        : printer.declare(nameOf(type), `${title(type)}.`, tree, ['TransactionEvent', transactions]),
    ),
  ]
  return [...printer.shared.values(), ...parts]
}

/** Of objects that stand in more than one place. */
const names = new Map<Members, readonly [name: string, description: string]>([
  [processMembers, ['EventProcess', 'A process of this machine']],
  [recordMembers, ['DnsRecord', 'A resource record of DNS']],
  [certificateMembers, ['Certificate', 'An X.509 certificate']],
])

type Base = readonly [name: string, tree: Branch]

class Printer {
  /** Declarations of objects that stand in more than one place. */
  readonly shared = new Map<Members, string>()

  /** An interface; what its base says is not said again. */
  declare(name: string, description: string, tree: Branch, base?: Base): string {
    const over = base === undefined ? '' : ` extends ${base[0]}`
    return `${comment(description)}export interface ${name}${over} {\n${indented(this.#members(tree, base))}\n}`
  }

  #members(tree: Branch, base?: Base): string {
    return [...tree]
      .filter(([key, node]) => base === undefined || this.#differs(node, base[1].get(key)))
      .map(([key, node]) => this.#member(key, node, '', base))
      .join('\n')
  }

  #differs(node: Node, known: Node | undefined): boolean {
    return known === undefined || this.#member('', node, '') !== this.#member('', known, '')
  }

  #member(key: string, node: Node, path: string, base?: Base): string {
    const name = `${property(key)}${isSure(node) ? '' : '?'}`
    if (!(node instanceof Map)) return `${descriptionOf(path + key, node)}${name}: ${this.#type(node)}`
    const known = base?.[1].get(key)
    const inBase =
      known instanceof Map ? `${base?.[0]}[${JSON.stringify(key).replaceAll('"', "'")}]` : undefined
    if (known instanceof Map) assertNarrows(key, node, known)
    const differing = [...node].filter(
      ([inner, child]) => !(known instanceof Map) || this.#differs(child, known.get(inner)),
    )
    const members = differing.map(([inner, child]) => this.#member(inner, child, `${path}${key}.`)).join('\n')
    const more = `{\n${indented(members)}\n}`
    if (inBase === undefined) return `${name}: ${more}`
    return `${name}: ${isSure(known as Branch) ? inBase : `NonNullable<${inBase}>`} & ${more}`
  }

  #type(leaf: Leaf): string {
    if ('constant' in leaf) return constantType(leaf.constant)
    const one = this.#one(leaf.field)
    const many = one.includes(' ') && !one.startsWith('{') ? `(${one})[]` : `${one}[]`
    return leaf.field.list === undefined ? one : leaf.field.list === true ? many : `${one} | ${many}`
  }

  #one({
    type,
    words,
    members,
    orText,
  }: Pick<Field<never, never>, 'type' | 'words' | 'members' | 'orText'>): string {
    if (words !== undefined) return words.map((word) => `'${word}'`).join(' | ')
    switch (type) {
      case 'long':
      case 'double':
        return orText ? 'number | string' : 'number'
      case 'boolean':
        return 'boolean'
      case 'object':
        return members === undefined ? 'Record<string, unknown>' : this.#shared(members)
      default:
        return 'string'
    }
  }

  #shared(members: Members): string {
    const [name, description] = names.get(members) ?? []
    if (name === undefined) return `{\n${indented(this.#members(membersTree(members)))}\n}`
    if (!this.shared.has(members)) {
      this.shared.set(members, this.declare(name, `${description}.`, membersTree(members)))
    }
    return name
  }
}

const descriptionOf = (name: string, leaf: Leaf): string =>
  comment(
    'constant' in leaf
      ? name === 'type'
        ? 'Tells events apart.'
        : (meanings[name] ?? '')
      : leaf.field.description,
  )

function constantType(value: unknown): string {
  if (Array.isArray(value)) return 'string[]'
  return typeof value === 'string' ? `'${value}'` : 'string'
}

/** Whether it is in every event. */
const isSure = (node: Node): boolean =>
  node instanceof Map ? [...node.values()].some(isSure) : 'constant' in node || node.field.always === true

/** What an interface that extends another says anew may be less than there, never more. */
function assertNarrows(path: string, tree: Branch, base: Branch): void {
  for (const [key, node] of base) {
    const own = tree.get(key)
    if (own === undefined || (isSure(node) && !isSure(own)))
      throw new Error(`${path}.${key} is in every event of the one list of fields and not of the other`)
    if (node instanceof Map && own instanceof Map) assertNarrows(`${path}.${key}`, own, node)
  }
}

const membersTree = (members: Members): Branch =>
  tree(
    Object.fromEntries(
      Object.entries(members).map(([name, member]) => [name, { ...member, value: () => undefined }]),
    ) as Fields<unknown, Origin>,
    {},
  )
