import type { RunAsSettings } from './settings.js'
import { at, type MapNode, nearest } from './tree.js'

/** Whether there is such a user is asked when it matters: a configuration may be for another machine. */
export function runAsSettings(configured: string | undefined, root: MapNode): RunAsSettings | undefined {
  if (configured === undefined) return undefined
  const [user = '', group] = configured.split(':')
  const where = at(nearest(root, ['packetbeat', 'run_as']).place)
  return { user, group, place: where === '' ? '' : `${where}: ` }
}
