import { z } from 'zod'
import { field, isObject } from '../events/document.js'
import { type Change, changes, exists, putAt } from './changes.js'
import { failOnError, ignoreMissing, leaves, overwriteKeys } from './options.js'
import { defineProcessor } from './processor.js'

/** Puts elements of a list into fields. */
export const extractArray = defineProcessor({
  name: 'extract_array',
  title: 'puts elements of a list into fields',
  options: z.strictObject({
    field: z.string().min(1).describe('The field with the list.'),
    mappings: z
      .record(z.string(), z.unknown())
      .refine((mappings) => pairs(mappings).length > 0, {
        error: 'needs a field and the number of an element',
      })
      .refine((mappings) => pairs(mappings).every(([, at]) => Number.isInteger(at) && Number(at) >= 0), {
        error: 'must be fields and the numbers of elements, from 0 on',
      })
      .describe('Fields, and the number of the element that each gets, from 0 on.'),
    overwrite_keys: overwriteKeys,
    omit_empty: z.boolean().default(false).describe('Empty elements are left out.'),
    fail_on_error: failOnError,
    ignore_missing: ignoreMissing,
  }),
  create: ({ field: name, mappings, fail_on_error, ...options }, context) =>
    changes(
      'extract_array',
      pairs(mappings).map(([to, at]) => extract(name, Number(at), to, options)),
      { failOnError: fail_on_error, context },
    ),
})

const pairs = (mappings: Record<string, unknown>) => [...leaves(mappings)]

interface Options {
  overwrite_keys: boolean
  omit_empty: boolean
  ignore_missing: boolean
}

function extract(from: string, at: number, to: string, options: Options): Change {
  const source = field(from)
  const target = field(to)
  return (event, undo) => {
    const list = source.get(event)
    if (list === undefined) return options.ignore_missing ? undefined : `there is no field ${from}`
    if (!Array.isArray(list)) return `${from} is no list`
    if (at >= list.length) return `${from} has ${list.length} elements and no number ${at}`
    const value = list[at]
    if (options.omit_empty && isEmpty(value)) return undefined
    if (!options.overwrite_keys && target.get(event) !== undefined) return exists(to)
    return putAt(target, event, structuredClone(value), undo)
  }
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0)
