import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  type Document as YamlDocument,
  type Node as YamlNode,
} from 'yaml'
import { UserError } from '../errors.js'
import { put } from './merge.js'
import { scalar } from './scalar.js'
import { listNode, type MapNode, mapNode, type Node, type Place, scalarNode, segments } from './tree.js'

// Far more than any configuration has; a few lines of aliases to aliases would otherwise fill the memory.
const MAX_NODES = 100_000

/**
 * Reads one YAML document; an empty one is an empty map.
 * @throws {UserError} 'ERR_CONFIG_SYNTAX' with the line, for what is not YAML, not a map, or set twice.
 */
export function readYaml(text: string, file: string): MapNode {
  const node = readYamlValue(text, file)
  if (node.kind === 'map') return node
  if (node.kind === 'scalar' && node.value === null) return mapNode(node.place)
  throw new UserError('ERR_CONFIG_SYNTAX', `${file}: the configuration must consist of "key: value" lines.`)
}

/** The same for any value, such as the right side of `-E key=value`. `line`: 0 when it is not in a file. */
export function readYamlValue(text: string, file: string, line?: 0): Node {
  const lines = new LineCounter()
  // Only texts: scalar() says what they mean, so that yes, off and 0600 are what the users of YAML 1.1 expect.
  const document = parseDocument(text, {
    schema: 'failsafe',
    version: '1.1',
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
  })
  const place = (offset: number): Place => ({ file, line: line ?? lines.linePos(offset).line })
  const [error] = document.errors
  if (error !== undefined) {
    const { file: name, line: number } = place(error.pos[0])
    const where = number === 0 ? name : `${name}:${number}`
    throw new UserError('ERR_CONFIG_SYNTAX', `${where}: ${error.message.replace(/\.?$/, '')}.`)
  }
  return new Reader(document, place).value(document.contents as YamlNode | null, place(0))
}

class Reader {
  readonly #document: YamlDocument
  readonly #place: (offset: number) => Place
  #nodes = 0

  constructor(document: YamlDocument, place: (offset: number) => Place) {
    this.#document = document
    this.#place = place
  }

  /** `place`: of the key the value belongs to. */
  value(node: YamlNode | null | undefined, place: Place): Node {
    if (++this.#nodes > MAX_NODES) throw new UserError('ERR_CONFIG_SYNTAX', `${place.file} is too large.`)
    if (isAlias(node)) {
      const target = node.resolve(this.#document)
      if (target === undefined)
        throw syntax(place, `the anchor "${node.source}" is not defined before it is used`)
      return this.value(target as YamlNode, place)
    }
    if (isMap(node)) return this.#map(node.items as Pair[], place)
    if (isSeq(node)) {
      const items = (node.items as YamlNode[]).map((item) => this.value(item, this.#placeOf(item, place)))
      return listNode(place, items)
    }
    if (!isScalar(node)) return scalarNode(place, null)
    const text = String(node.value)
    return scalarNode(
      place,
      node.type === 'PLAIN' && node.tag !== 'tag:yaml.org,2002:str' ? scalar(text) : text,
    )
  }

  #map(pairs: Pair[], place: Place): MapNode {
    const map = mapNode(place)
    const seen = new Map<string, Place>()
    let merged: Node | undefined
    for (const pair of pairs) {
      const key = pair.key as YamlNode | null
      const where = this.#placeOf(key, place)
      if (!isScalar(key)) throw syntax(where, 'a key must be a word')
      const name = String(key.value)
      const value = this.value(pair.value as YamlNode | null, where)
      if (name === '<<' && key.type === 'PLAIN') {
        merged = value
        continue
      }
      const before = seen.get(name)
      if (before !== undefined) throw syntax(where, `"${name}" is already set in line ${before.line}`)
      seen.set(name, where)
      put(map, segments(name), value)
    }
    for (const source of merged?.kind === 'list' ? merged.items : [merged])
      if (source?.kind === 'map')
        for (const [key, value] of source.entries) if (!map.entries.has(key)) map.entries.set(key, value)
    return map
  }

  #placeOf(node: YamlNode | null | undefined, otherwise: Place): Place {
    return node?.range ? this.#place(node.range[0]) : otherwise
  }
}

const syntax = ({ file, line }: Place, message: string): UserError =>
  new UserError('ERR_CONFIG_SYNTAX', `${line === 0 ? file : `${file}:${line}`}: ${message}.`)
