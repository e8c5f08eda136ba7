import { z } from 'zod'
import { compileDate } from './date-format.js'
import { field } from './document.js'
import type { Document } from './writer.js'

/** Prints a format string for an event; undefined when it lacks a field that has no default. */
export type Format = (document: Document) => string | undefined

type Part = string | ((document: Document) => string | undefined)

const REFERENCE = /%\{([^}]*)\}/g
const FIELD = /^\[([^\]]+)\](?::(.*))?$/s

/**
 * Compiles upstream's format strings: `%{[field]}`, `%{[field]:default}`, and `%{+yyyy.MM.dd}` for the event's time in
 * UTC.
 * @throws {Error} that says what is wrong with it.
 */
export function compileFormat(text: string): Format {
  const parts: Part[] = []
  let end = 0
  for (const reference of text.matchAll(REFERENCE)) {
    parts.push(text.slice(end, reference.index), part(reference[1] as string))
    end = reference.index + reference[0].length
  }
  const rest = text.slice(end)
  if (rest.includes('%{')) throw new Error(`"${text}" has a %{ without its }`)
  parts.push(rest)
  return (document) => {
    let printed = ''
    for (const part of parts) {
      const value = typeof part === 'string' ? part : part(document)
      if (value === undefined) return undefined
      printed += value
    }
    return printed
  }
}

/** The text of a format string, checked. */
export const formatString = z.string().superRefine((text, context) => {
  try {
    compileFormat(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
  }
})

function part(reference: string): Part {
  if (reference.startsWith('+')) {
    const print = compileDate(reference.slice(1))
    return (document) => {
      const time = new Date(String(document['@timestamp']))
      return Number.isNaN(time.getTime()) ? undefined : print(time)
    }
  }
  const [, name, otherwise] = FIELD.exec(reference) ?? []
  if (name === undefined)
    throw new Error(
      `%{${reference}} is neither %{[field]}, %{[field]:default} nor a date such as %{+yyyy.MM.dd}`,
    )
  const value = field(name)
  return (document) => printed(value.get(document)) ?? otherwise
}

function printed(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
