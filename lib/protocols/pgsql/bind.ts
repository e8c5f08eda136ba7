import type { Message } from './parser.js'
import { formatOf, NULL, oneValue } from './rows.js'

// Bytes of one parameter, and of all of a Bind, that are kept: a person reads no more, and thousands of requests may wait.
const PARAMETER_KEPT = 1024
const PARAMETERS_KEPT = 8192

// What an empty parameter takes.
const PARAMETER_OVERHEAD = 16

/** A Parse message. `types`: of the first parameters, as far as the client says; 0: the server is to find out. */
export interface Parse {
  name: string
  sql: string
  types: readonly number[]
}

/** PostgreSQL 17 documentation, §55.7. */
export function parse(message: Message): Parse {
  const name = message.text()
  const sql = message.text()
  return { name, sql, types: message.left < 2 ? NONE : types(message) }
}

/** The numbers of types in a Parse or a ParameterDescription. */
export function types(message: Message): readonly number[] {
  const count = message.i16() & 0xffff
  if (count === 0) return NONE
  const all: number[] = []
  for (let left = count; left > 0 && !(message.cut && message.left < 4); left--) all.push(message.u32())
  return all
}

const NONE: readonly number[] = []

export interface Bound {
  /** undefined: there are none. */
  params: string[] | undefined
  /** Of the result's columns; undefined: all are text, or nobody wants to know. */
  formats: readonly number[] | undefined
  /** Not all of them were kept, or not all of one. */
  cut: boolean
  /** Bytes that `params` takes, roughly. */
  weight: number
}

/** The rest of a Bind, after the names of portal and statement. §55.2.3, §55.7. */
export function parameters(message: Message, types: readonly number[] | undefined, results: boolean): Bound {
  const formats = codes(message)
  const count = message.i16() & 0xffff
  let params: string[] | undefined
  let budget = PARAMETERS_KEPT
  let cut = false
  for (let index = 0; index < count; index++) {
    if (message.cut && message.left < 4)
      return { params, formats: undefined, cut: true, weight: PARAMETERS_KEPT }
    params ??= []
    if (budget <= 0) {
      cut = true
      const length = message.i32()
      if (length > 0) message.skip(message.cut ? Math.min(length, message.left) : length)
      continue
    }
    const value = oneValue(message, formatOf(formats, index), types?.[index] ?? 0, PARAMETER_KEPT + 1) ?? NULL
    const kept = value.length > PARAMETER_KEPT ? `${value.slice(0, PARAMETER_KEPT)}…` : value
    if (kept !== value) cut = true
    params.push(kept)
    budget -= kept.length + PARAMETER_OVERHEAD
  }
  const known = results && message.left >= 2 ? codes(message) : NONE
  return { params, formats: known.length === 0 ? undefined : known, cut, weight: PARAMETERS_KEPT - budget }
}

function codes(message: Message): readonly number[] {
  const count = message.i16() & 0xffff
  if (count === 0) return NONE
  const all: number[] = []
  for (let left = count; left > 0 && !(message.cut && message.left < 2); left--) all.push(message.i16())
  return all
}
