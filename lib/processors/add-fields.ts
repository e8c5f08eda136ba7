import { z } from 'zod'
import { copier, mergeAt } from './merge.js'
import { leaves } from './options.js'
import { defineProcessor, type Process, type ProcessorContext } from './processor.js'

const values = z.record(z.string(), z.unknown())

function adding(target: string, fields: Record<string, unknown>, context: ProcessorContext): Process {
  const add = mergeAt(target)
  const copy = copier(fields)
  return (event) => {
    if (!add(event, copy())) context.failed(`the field ${target} is there and no object`)
    return event
  }
}

/** Adds fields with fixed values. */
export const addFields = defineProcessor({
  name: 'add_fields',
  title: 'adds fields',
  options: z.strictObject({
    target: z.string().default('fields').describe('Below which field they are put; empty: at the top.'),
    fields: values.describe('What is added.'),
  }),
  create: ({ target, fields }, context) => adding(target, fields, context),
})

/** Adds labels: fields below `labels`, with dots in their names instead of objects. */
export const addLabels = defineProcessor({
  name: 'add_labels',
  title: 'adds labels',
  options: z.strictObject({ labels: values.describe('Names and values.') }),
  create({ labels }, context) {
    const flat = [...leaves(labels)].flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((one, index) => [`${name}.${index}`, one]) : [[name, value]],
    )
    return adding('labels', Object.fromEntries(flat), context)
  },
})
