import type { Field, Members } from '../../lib/events/fields.js'
import type { Branch, Document, Leaf } from '../../lib/events/writer.js'
import { protocols } from '../../lib/protocols/index.js'
import { eventTrees } from '../../scripts/docs/event-trees.js'

const trees = eventTrees(protocols)

/** What of an event is not as lib/api/events.ts says, which is made of the same levels; empty: it fits. */
export function misfits(event: Document): string[] {
  const tree = trees.events.get(String(event.type))
  return tree === undefined ? [`${String(event.type)} is no type`] : [...ofLevel(event, tree, '')]
}

function* ofLevel(level: Document, tree: Branch, path: string): Generator<string> {
  for (const [key, value] of Object.entries(level)) {
    const node = tree.get(key)
    const name = `${path}${key}`
    if (node === undefined) yield `${name} is not a field`
    else if (node instanceof Map)
      if (isObject(value)) yield* ofLevel(value, node, `${name}.`)
      else yield `${name} is no object`
    else if (!fits(value, node)) yield `${name} is ${JSON.stringify(value)}`
  }
  for (const [key, node] of tree)
    if (!(node instanceof Map) && !('constant' in node) && node.field.always && !(key in level))
      yield `${path}${key} is missing`
    else if (node instanceof Map && !(key in level) && hasAlways(node)) yield `${path}${key} is missing`
}

function fits(value: unknown, leaf: Leaf): boolean {
  if ('constant' in leaf) return typeof value === (Array.isArray(leaf.constant) ? 'object' : 'string')
  const { list } = leaf.field
  if (Array.isArray(value)) return list !== undefined && value.every((one) => fitsOne(one, leaf.field))
  return list !== true && fitsOne(value, leaf.field)
}

function fitsOne(
  value: unknown,
  field: Pick<Field<never, never>, 'type' | 'words' | 'members' | 'orText'>,
): boolean {
  switch (field.type) {
    case 'long':
    case 'double':
      return typeof value === 'number' || (field.orText === true && typeof value === 'string')
    case 'boolean':
      return typeof value === 'boolean'
    case 'object':
      return (
        isObject(value) && (field.members === undefined || [...ofMembers(value, field.members)].length === 0)
      )
    default:
      return typeof value === 'string' && (field.words?.includes(value) ?? true)
  }
}

function* ofMembers(object: Document, members: Members, path = ''): Generator<string> {
  for (const [key, value] of Object.entries(object)) {
    const member = members[`${path}${key}`]
    if (member !== undefined) {
      const field = { ...member, value: () => undefined }
      if (!fits(value, { field })) yield `${path}${key}`
    } else if (isObject(value) && Object.keys(members).some((name) => name.startsWith(`${path}${key}.`)))
      yield* ofMembers(value, members, `${path}${key}.`)
    else yield `${path}${key}`
  }
}

const isObject = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A level that every event has because of its fields. */
const hasAlways = (branch: Branch): boolean =>
  [...branch.values()].some((node) =>
    node instanceof Map ? hasAlways(node) : !('constant' in node) && node.field.always === true,
  )
