import { types } from 'node:util'
import { UserError } from '../errors.js'
import { put } from './merge.js'
import { listNode, type MapNode, mapNode, type Node, type Place, scalarNode, segments } from './tree.js'

// Far deeper than any configuration; what contains itself has no end.
const MAX_DEPTH = 64

/** A configuration that a program has as plain data. */
export interface GivenObject {
  /** How messages call it. */
  name: string
  value: object
}

/**
 * Plain data as the tree that a file would give. What is undefined was not written.
 * @throws {UserError} 'ERR_CONFIG_INVALID' for what no file could say, such as a function, with its path.
 */
export function readObject({ name, value }: GivenObject): MapNode {
  const place = { file: name, line: 0 }
  const node = nodeOf(value, place, '', 0)
  if (node.kind !== 'map') throw refused(place, '', 'an object with settings', value)
  return node
}

function nodeOf(value: unknown, place: Place, path: string, depth: number): Node {
  if (depth > MAX_DEPTH)
    throw new UserError('ERR_CONFIG_INVALID', `${place.file}: ${path} is too deep; does it contain itself?`)
  if (value === null || typeof value === 'string' || typeof value === 'boolean')
    return scalarNode(place, value)
  if (typeof value === 'number' && Number.isFinite(value)) return scalarNode(place, value)
  if (Array.isArray(value))
    return listNode(
      place,
      value.map((item, index) => nodeOf(item, place, `${path}[${index}]`, depth + 1)),
    )
  if (typeof value !== 'object' || !isPlain(value)) throw refused(place, path, 'plain data', value)
  const map = mapNode(place)
  for (const [key, inner] of Object.entries(value))
    if (inner !== undefined)
      put(map, segments(key), nodeOf(inner, place, path === '' ? key : `${path}.${key}`, depth + 1))
  return map
}

/** Also of another realm. */
const isPlain = (value: object): boolean =>
  !types.isProxy(value) && Object.prototype.toString.call(value) === '[object Object]'

const refused = (place: Place, path: string, what: string, value: unknown): UserError =>
  new UserError(
    'ERR_CONFIG_INVALID',
    `${place.file}: ${path === '' ? 'it' : path} must be ${what}, not ${kindOf(value)}.`,
  )

const kindOf = (value: unknown): string =>
  typeof value === 'object' || typeof value === 'function'
    ? `a ${Object.prototype.toString.call(value).slice(8, -1)}`
    : String(value)
