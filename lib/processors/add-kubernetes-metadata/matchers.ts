import { field } from '../../events/document.js'
import { compileFormat } from '../../events/format-string.js'
import type { Document } from '../../events/writer.js'
import { compileRegExp } from '../regexp.js'

/** Keys that an event may be found by, the likeliest first. */
export type Matcher = (event: Document) => readonly string[]

/** Values of fields, or what a regular expression finds in them. */
export function fieldsMatcher(names: readonly string[], pattern: string | undefined): Matcher {
  const fields = names.map(field)
  const found = pattern === undefined ? undefined : compileRegExp(pattern)
  return (event) =>
    fields.flatMap(({ get }) => {
      const value = get(event)
      if (typeof value !== 'string') return []
      if (found === undefined) return value
      const match = found.exec(value)
      return match?.groups?.key ?? match?.[1] ?? match?.[0] ?? []
    })
}

/** What a format string prints. */
export function formatMatcher(format: string): Matcher {
  const print = compileFormat(format)
  return (event) => [print(event) ?? []].flat()
}

const CONTAINER = /[\da-f]{64}/
const POD = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}|[\da-f]{32}/

/** The container or pod whose log file it is, of a path below `folder`. */
export function logsMatcher(folder: string, resource: 'container' | 'pod'): Matcher {
  const path = field('log.file.path')
  const below = folder.endsWith('/') ? folder : `${folder}/`
  const id = resource === 'pod' ? POD : CONTAINER
  return (event) => {
    const file = path.get(event)
    if (typeof file !== 'string' || !file.startsWith(below)) return []
    return [id.exec(file.slice(below.length))?.[0] ?? []].flat()
  }
}

const sides = ['destination', 'source'].map((side) => ({
  ip: field(`${side}.ip`),
  port: field(`${side}.port`),
}))

/** The side that answers before the side that asks; a container's port before an address. */
export const endpointsMatcher: Matcher = (event) => {
  const addresses = sides.flatMap(({ ip, port }) => {
    const address = ip.get(event)
    return typeof address === 'string' ? { address, port: port.get(event) } : []
  })
  return [
    ...addresses.flatMap(({ address, port }) => (typeof port === 'number' ? `${address}:${port}` : [])),
    ...addresses.map(({ address }) => address),
  ]
}
