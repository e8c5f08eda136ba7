import { z } from 'zod'
import { compileFormat, formatString } from '../../events/format-string.js'
import { fileMode } from '../../options/values.js'
import { type Codec, codec, encoder } from '../codec.js'
import { print } from '../lines.js'
import { defineOutput, type Output } from '../output.js'
import { RotatingFile } from './rotating-file.js'

// More would not help whoever reads the file, and less would cost more writes.
const MAX_DELAY = 1000

const options = z.strictObject({
  path: formatString
    .describe('Folder of the files; `%{+yyyy.MM.dd}` is the day the program starts.')
    .refine((path) => path !== '', { message: 'the folder of the files is missing' }),
  filename: z
    .string()
    .min(1)
    .refine((name) => !/[/\\\0]/.test(name), { message: 'a name, without a folder: that is `path`' })
    .default('packetbeat')
    .describe('Files are called `<filename>-<date>[-<n>].ndjson`.'),
  rotate_every_kb: z.int().min(1).default(10240).describe('Begin another file when one has that many KiB.'),
  number_of_files: z.int().min(2).max(1024).default(7).describe('Files kept; the oldest is removed.'),
  permissions: fileMode().default(0o600).describe('Permissions of the files.'),
  rotate_on_startup: z.boolean().default(true).describe('Begin a new file at each start.'),
  codec,
})

type Options = z.output<typeof options>

/** Events in files, one JSON document a line. */
export const file = defineOutput({
  name: 'file',
  title: 'files with one JSON document a line',
  options,
  wants: ({ codec }) => (encoder(codec) === undefined ? 'text' : 'document'),
  delivery: () => ({ maxDelay: MAX_DELAY }),
  open: async (options, { version, log }) => openFile(options, version, log.warn),
})

function openFile(options: Options, version: string, warn: (message: string) => void): Output {
  const start = { '@timestamp': new Date().toISOString(), agent: { version, name: 'packetbeat' } }
  const file = new RotatingFile({
    folder: compileFormat(options.path)(start) ?? options.path,
    name: options.filename,
    limit: options.rotate_every_kb * 1024,
    keep: options.number_of_files,
    mode: options.permissions,
    fresh: options.rotate_on_startup,
    warn,
  })
  const encode = encoder(options.codec as Codec)
  const sendNow: NonNullable<Output['sendNow']> = (batch) => {
    const { lines, leftover } = print(batch, encode)
    return leftover(file.write(lines))
  }
  return {
    lanes: [{ name: options.path, send: async (batch) => sendNow(batch) }],
    sendNow,
    close: async () => file.close(),
  }
}
