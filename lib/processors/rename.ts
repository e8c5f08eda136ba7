import { z } from 'zod'
import { carry, changes } from './changes.js'
import { failOnError, fromTo, ignoreMissing } from './options.js'
import { defineProcessor } from './processor.js'

const options = z.strictObject({ fields: fromTo, ignore_missing: ignoreMissing, fail_on_error: failOnError })

const carrying = (name: string, title: string, move: boolean) =>
  defineProcessor({
    name,
    title,
    options,
    create: ({ fields, ignore_missing, fail_on_error }, context) =>
      changes(
        name,
        fields.map(({ from, to }) => carry(from, to, { move, ignoreMissing: ignore_missing })),
        { failOnError: fail_on_error, context },
      ),
  })

/** Gives fields other names. */
export const rename = carrying('rename', 'gives fields other names', true)

/** Copies fields to other names. */
export const copyFields = carrying('copy_fields', 'copies fields', false)
