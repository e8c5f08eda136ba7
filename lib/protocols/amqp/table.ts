import type { Cursor } from '../../wire/cursor.js'

/** Values by name, as JSON has them. */
export interface Table {
  [name: string]: Value
}
type Value = string | number | boolean | null | Table | Value[]

// Brokers put tables in tables for capabilities and for what happened to dead letters: three levels.
const MAX_DEPTH = 16
// Values that are shown of all tables of a frame, nested ones included; headers of a message are a few dozen.
const MAX_VALUES = 1024

/** How tables are read. */
export class Tables {
  /** Whether their values are asked for. */
  readonly wanted: boolean
  /** Values that were left out since it was set to 0. */
  omitted = 0
  #left = MAX_VALUES

  constructor(wanted: boolean) {
    this.wanted = wanted
  }

  /** A frame begins. */
  begin(): void {
    this.#left = MAX_VALUES
  }

  /** False: the value is one too many. */
  take(): boolean {
    if (this.#left === 0) {
      this.omitted++
      return false
    }
    this.#left--
    return true
  }
}

/** A field table. Spec: AMQP 0-9-1 §4.2.5.5; types as RabbitMQ has them (its "Errata", section 3). */
export function table(cursor: Cursor, tables: Tables, depth = 0): Table {
  const end = endOf(cursor, depth)
  const read: Table = {}
  while (cursor.at < end) {
    const name = cursor.utf8(cursor.u8())
    if (!tables.take()) break
    set(read, name, value(cursor, tables, depth))
  }
  finish(cursor, end)
  return read
}

function array(cursor: Cursor, tables: Tables, depth: number): Value[] {
  const end = endOf(cursor, depth)
  const read: Value[] = []
  while (cursor.at < end) {
    if (!tables.take()) break
    read.push(value(cursor, tables, depth))
  }
  finish(cursor, end)
  return read
}

/** Names come from traffic: `__proto__` is one like others, and one without a letter no field can have. */
function set(into: Table, name: string, value: Value): void {
  if (name === '__proto__')
    Object.defineProperty(into, name, { value, writable: true, enumerable: true, configurable: true })
  else if (name !== '') into[name] = value
}

function endOf(cursor: Cursor, depth: number): number {
  if (depth === MAX_DEPTH) throw cursor.malformed(`tables in tables, ${MAX_DEPTH} deep`)
  const length = cursor.u32()
  cursor.want(length)
  return cursor.at + length
}

function finish(cursor: Cursor, end: number): void {
  if (cursor.at > end) throw cursor.malformed('a value that goes on past its table')
  cursor.skip(end - cursor.at)
}

function value(cursor: Cursor, tables: Tables, depth: number): Value {
  const type = String.fromCharCode(cursor.u8())
  switch (type) {
    case 't':
      return cursor.u8() !== 0
    case 'b':
      return (cursor.u8() << 24) >> 24
    case 'B':
      return cursor.u8()
    case 's':
    case 'U':
      return cursor.i16()
    case 'u':
      return cursor.u16()
    case 'I':
      return cursor.i32()
    case 'i':
      return cursor.u32()
    case 'l':
    case 'L':
      return exact(cursor.i64())
    case 'f':
      return finite(cursor.bytes.readFloatBE(took(cursor, 4)))
    case 'd':
      return finite(cursor.bytes.readDoubleBE(took(cursor, 8)))
    case 'D':
      return decimal(cursor.u8(), cursor.i32())
    case 'S':
      return cursor.utf8(cursor.u32())
    case 'x': {
      const length = cursor.u32()
      const start = took(cursor, length)
      return cursor.bytes.hexSlice(start, start + length)
    }
    case 'T':
      return timestamp(cursor.u64())
    case 'A':
      return array(cursor, tables, depth + 1)
    case 'F':
      return table(cursor, tables, depth + 1)
    case 'V':
      return null
    default:
      throw cursor.malformed(`a value of type ${JSON.stringify(type)}`)
  }
}

/** Where that many bytes begin, which are read thereby. */
function took(cursor: Cursor, length: number): number {
  const { at } = cursor
  cursor.skip(length)
  return at
}

/** A text where a number would not be exact. */
const exact = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : String(value)

/** JSON has no other numbers. */
const finite = (value: number): number | string => (Number.isFinite(value) ? value : String(value))

const decimal = (scale: number, value: number): number => Number(`${value}e-${scale}`)

// What a Date can hold, in seconds: ECMA-262, "Time Values and Time Range".
const LAST = 8_640_000_000_000n

/** Seconds since 1970 as people write them. */
export const timestamp = (seconds: bigint): string =>
  seconds <= LAST ? new Date(Number(seconds) * 1000).toISOString() : String(seconds)
