import { z } from 'zod'
import { field, type Undo } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import { exists, putAt } from '../changes.js'
import { ignoreFailure, overwriteKeys } from '../options.js'
import { defineProcessor } from '../processor.js'
import { compileTokenizer } from './tokenizer.js'

const tokenizer = z.string().superRefine((text, context) => {
  try {
    compileTokenizer(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
  }
})

/** Takes a text apart at what stands between its values. */
export const dissect = defineProcessor({
  name: 'dissect',
  title: 'takes texts apart',
  options: z.strictObject({
    tokenizer: tokenizer.describe('What the text looks like, such as `%{client.ip} - %{pid|integer}`.'),
    field: z.string().min(1).default('message').describe('The field with the text.'),
    target_prefix: z
      .string()
      .default('dissect')
      .describe('Below which field the values are put; empty: at the top.'),
    ignore_failure: ignoreFailure,
    overwrite_keys: overwriteKeys,
    trim_values: z
      .enum(['none', 'left', 'right', 'all'])
      .default('none')
      .describe('Where values are trimmed.'),
    trim_chars: z.string().default(' ').describe('The characters that are trimmed.'),
  }),
  create(options, context) {
    const { get } = field(options.field)
    const split = compileTokenizer(options.tokenizer, trimmer(options.trim_values, options.trim_chars))
    const prefix = options.target_prefix === '' ? '' : `${options.target_prefix}.`
    return (event) => {
      const undo: Undo[] = []
      const wrong = change(event, undo)
      if (wrong === undefined) return event
      while (undo.length > 0) undo.pop()?.()
      if (!options.ignore_failure) context.failed(wrong)
      return event
    }

    function change(event: Document, undo: Undo[]): string | undefined {
      const text = get(event)
      if (text === undefined) return `there is no field ${options.field}`
      if (typeof text !== 'string') return `${options.field} is no text`
      const values = split(text)
      if (typeof values === 'string') {
        if (!options.ignore_failure) addFlag(event)
        return `${options.field} ${values}`
      }
      for (const [name, value] of values) {
        const target = field(prefix + name)
        if (!options.overwrite_keys && target.get(event) !== undefined) return exists(target.name)
        const problem = putAt(target, event, value, undo)
        if (problem !== undefined) return problem
      }
      return undefined
    }
  },
})

const flags = field('log.flags')

function addFlag(event: Document): void {
  flags.put(event, [...new Set([flags.get(event) ?? [], 'dissect_parsing_error'].flat())])
}

function trimmer(where: 'none' | 'left' | 'right' | 'all', characters: string): (text: string) => string {
  if (where === 'none' || characters === '') return (text) => text
  const trimmed = new Set(characters)
  return (text) => {
    let start = 0
    let end = text.length
    if (where !== 'right') while (start < end && trimmed.has(text[start] as string)) start++
    if (where !== 'left') while (end > start && trimmed.has(text[end - 1] as string)) end--
    return text.slice(start, end)
  }
}
