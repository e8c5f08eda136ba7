import { z } from 'zod'
import { field, isObject } from '../events/document.js'
import type { Document } from '../events/writer.js'
import { type Change, changes, push, putAt } from './changes.js'
import { ignoreMissing, nameList } from './options.js'
import { defineProcessor } from './processor.js'

/** Moves fields below another one. */
export const moveFields = defineProcessor({
  name: 'move_fields',
  title: 'moves fields below another one',
  options: z.strictObject({
    from: z.string().default('').describe('The object whose fields are moved; empty: the event.'),
    fields: nameList.default([]).describe('Those of its fields; empty: all.'),
    exclude: nameList.default([]).describe('Those that stay.'),
    to: z.string().describe('What is put in front of their names, such as `http.`.'),
    ignore_missing: ignoreMissing,
  }),
  create: (options, context) => changes('move_fields', [move(options)], { failOnError: false, context }),
})

interface Options {
  from: string
  fields: string[]
  exclude: string[]
  to: string
  ignore_missing: boolean
}

// Not fields for upstream: the time of the event, and its way.
const STAYING = ['@timestamp', '@metadata']

function move({ from, fields, exclude, to, ignore_missing }: Options): Change {
  const parent = from === '' ? (event: Document) => event : field(from).get
  const staying = new Set([...exclude, ...(from === '' ? STAYING : [])])
  return (event, undo) => {
    const object = parent(event)
    if (object === undefined) return ignore_missing ? undefined : `there is no field ${from}`
    if (!isObject(object)) return `${from} is no object`
    for (const name of fields.length > 0 ? fields : Object.keys(object)) {
      if (staying.has(name)) continue
      const source = field(name)
      const value = source.get(object)
      if (value === undefined && ignore_missing) continue
      if (value === undefined) return `there is no field ${from === '' ? name : `${from}.${name}`}`
      push(undo, source.remove(object))
      const wrong = putAt(field(to + name), event, value, undo)
      if (wrong !== undefined) return wrong
    }
    return undefined
  }
}
