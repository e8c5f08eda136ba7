import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { TooLarge, tooLarge } from '../compression/too-large.js'
import { changes, derive } from './changes.js'
import { failOnError, fromToOne, ignoreMissing } from './options.js'
import { defineProcessor } from './processor.js'

// A text beyond it is of no use in an event; a few kilobytes of gzip may become a gigabyte.
const LIMIT = 10 * 1024 * 1024

/** Decompresses gzip, to 10 MiB at most. */
export const decompressGzipField = defineProcessor({
  name: 'decompress_gzip_field',
  title: 'decompresses gzip',
  options: z.strictObject({ field: fromToOne, ignore_missing: ignoreMissing, fail_on_error: failOnError }),
  create: ({ field: { from, to }, ignore_missing, fail_on_error }, context) =>
    changes('decompress_gzip_field', [derive(from, to, { ignoreMissing: ignore_missing }, decompress)], {
      failOnError: fail_on_error,
      context,
    }),
})

function decompress(text: string): string {
  try {
    return tooLarge(() => gunzipSync(Buffer.from(text, 'latin1'), { maxOutputLength: LIMIT })).toString()
  } catch (error) {
    throw new Error(error instanceof TooLarge ? `decompresses to more than ${LIMIT} bytes` : 'is no gzip')
  }
}
