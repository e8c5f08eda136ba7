import { z } from 'zod'
import { field, isObject, setKey, type Undo } from '../events/document.js'
import type { Document } from '../events/writer.js'
import { addNote, putAt } from './changes.js'
import { DEEPEST, isTooDeep } from './depth.js'
import { merge } from './merge.js'
import { nameList, overwriteKeys } from './options.js'
import { defineProcessor } from './processor.js'

const options = z.strictObject({
  fields: nameList.min(1).describe('The fields with JSON.'),
  process_array: z
    .boolean()
    .default(false)
    .describe('Texts in lists are decoded as well, down to `max_depth`.'),
  max_depth: z.int().min(1).default(1).describe('2 also decodes the texts of a decoded object, and so on.'),
  target: z
    .string()
    .nullish()
    .describe('Where the result is put; empty: merged into the event; left out: it replaces the text.'),
  overwrite_keys: overwriteKeys,
  expand_keys: z.boolean().default(false).describe('Dots in names of the decoded objects become levels.'),
  add_error_key: z.boolean().default(false).describe('What is wrong is added to the event, below `error`.'),
  document_id: z.string().default('').describe("The field of a decoded object that becomes the event's id."),
})

type Options = z.output<typeof options>

/** Decodes fields with JSON, to 64 levels. */
export const decodeJsonFields = defineProcessor({
  name: 'decode_json_fields',
  title: 'decodes JSON',
  options,
  create(configured, context) {
    const sources = configured.fields.map(field)
    return (event) => {
      for (const source of sources) {
        const text = source.get(event)
        if (typeof text !== 'string') continue
        const undo: Undo[] = []
        const wrong = decode(event, source.name, text, configured, undo)
        if (wrong === undefined) continue
        while (undo.length > 0) undo.pop()?.()
        context.failed(wrong)
        if (configured.add_error_key) addError(event, source.name, wrong)
      }
      return event
    }
  },
})

const id = field('@metadata._id')
const errorType = field('error.type')
const errorField = field('error.field')

function addError(event: Document, name: string, wrong: string): void {
  addNote(event, `decode_json_fields: ${wrong}`)
  errorType.put(event, 'json')
  errorField.put(event, name)
}

function decode(
  event: Document,
  name: string,
  text: string,
  options: Options,
  undo: Undo[],
): string | undefined {
  let value: unknown
  try {
    value = parse(text, options.max_depth, options.process_array)
    if (options.expand_keys) value = expand(value)
  } catch (error) {
    return `${name} ${(error as Error).message}`
  }
  if (options.document_id !== '' && isObject(value)) {
    const key = field(options.document_id)
    const found = key.get(value)
    if (typeof found === 'string' && found !== '') {
      key.remove(value)
      const wrong = putAt(id, event, found, undo)
      if (wrong !== undefined) return wrong
    }
  }
  if (options.target === '') {
    if (!isObject(value)) return `${name} is no object, so it cannot be merged into the event`
    if (options.overwrite_keys) merge(event, value)
    else for (const key of Object.keys(value)) if (!Object.hasOwn(event, key)) setKey(event, key, value[key])
    return undefined
  }
  const target = field(options.target ?? name)
  if (target.name !== name && !options.overwrite_keys && target.get(event) !== undefined)
    return `the field ${target.name} exists already; drop it or set overwrite_keys`
  return putAt(target, event, value, undo)
}

/** @throws {Error} that says what is wrong with the text. */
function parse(text: string, depth: number, inLists: boolean): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('is no JSON')
  }
  if (isTooDeep(value)) throw new Error(`is JSON of more than ${DEEPEST} levels`)
  if (depth > 1) decodeTexts(value, depth - 1, inLists)
  if (isTooDeep(value)) throw new Error(`is JSON of more than ${DEEPEST} levels`)
  return value
}

function decodeTexts(value: unknown, depth: number, inLists: boolean): void {
  if (!isObject(value) && !(inLists && Array.isArray(value))) return
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner !== 'string') continue
    try {
      setKey(value as Document, key, parse(inner, depth, inLists))
    } catch {
      // A text as most are.
    }
  }
}

/** @throws {Error} when a name is both a value and an object. */
function expand(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(expand)
  if (!isObject(value)) return value
  const expanded: Document = {}
  for (const [key, inner] of Object.entries(value)) {
    const parts = key.split('.')
    if (parts.length > DEEPEST) throw new Error(`has a name of more than ${DEEPEST} levels`)
    let object = expanded
    for (const part of parts.slice(0, -1)) {
      const next = Object.hasOwn(object, part) ? object[part] : undefined
      const below = next === undefined ? {} : next
      if (!isObject(below)) throw new Error(`has ${key} as well as a part of its name`)
      if (next === undefined) setKey(object, part, below)
      object = below
    }
    const last = parts.at(-1) as string
    const grown = expand(inner)
    const present = Object.hasOwn(object, last) ? object[last] : undefined
    if (present === undefined) setKey(object, last, grown)
    else if (isObject(present) && isObject(grown)) merge(present, grown)
    else throw new Error(`has ${key} twice`)
  }
  return expanded
}
