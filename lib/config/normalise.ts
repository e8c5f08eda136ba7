import { PlannedProcessors } from './planned-processors.js'
import type { Problems } from './problems.js'
import { find, isIndexed, listNode, type MapNode, mapNode, type Node, scalarNode } from './tree.js'

/**
 * Brings the older spellings of a tree to the one its schema knows, in place: protocols as a map, outputs without any
 * options, entries of lists by their number. Takes processors out that do not exist yet; answers what it took.
 */
export function normalise(root: MapNode, processors: readonly string[], problems: Problems): Node[] {
  const packetbeat = root.entries.get('packetbeat')
  const protocols = packetbeat?.kind === 'map' ? packetbeat.entries.get('protocols') : undefined
  if (packetbeat?.kind === 'map' && protocols?.kind === 'map')
    packetbeat.entries.set('protocols', protocolList(protocols))

  const output = root.entries.get('output')
  if (output?.kind === 'map')
    for (const [name, node] of output.entries)
      if (node.kind === 'scalar' && node.value === null) output.entries.set(name, mapNode(node.place))

  const taken = new PlannedProcessors(root, processors, problems)
  taken.takeFrom(root, [])
  taken.takeFrom(find(root, ['packetbeat', 'flows']), ['packetbeat', 'flows'])
  const entries = find(root, ['packetbeat', 'protocols'])
  if (entries?.kind === 'list')
    entries.items.forEach((entry, index) => {
      taken.takeFrom(entry, ['packetbeat', 'protocols', index])
    })
  return taken.taken
}

/** `http: {…}` as the entry `type: http`; entries under a number come first, in their order. */
function protocolList(map: MapNode): Node {
  // No protocol is called type: this is an entry without its list.
  if (map.entries.get('type')?.kind === 'scalar') return listNode(map.place, [map])
  const items: Node[] = []
  for (const [key, node] of map.entries) {
    if (isIndexed({ ...map, entries: new Map([[key, node]]) })) items.push(node)
    else items.push(...named(key, node))
  }
  return listNode(map.place, items)
}

/** The entries that a name has: one, or a list of them. */
function named(name: string, node: Node): Node[] {
  if (node.kind === 'list') return node.items.flatMap((item) => named(name, item))
  const label = `packetbeat.protocols.${name}`
  const entry = node.kind === 'map' ? { ...node, entries: new Map(node.entries) } : mapNode(node.place)
  // Anything but a section is left for the schema to refuse.
  if (node.kind === 'scalar' && node.value !== null) return [{ ...node, label }]
  if (!entry.entries.has('type')) entry.entries.set('type', scalarNode(node.place, name))
  return [{ ...entry, label }]
}
