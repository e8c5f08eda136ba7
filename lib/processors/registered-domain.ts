import { z } from 'zod'
import { field } from '../events/document.js'
import { partsOf } from '../net/public-suffix.js'
import { type Change, changes, push } from './changes.js'
import { ignoreFailure, ignoreMissing } from './options.js'
import { defineProcessor } from './processor.js'

const target = z.string().default('')

/** Splits a name at its public suffix. */
export const registeredDomain = defineProcessor({
  name: 'registered_domain',
  title: 'tells the registered domain of a name',
  options: z.strictObject({
    field: z.string().min(1).describe('The field with a name such as www.example.co.uk.'),
    target_field: z.string().min(1).describe('Where example.co.uk is put.'),
    target_etld_field: target.describe('Where co.uk is put, the public suffix.'),
    target_subdomain_field: target.describe('Where www is put.'),
    ignore_missing: ignoreMissing,
    ignore_failure: ignoreFailure,
    id: z.string().optional().describe('A name for people.'),
  }),
  create: (options, context) =>
    changes('registered_domain', [split(options)], {
      failOnError: false,
      context: options.ignore_failure ? { ...context, failed() {} } : context,
    }),
})

interface Options {
  field: string
  target_field: string
  target_etld_field: string
  target_subdomain_field: string
  ignore_missing: boolean
}

function split(options: Options): Change {
  const { get } = field(options.field)
  const targets = [options.target_field, options.target_etld_field, options.target_subdomain_field].map(
    (name) => (name === '' ? undefined : field(name)),
  )
  return (event, undo) => {
    const name = get(event)
    if (name === undefined) return options.ignore_missing ? undefined : `there is no field ${options.field}`
    if (typeof name !== 'string') return `${options.field} is no text`
    const { etldPlusOne, topLevelDomain, subdomain } = partsOf(name)
    if (etldPlusOne === undefined) return `${options.field} has no registered domain`
    for (const [index, value] of [etldPlusOne, topLevelDomain, subdomain].entries()) {
      const access = targets[index]
      if (access === undefined || value === undefined) continue
      const put = access.put(event, value)
      push(undo, put)
      if (put === undefined) return `a part of ${access.name} is a field that is no object`
    }
    return undefined
  }
}
