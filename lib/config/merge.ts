import { UserError } from '../errors.js'
import { at, isIndexed, type MapNode, mapNode, type Node } from './tree.js'

/**
 * Puts a value at a path of a map that is being read. Two spellings of one section meet here and become one.
 * @throws {UserError} 'ERR_CONFIG_SYNTAX' when the path already has a value.
 */
export function put(map: MapNode, path: readonly string[], value: Node): void {
  join(map, nested(path, value), [])
}

/** The value below the sections its path names. */
function nested(path: readonly string[], value: Node): MapNode {
  const map = mapNode(value.place)
  const [first = '', ...rest] = path
  map.entries.set(first, rest.length === 0 ? value : nested(rest, value))
  return map
}

function join(into: MapNode, from: MapNode, path: readonly string[]): void {
  for (const [key, value] of from.entries) {
    const present = into.entries.get(key)
    const here = [...path, key]
    if (present === undefined) into.entries.set(key, value)
    else if (present.kind === 'map' && value.kind === 'map') join(present, value, here)
    else if (present.kind === 'list' && value.kind === 'map' && !isIndexed(value))
      into.entries.set(key, listWithNames(present, value))
    else if (present.kind === 'map' && value.kind === 'list' && !isIndexed(present))
      into.entries.set(key, listWithNames(value, present))
    else
      throw new UserError(
        'ERR_CONFIG_SYNTAX',
        `${at(value.place)}: "${here.join('.')}" is already set${present.place.line === 0 ? '' : ` in line ${present.place.line}`}.`,
      )
  }
}

/** The list and the map form of one section at once: the entries of the list by their index, then the named ones. */
function listWithNames(list: Node & { kind: 'list' }, map: MapNode): MapNode {
  const both = mapNode(list.place)
  list.items.forEach((item, index) => {
    both.entries.set(String(index), item)
  })
  for (const [key, value] of map.entries) both.entries.set(key, value)
  return both
}

/** Lays later configuration over earlier: sections are merged, everything else, lists included, is replaced. */
export function overlay(base: MapNode, over: MapNode): MapNode {
  const result: MapNode = { ...base, entries: new Map(base.entries) }
  for (const [key, value] of over.entries) {
    const present = result.entries.get(key)
    result.entries.set(key, present === undefined ? value : merged(present, value))
  }
  return result
}

function merged(base: Node, over: Node): Node {
  if (over.kind !== 'map') return over
  if (base.kind === 'map') return overlay(base, over)
  if (base.kind !== 'list') return over
  if (!isIndexed(over)) return listWithNames(base, over)
  const items = [...base.items]
  for (const [key, value] of over.entries) {
    const index = Number(key)
    const present = items[index]
    if (index > items.length)
      throw new UserError(
        'ERR_CONFIG_INVALID',
        `${at(value.place)}: there is no entry ${index}, the list in ${at(base.place)} has ${items.length}.`,
      )
    items[index] = present === undefined ? value : merged(present, value)
  }
  return { ...base, items }
}
