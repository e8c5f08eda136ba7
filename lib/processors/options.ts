import { z } from 'zod'

/** Names of fields, of tags. */
export const nameList = z.array(z.string().min(1))

export const ignoreMissing = z.boolean().default(false).describe('An event without the field is no error.')

export const failOnError = z
  .boolean()
  .default(true)
  .describe('After an error the event is as it was before, and `error.message` says so.')

/** Pairs of fields, what is there and what it becomes. */
export const fromTo = z
  .array(z.strictObject({ from: z.string().min(1), to: z.string().min(1) }))
  .min(1)
  .describe('What is taken (`from`) and where it is put (`to`).')

export type Tree = { [key: string]: unknown }

/** Names with dots and their values, of a tree whose keys may be nested, dotted, or both. */
export function* leaves(
  tree: Tree,
  path: readonly string[] = [],
): Generator<[name: string, value: unknown, path: string[]]> {
  for (const [key, value] of Object.entries(tree)) {
    const here = [...path, key]
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      yield* leaves(value as Tree, here)
    else yield [here.join('.'), value, here]
  }
}

export const ignoreFailure = z.boolean().default(false).describe('What fails is no error.')

export const overwriteKeys = z.boolean().default(false).describe('A field that is there already is replaced.')

/** A field that is read and the one that is written. */
export const fromToOne = z.strictObject({
  from: z.string().min(1).describe('The field that is read.'),
  to: z.string().default('').describe('Where the result is put; empty: the same field.'),
})
