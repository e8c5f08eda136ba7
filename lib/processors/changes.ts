import { type FieldAccess, field, type Undo } from '../events/document.js'
import type { Document } from '../events/writer.js'
import type { Process, ProcessorContext } from './processor.js'

/**
 * One change of an event. Answers what is wrong, or undefined when it is done; pushes what undoes each of its steps, for
 * those of a change that did not come to its end are undone.
 */
export type Change = (event: Document, undo: Undo[]) => string | undefined

export interface ChangesOptions {
  /** All or nothing, and `error.message` tells; otherwise each change is for itself. */
  failOnError: boolean
  context: ProcessorContext
}

/** A processor that makes these changes in their order. */
export function changes(
  name: string,
  list: readonly Change[],
  { failOnError, context }: ChangesOptions,
): Process {
  return (event) => {
    const undo: Undo[] = []
    for (const change of list) {
      const before = failOnError ? 0 : undo.length
      const wrong = change(event, undo)
      if (wrong === undefined) continue
      while (undo.length > before) undo.pop()?.()
      context.failed(wrong)
      if (!failOnError) continue
      addNote(event, `${name}: ${wrong}`)
      return event
    }
    return event
  }
}

const message = field('error.message')

/** Adds to `error.message`: one text, or a list when there are more. */
export function addNote(event: Document, text: string): void {
  const present = message.get(event)
  message.put(event, present === undefined ? text : [present, text].flat())
}

/** Moves or copies a field to where there is none yet. */
export function carry(from: string, to: string, options: { move: boolean; ignoreMissing: boolean }): Change {
  const source = field(from)
  const target = field(to)
  return (event, undo) => {
    const value = source.get(event)
    if (value === undefined) return options.ignoreMissing ? undefined : `there is no field ${from}`
    if (target.get(event) !== undefined) return `the field ${to} exists already; drop or rename it first`
    // First, so that `a` can become `a.b`.
    if (options.move) push(undo, source.remove(event))
    const put = target.put(event, options.move ? value : structuredClone(value))
    push(undo, put)
    return put === undefined ? `a part of ${to} is a field that is no object` : undefined
  }
}

export function push(undo: Undo[], one: Undo | undefined): void {
  if (one !== undefined) undo.push(one)
}

export interface DeriveOptions {
  ignoreMissing: boolean
  /** Whether a target that is there already may be replaced; where it is the source itself, it always is. */
  overwrite?: boolean
}

/**
 * Puts what `make` answers for the text of a field into another field, or into the same one for ''. What `make` throws is
 * what is wrong.
 */
export function derive(
  from: string,
  to: string,
  { ignoreMissing, overwrite = true }: DeriveOptions,
  make: (text: string) => unknown,
): Change {
  const source = field(from)
  const target = field(to === '' ? from : to)
  const keep = !overwrite && target.name !== from
  return (event, undo) => {
    const text = source.get(event)
    if (text === undefined) return ignoreMissing ? undefined : `there is no field ${from}`
    if (typeof text !== 'string') return `${from} is no text`
    if (keep && target.get(event) !== undefined) return exists(to)
    let value: unknown
    try {
      value = make(text)
    } catch (error) {
      return `${from} ${(error as Error).message}`
    }
    return putAt(target, event, value, undo)
  }
}

/** Puts a value; answers what is wrong. */
export function putAt(
  target: FieldAccess,
  event: Document,
  value: unknown,
  undo: Undo[],
): string | undefined {
  const put = target.put(event, value)
  push(undo, put)
  return put === undefined ? `a part of ${target.name} is a field that is no object` : undefined
}

export const exists = (name: string): string =>
  `the field ${name} exists already; drop it or set overwrite_keys`
