import { field, type Undo } from '../events/document.js'
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
