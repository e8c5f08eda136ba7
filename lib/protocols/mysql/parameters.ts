import { type Cursor, Incomplete } from '../../wire/cursor.js'
import { count, text } from './encoding.js'
import { value } from './values.js'

/** Types of parameters as they are bound: a type, and 0x80 in the byte after it for unsigned. */
export type Types = Uint8Array

// What is shown of them: a bulk of 65,535 times ten numbers tells nobody more.
export const MAX_PARAMETERS = 1024

/** What is known of the statement that is executed. */
export interface Bound {
  /** How many it has; undefined: unknown. */
  parameters: number
  /** As the client bound them the last time. */
  types: Types | undefined
  /** By its number, what was sent ahead of a parameter (COM_STMT_SEND_LONG_DATA). */
  long: ReadonlyMap<number, Buffer> | undefined
}

export interface Parameters {
  values: string[]
  /** To be remembered. */
  types: Types | undefined
  /** Names of query attributes, which stand after the parameters; '' for a parameter. */
  names: string[] | undefined
}

const NOTHING: Parameters = { values: [], types: undefined, names: undefined }

/**
 * The parameters of COM_STMT_EXECUTE from its NULL bitmap on; also the attributes of COM_QUERY. `named`: each type is
 * followed by a name. What is missing because only a part of the packet was kept is left out.
 */
export function parameters(
  cursor: Cursor,
  { parameters: total, types, long }: Bound,
  named: boolean,
): Parameters {
  if (total === 0) return NOTHING
  const bitmap = cursor.at
  cursor.skip((total + 7) >>> 3)
  let bound = types
  let names: string[] | undefined
  if (cursor.u8() === 1) {
    cursor.want(2 * total)
    bound = new Uint8Array(2 * total)
    if (named) names = []
    for (let at = 0; at < total; at++) {
      bound[2 * at] = cursor.u8()
      bound[2 * at + 1] = cursor.u8()
      names?.push(text(cursor))
    }
  }
  const values: string[] = []
  if (bound === undefined || bound.length < 2 * total) return { values, types: undefined, names }
  try {
    for (let at = 0; at < Math.min(total, MAX_PARAMETERS); at++) {
      const ahead = long?.get(at)
      const isNull = ((cursor.bytes[bitmap + (at >>> 3)] as number) >>> (at & 7)) & 1
      if (ahead !== undefined) values.push(ahead.utf8Slice(0, ahead.length))
      else if (isNull) values.push('TYPE_NULL')
      else values.push(one(cursor, bound, at))
    }
  } catch (error) {
    if (error !== Incomplete.signal) throw error
  }
  return { values, types: bound, names }
}

const one = (cursor: Cursor, types: Types, at: number): string =>
  value(cursor, types[2 * at] as number, ((types[2 * at + 1] as number) & 0x80) !== 0, 'parameter')

const SEND_TYPES_TO_SERVER = 128

/**
 * The parameters of COM_STMT_BULK_EXECUTE from its flags on: those of each row, one row after the other.
 * Spec: MariaDB, "COM_STMT_BULK_EXECUTE".
 */
export function bulkParameters(cursor: Cursor, { parameters: total, types }: Bound): Parameters {
  if (total === 0) return NOTHING
  let bound = types
  if ((cursor.u16le() & SEND_TYPES_TO_SERVER) !== 0) {
    const sent = cursor.copy(2 * total)
    bound = new Uint8Array(sent)
  }
  const values: string[] = []
  if (bound === undefined || bound.length < 2 * total) return { values, types: undefined, names: undefined }
  try {
    while (cursor.left > 0 && values.length < MAX_PARAMETERS) {
      const at = values.length % total
      // How the value is meant: 0 as it stands, 1 NULL, 2 the column's default, 3 not at all.
      const indicator = cursor.u8()
      if (indicator > 3) throw cursor.malformed(`an indicator of ${indicator}`)
      values.push(
        indicator === 0
          ? one(cursor, bound, at)
          : (['TYPE_NULL', 'DEFAULT', 'IGNORE'][indicator - 1] as string),
      )
    }
  } catch (error) {
    if (error !== Incomplete.signal) throw error
  }
  return { values, types: bound, names: undefined }
}

// SQL begins with no control character, and the number of parameter sets is always 1.
const FEW = 9

/** Whether attributes stand before the SQL of a COM_QUERY; for connections whose login was not captured. */
export const looksAttributed = (bytes: Buffer, start: number, end: number): boolean =>
  end - start >= 2 && (bytes[start] as number) < FEW && bytes[start + 1] === 1

/** Reads past the attributes of a COM_QUERY. Spec: "COM_QUERY", CLIENT_QUERY_ATTRIBUTES. */
export function queryAttributes(cursor: Cursor): string[] | undefined {
  const total = count(cursor)
  count(cursor) // sets of them: always 1
  if (total > 65_535) throw cursor.malformed(`${total} attributes`)
  return attributesOf(parameters(cursor, { parameters: total, types: undefined, long: undefined }, true), 0)
}

/** Those from the one of that number on, as name=value. */
export function attributesOf({ values, names }: Parameters, from: number): string[] | undefined {
  const found = names?.slice(from).map((name, at) => `${name}=${values[from + at] ?? ''}`)
  return found === undefined || found.length === 0 ? undefined : found
}
