import { z } from 'zod'
import { codec, encoder } from '../codec.js'
import { defineOutput } from '../output.js'
import { openStandardOutput } from './standard-output.js'

// Who looks at a pipe looks now.
const MAX_DELAY = 100

const options = z.strictObject({
  pretty: z.boolean().default(false).describe('Several indented lines for each event: `codec.json.pretty`.'),
  codec,
  bulk_max_size: z.int().min(1).default(2048).describe('Events written at once, at most.'),
})

type Options = z.output<typeof options>

const encode = ({ pretty, codec }: Options) =>
  encoder(codec ?? (pretty ? { json: { pretty, escape_html: false } } : undefined))

/** Events on standard output, one JSON document a line. */
export const console = defineOutput({
  name: 'console',
  title: 'standard output, one JSON document a line',
  options,
  wants: (options) => (encode(options) === undefined ? 'text' : 'document'),
  delivery: ({ bulk_max_size }) => ({ batchEvents: bulk_max_size, maxDelay: MAX_DELAY }),
  open: async (options) => openStandardOutput(encode(options)),
})
