import { z } from 'zod'
import { compileFormat, formatString } from '../events/format-string.js'
import type { Document } from '../events/writer.js'

/** How outputs that write text print an event. */
export const codec = z
  .strictObject({
    json: z
      .strictObject({
        pretty: z.boolean().default(false).describe('Several indented lines for each event.'),
        escape_html: z.boolean().default(false).describe('Write <, > and & as \\u003c, \\u003e and \\u0026.'),
      })
      .optional()
      .describe('Events as JSON.'),
    format: z
      .strictObject({ string: formatString.describe('Such as `%{[@timestamp]} %{[query]}`.') })
      .optional()
      .describe('Events as lines of your own making.'),
  })
  .refine(({ json, format }) => json === undefined || format === undefined, {
    message: 'must be one of json and format',
  })
  .optional()
  .describe('How an event is printed: as JSON unless configured.')

export type Codec = z.output<typeof codec>

/** Prints an event, without a line end; undefined when the event lacks a field that the format names. */
export type Encode = (document: Document) => string | undefined

/** What makes an event's text; undefined: the JSON text that events come with is as wanted. */
export function encoder(options: Codec): Encode | undefined {
  if (options?.format !== undefined) return compileFormat(options.format.string)
  const { pretty = false, escape_html = false } = options?.json ?? {}
  if (!pretty && !escape_html) return undefined
  const indent = pretty ? 2 : undefined
  return escape_html
    ? (document) => JSON.stringify(document, null, indent).replace(/[<>&]/g, escaped)
    : (document) => JSON.stringify(document, null, indent)
}

// Within JSON text these can only stand inside of strings.
const escaped = (sign: string): string => `\\u00${sign.charCodeAt(0).toString(16)}`
