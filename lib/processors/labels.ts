import { field } from '../events/document.js'
import type { Document } from '../events/writer.js'

/** Labels as an event has them: with dots as underscores, or nested at their dots, where they fit. */
export function labelFields(labels: Readonly<Record<string, string>>, dedot: boolean): Document {
  if (dedot)
    return Object.fromEntries(
      Object.entries(labels).map(([name, value]) => [name.replaceAll('.', '_'), value]),
    )
  const nested: Document = {}
  // `a` and `a.b` cannot both be: the one with the value goes below `value`.
  for (const [name, value] of Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
    if (field(name).put(nested, value) === undefined) {
      const parts = name.split('.')
      for (let depth = parts.length - 1; depth > 0; depth--) {
        const outer = field(parts.slice(0, depth).join('.'))
        const taken = outer.get(nested)
        if (typeof taken !== 'string') continue
        outer.put(nested, { value: taken })
        field(name).put(nested, value)
        break
      }
    }
  return nested
}
