import { cloudDeployment } from '../elasticsearch/cloud-id.js'
import type { Problems } from './problems.js'
import { child, find, listNode, type MapNode, mapNode, type Node, type Place, scalarNode } from './tree.js'

/**
 * Writes what `cloud.id` and `cloud.auth` stand for where it belongs: into `output.elasticsearch`, which is on then, and
 * into `setup.kibana`. Mistakes go to `problems`.
 */
export function withCloud(root: MapNode, problems: Problems): void {
  const id = textAt(root, ['cloud', 'id'])
  const auth = textAt(root, ['cloud', 'auth'])
  if (id === undefined && auth === undefined) return
  const other = otherOutput(root)
  if (id !== undefined && other !== undefined) {
    problems.add(root, ['cloud', 'id'], `is of output.elasticsearch, but output.${other} is on`)
    return
  }
  const place = (find(root, ['cloud']) as Node).place
  const output = section(section(root, 'output', place), 'elasticsearch', place)
  if (output === undefined) return
  const set = (map: MapNode, name: string, value: string) => map.entries.set(name, scalarNode(place, value))
  if (id !== undefined) {
    try {
      const { elasticsearch, kibana } = cloudDeployment(id)
      output.entries.set('hosts', listNode(place, [scalarNode(place, elasticsearch)]))
      // They would change where the Cloud ID leads.
      for (const name of ['protocol', 'path']) output.entries.delete(name)
      const ui = section(section(root, 'setup', place), 'kibana', place)
      if (kibana !== undefined && ui !== undefined) set(ui, 'host', kibana)
    } catch (error) {
      problems.add(root, ['cloud', 'id'], (error as Error).message)
      return
    }
  }
  if (auth !== undefined) {
    const [user = '', ...password] = auth.split(':')
    if (password.length === 0) problems.add(root, ['cloud', 'auth'], 'must be user:password')
    else {
      set(output, 'username', user)
      set(output, 'password', password.join(':'))
    }
  }
}

function textAt(root: MapNode, path: string[]): string | undefined {
  const node = find(root, path)
  return node?.kind === 'scalar' && typeof node.value === 'string' && node.value !== ''
    ? node.value
    : undefined
}

/** The name of an output that is on and is not Elasticsearch. */
function otherOutput(root: MapNode): string | undefined {
  const outputs = find(root, ['output'])
  if (outputs?.kind !== 'map') return undefined
  for (const [name, options] of outputs.entries) {
    const enabled = child(options, 'enabled')
    const off = enabled?.kind === 'scalar' && enabled.value === false
    if (name !== 'elasticsearch' && !off) return name
  }
  return undefined
}

/** The section of that name, made when there is none; undefined: something else stands there, as the check will say. */
function section(parent: MapNode | undefined, name: string, place: Place): MapNode | undefined {
  if (parent === undefined) return undefined
  const node = parent.entries.get(name)
  if (node?.kind === 'map') return node
  if (node !== undefined && !(node.kind === 'scalar' && node.value === null)) return undefined
  const made = mapNode(place)
  parent.entries.set(name, made)
  return made
}
