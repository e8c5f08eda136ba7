import { z } from 'zod'
import { field } from '../events/document.js'
import { type Change, changes, push } from './changes.js'
import { failOnError, ignoreMissing } from './options.js'
import { defineProcessor } from './processor.js'
import { compileRegExp, regExpText } from './regexp.js'

/** Replaces what a regular expression finds in the text of fields. */
export const replace = defineProcessor({
  name: 'replace',
  title: 'replaces parts of texts',
  options: z.strictObject({
    fields: z
      .array(
        z.strictObject({
          field: z.string().min(1),
          pattern: regExpText,
          replacement: z.string().describe('`$1` and `$<name>` stand for groups of the pattern.'),
        }),
      )
      .min(1),
    ignore_missing: ignoreMissing,
    fail_on_error: failOnError,
  }),
  create: ({ fields, ignore_missing, fail_on_error }, context) =>
    changes(
      'replace',
      fields.map(({ field, pattern, replacement }) => change(field, pattern, replacement, ignore_missing)),
      { failOnError: fail_on_error, context },
    ),
})

function change(name: string, pattern: string, replacement: string, ignoreMissing: boolean): Change {
  const { get, put } = field(name)
  const found = new RegExp(compileRegExp(pattern), `g${compileRegExp(pattern).flags}`)
  const by = compileReplacement(replacement)
  return (event, undo) => {
    const text = get(event)
    if (text === undefined) return ignoreMissing ? undefined : `there is no field ${name}`
    if (typeof text !== 'string') return `${name} is no text`
    push(undo, put(event, text.replace(found, by)))
    return undefined
  }
}

const REFERENCE = /\$(?:\$|(\w+)|\{(\w+)\}|<(\w+)>)/g

/** Go's replacements: `$name` is as long as it can be, `$$` a dollar, and a group that does not exist is empty. */
function compileReplacement(text: string): (...found: unknown[]) => string {
  return (...found) => {
    const last = found.at(-1)
    const groups = (typeof last === 'object' ? last : {}) as Record<string, string | undefined>
    // The match and its groups come first, then where it was found.
    const numbered = found.slice(
      0,
      found.findIndex((one) => typeof one === 'number'),
    ) as (string | undefined)[]
    return text.replace(REFERENCE, (reference, ...names: (string | undefined)[]) => {
      const name = names[0] ?? names[1] ?? names[2]
      if (name === undefined || reference === '$$') return '$'
      return (/^\d+$/.test(name) ? numbered[Number(name)] : groups[name]) ?? ''
    })
  }
}
