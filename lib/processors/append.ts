import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { field } from '../events/document.js'
import { type Change, changes, putAt } from './changes.js'
import { failOnError, ignoreMissing, nameList } from './options.js'
import { defineProcessor } from './processor.js'

const options = z.strictObject({
  target_field: z.string().min(1).describe('The list; made when it is missing, and of a single value.'),
  fields: nameList.default([]).describe('Fields whose values are appended, of lists each element.'),
  values: z.array(z.unknown()).default([]).describe('Values that are appended after those.'),
  ignore_empty_values: z.boolean().default(false).describe('Empty texts and nulls are left out.'),
  allow_duplicate: z.boolean().default(true).describe('What the list has already is appended again.'),
  ignore_missing: ignoreMissing,
  fail_on_error: failOnError,
})

const appending = (name: string) =>
  defineProcessor({
    name,
    title: 'appends to a list',
    options,
    create: (configured, context) =>
      changes(name, [change(configured)], { failOnError: configured.fail_on_error, context }),
  })

/** Appends to a list. */
export const append = appending('append')

/** The same by the name that upstream has in its code; its documentation has the other one. */
export const appendProcessor = appending('append_processor')

function change(options: Options): Change {
  const { target_field, values, ignore_empty_values, allow_duplicate, ignore_missing } = options
  const target = field(target_field)
  const sources = options.fields.map(field)
  return (event, undo) => {
    const added: unknown[] = []
    for (const { name, get } of sources) {
      const value = get(event)
      if (value === undefined && !ignore_missing) return `there is no field ${name}`
      if (value !== undefined) added.push(...structuredClone([value].flat()))
    }
    added.push(...structuredClone(values))
    const list: unknown[] = [target.get(event) ?? []].flat()
    for (const value of added)
      if (allow_duplicate || !list.some((one) => isDeepStrictEqual(one, value))) list.push(value)
    const kept = ignore_empty_values ? list.filter((one) => one !== '' && one !== null) : list
    return putAt(target, event, kept, undo)
  }
}

type Options = z.output<typeof options>
