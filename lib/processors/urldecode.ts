import { z } from 'zod'
import { changes, derive } from './changes.js'
import { failOnError, fromToOne, ignoreMissing } from './options.js'
import { defineProcessor } from './processor.js'

/** Decodes what is escaped as in the query of a URL. */
export const urldecode = defineProcessor({
  name: 'urldecode',
  title: 'decodes the escapes of URLs',
  options: z.strictObject({
    fields: z.array(fromToOne).min(1),
    ignore_missing: ignoreMissing,
    fail_on_error: failOnError,
  }),
  create: ({ fields, ignore_missing, fail_on_error }, context) =>
    changes(
      'urldecode',
      fields.map(({ from, to }) => derive(from, to, { ignoreMissing: ignore_missing }, decode)),
      { failOnError: fail_on_error, context },
    ),
})

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ')
  const wrong = /%(?![\da-f]{2})/i.exec(spaced)
  if (wrong) throw new Error(`has a % without two hexadecimal digits at character ${wrong.index}`)
  // Not decodeURIComponent: what is no UTF-8 must not fail.
  return spaced.replace(/(?:%[\da-f]{2})+/gi, (escaped) =>
    Buffer.from(escaped.replaceAll('%', ''), 'hex').toString(),
  )
}
