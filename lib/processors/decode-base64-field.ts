import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { changes, derive } from './changes.js'
import { failOnError, fromToOne, ignoreMissing } from './options.js'
import { defineProcessor } from './processor.js'

/** Decodes base64. Bytes that are no UTF-8 become one character each, so that decompress_gzip_field can have them. */
export const decodeBase64Field = defineProcessor({
  name: 'decode_base64_field',
  title: 'decodes base64',
  options: z.strictObject({ field: fromToOne, ignore_missing: ignoreMissing, fail_on_error: failOnError }),
  create: ({ field: { from, to }, ignore_missing, fail_on_error }, context) =>
    changes('decode_base64_field', [derive(from, to, { ignoreMissing: ignore_missing }, decode)], {
      failOnError: fail_on_error,
      context,
    }),
})

// RFC 4648 §4; with or without padding, as upstream takes it.
const BASE64 = /^(?:[A-Za-z0-9+/\r\n]*)={0,2}$/

function decode(text: string): string {
  if (!BASE64.test(text) || text.replace(/[=\r\n]/g, '').length % 4 === 1) throw new Error('is no base64')
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}
