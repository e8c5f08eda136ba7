import { z } from 'zod'
import { field } from '../events/document.js'
import { type Change, changes, push } from './changes.js'
import { failOnError, ignoreMissing, nameList } from './options.js'
import { defineProcessor } from './processor.js'

/** Cuts long texts, and says so in `log.flags`. */
export const truncateFields = defineProcessor({
  name: 'truncate_fields',
  title: 'cuts long texts',
  options: z
    .strictObject({
      fields: nameList,
      max_bytes: z.int().min(0).optional().describe('Bytes of UTF-8 that are left, at most.'),
      max_characters: z.int().min(0).optional().describe('Characters that are left, at most.'),
      fail_on_error: failOnError,
      ignore_missing: ignoreMissing,
    })
    .refine(({ max_bytes, max_characters }) => (max_bytes === undefined) !== (max_characters === undefined), {
      message: 'needs one of max_bytes and max_characters',
    }),
  create: ({ fields, max_bytes, max_characters, fail_on_error, ignore_missing }, context) => {
    const cut = max_bytes === undefined ? characters(max_characters ?? 0) : bytes(max_bytes)
    return changes(
      'truncate_fields',
      fields.map((name) => shorten(name, cut, ignore_missing)),
      { failOnError: fail_on_error, context },
    )
  },
})

const flags = field('log.flags')

function shorten(name: string, cut: (text: string) => string, ignoreMissing: boolean): Change {
  const { get, put } = field(name)
  return (event, undo) => {
    const text = get(event)
    if (text === undefined) return ignoreMissing ? undefined : `there is no field ${name}`
    if (typeof text !== 'string') return `${name} is no text`
    const short = cut(text)
    if (short === text) return undefined
    push(undo, put(event, short))
    const present = flags.get(event) ?? []
    const already = [present].flat().includes('truncated')
    if (!already) push(undo, flags.put(event, [present, 'truncated'].flat()))
    return undefined
  }
}

const characters = (limit: number) => (text: string) => {
  if (text.length <= limit) return text
  // An index into UTF-16 that is not in the middle of a character.
  let at = 0
  for (let count = 0; count < limit && at < text.length; count++)
    at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1
  return text.slice(0, at)
}

const bytes = (limit: number) => (text: string) => {
  if (text.length * 3 <= limit) return text
  const all = Buffer.from(text)
  if (all.length <= limit) return text
  let end = limit
  // A character is whole or not there: 10xxxxxx goes on with one.
  while (end > 0 && ((all[end] as number) & 0xc0) === 0x80) end--
  return all.toString('utf8', 0, end)
}
