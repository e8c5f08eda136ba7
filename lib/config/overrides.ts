import { UserError } from '../errors.js'
import { put } from './merge.js'
import { readYamlValue } from './read-yaml.js'
import { type MapNode, mapNode, segments } from './tree.js'

/**
 * One `-E key=value` as a tree; the value is read as YAML.
 * @throws {UserError} 'ERR_USAGE' without a key or a value.
 */
export function override(argument: string): MapNode {
  const equals = argument.indexOf('=')
  const key = argument.slice(0, Math.max(equals, 0)).trim()
  if (key === '')
    throw new UserError(
      'ERR_USAGE',
      `-E needs key=value, such as -E output.console.pretty=true, not "${argument}".`,
    )
  const place = { file: `-E ${key}`, line: 0 }
  const map = mapNode(place)
  put(map, segments(key), readYamlValue(argument.slice(equals + 1), place.file, 0))
  return map
}
