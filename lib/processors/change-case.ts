import { z } from 'zod'
import { field, isObject, setKey, type Undo } from '../events/document.js'
import type { Document } from '../events/writer.js'
import { type Change, changes, putAt } from './changes.js'
import { failOnError, ignoreMissing, nameList } from './options.js'
import { defineProcessor } from './processor.js'
import { isKept } from './select.js'

type Alter = (text: string) => string

const changingCase = (name: string, title: string, alter: Alter) =>
  defineProcessor({
    name,
    title,
    options: z.strictObject({
      fields: nameList.default([]).describe('Fields whose names are changed, found whatever their case.'),
      values: nameList.default([]).describe('Fields whose texts, or lists of texts, are changed.'),
      alter_full_field: z
        .boolean()
        .default(true)
        .describe('Of `a.b.c` all parts of the name are changed; otherwise c alone.'),
      ignore_missing: ignoreMissing,
      fail_on_error: failOnError,
    }),
    create: ({ fields, values, alter_full_field, ignore_missing, fail_on_error }, context) =>
      changes(
        name,
        [
          ...fields
            .filter((name) => !isKept(name.toLowerCase()))
            .map((name) => changeName(name, alter, alter_full_field, ignore_missing)),
          ...values.map((name) => changeValue(name, alter, ignore_missing)),
        ],
        { failOnError: fail_on_error, context },
      ),
  })

/** Writes names and texts in lower case. */
export const lowercase = changingCase('lowercase', 'writes in lower case', (text) => text.toLowerCase())

/** Writes names and texts in upper case. */
export const uppercase = changingCase('uppercase', 'writes in upper case', (text) => text.toUpperCase())

function changeName(name: string, alter: Alter, full: boolean, ignoreMissing: boolean): Change {
  const parts = name.split('.')
  return (event, undo) => {
    let object: unknown = event
    for (const [depth, part] of parts.entries()) {
      const found = isObject(object) ? keysLike(object, part) : []
      const [key] = found
      if (!isObject(object) || key === undefined)
        return ignoreMissing ? undefined : `there is no field ${name}`
      if (found.length > 1) return `${name} may be any of ${found.join(', ')}`
      const changed = full || depth === parts.length - 1 ? alter(key) : key
      if (changed !== key && Object.hasOwn(object, changed)) return `there is a field ${changed} already`
      if (changed !== key) undo.push(renameKey(object, key, changed))
      object = object[changed]
    }
    return undefined
  }
}

/** Keys that are the same but for their case. */
const keysLike = (object: Document, part: string): string[] =>
  Object.keys(object).filter((key) => key.toLowerCase() === part.toLowerCase())

/** Gives a key another name in its place among the others. */
function renameKey(object: Document, from: string, to: string): Undo {
  const entries = Object.entries(object)
  for (const [key] of entries) delete object[key]
  for (const [key, value] of entries) setKey(object, key === from ? to : key, value)
  return () => {
    const value = object[to]
    delete object[to]
    setKey(object, from, value)
  }
}

function changeValue(name: string, alter: Alter, ignoreMissing: boolean): Change {
  const access = field(name)
  return (event, undo) => {
    const value = access.get(event)
    if (value === undefined) return ignoreMissing ? undefined : `there is no field ${name}`
    if (typeof value === 'string') return putAt(access, event, alter(value), undo)
    if (!Array.isArray(value) || !value.every((one) => typeof one === 'string')) return `${name} is no text`
    return putAt(access, event, value.map(alter), undo)
  }
}
