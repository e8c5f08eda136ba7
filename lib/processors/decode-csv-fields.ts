import { z } from 'zod'
import { changes, derive } from './changes.js'
import { failOnError, ignoreMissing, leaves, overwriteKeys } from './options.js'
import { defineProcessor } from './processor.js'

/** Decodes a record of comma-separated values to a list of texts. */
export const decodeCsvFields = defineProcessor({
  name: 'decode_csv_fields',
  title: 'decodes comma-separated values',
  options: z.strictObject({
    fields: z
      .record(z.string(), z.unknown())
      .refine((fields) => targets(fields).length > 0, { error: 'needs a field and where its values go' })
      .refine((fields) => targets(fields).every(([, to]) => typeof to === 'string' && to !== ''), {
        error: 'must be names of fields: what is read, and where its values go',
      })
      .describe('What is read, and where its values go.'),
    separator: z
      .string()
      .refine((text) => [...text].length === 1 && !/["\r\n]/.test(text), {
        error: 'must be one character, and no quote or line end',
      })
      .default(',')
      .describe('The character between two values.'),
    trim_leading_space: z.boolean().default(false).describe('Spaces in front of a value are left out.'),
    overwrite_keys: overwriteKeys,
    ignore_missing: ignoreMissing,
    fail_on_error: failOnError,
  }),
  create: (options, context) =>
    changes(
      'decode_csv_fields',
      targets(options.fields).map(([from, to]) =>
        derive(
          from,
          to as string,
          { ignoreMissing: options.ignore_missing, overwrite: options.overwrite_keys },
          (text) => record(text, options.separator, options.trim_leading_space),
        ),
      ),
      { failOnError: options.fail_on_error, context },
    ),
})

const targets = (fields: Record<string, unknown>) => [...leaves(fields)]

/**
 * The values of the first record (RFC 4180). A quote within a value that did not begin with one stands for itself, and so
 * does one that neither ends its value nor is doubled.
 */
function record(text: string, separator: string, trim: boolean): string[] {
  const values: string[] = []
  let at = /^(?:\r?\n)*/.exec(text)?.[0].length ?? 0
  if (at === text.length) throw new Error('has no record')
  for (;;) {
    if (trim) while (/[^\S\r\n]/.test(text[at] ?? '')) at++
    const [value, end] = text[at] === '"' ? quoted(text, at + 1, separator) : plain(text, at, separator)
    values.push(value)
    if (!text.startsWith(separator, end)) return values
    at = end + separator.length
  }
}

function plain(text: string, from: number, separator: string): [string, number] {
  let end = from
  while (end < text.length && text[end] !== '\n' && !text.startsWith(separator, end)) end++
  const value = text.slice(from, end)
  return [text[end] === '\n' && value.endsWith('\r') ? value.slice(0, -1) : value, end]
}

function quoted(text: string, from: number, separator: string): [string, number] {
  let value = ''
  for (let at = from; ; ) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return [value + text.slice(at), text.length]
    value += text.slice(at, quote)
    at = quote + 1
    if (text[at] === '"') at++
    else if (at >= text.length || /^\r?\n/.test(text.slice(at, at + 2)) || text.startsWith(separator, at))
      return [value, at]
    value += '"'
  }
}
