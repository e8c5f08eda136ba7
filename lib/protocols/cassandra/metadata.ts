import type { Body } from './body.js'
import { readType, skipType, type Type } from './types.js'
import { hasResultIds } from './version.js'

/** What tells of the columns of a result or of the values of a statement: native_protocol_v5.spec §4.2.5.2, §4.2.5.4. */
export interface Metadata {
  flags: number
  columns: number
  keyspace: string | undefined
  table: string | undefined
  /** Hexadecimal; there are more pages. */
  pagingState: string | undefined
  /** Of a statement: places of the values that make up the partition key. */
  partitionKey: number[] | undefined
}

// A statement has at most 65,535 values, by the length of their list; a partition key has fewer columns than that by far.
const MAX_VALUES = 65_535

const GLOBAL_TABLE = 0x01
const MORE_PAGES = 0x02
const NO_METADATA = 0x04
const CHANGED = 0x08

/** Reads metadata, its columns passed over, or their types kept in `types`. `bound`: it is of values to be bound. */
export function readMetadata(body: Body, version: number, bound: boolean, types?: Type[]): Metadata {
  const flags = body.i32()
  const columns = body.count()
  const read: Metadata = {
    flags,
    columns,
    keyspace: undefined,
    table: undefined,
    pagingState: undefined,
    partitionKey: undefined,
  }
  if (bound && version >= 4) {
    const count = body.count()
    if (count > MAX_VALUES) throw body.malformed(`a key of ${count} columns`)
    const places: number[] = []
    while (places.length < count) places.push(body.u16())
    if (count > 0) read.partitionKey = places
  }
  if (flags & MORE_PAGES) read.pagingState = body.hex()
  if (!bound && flags & CHANGED && hasResultIds(version)) body.skip(body.u16())
  if (flags & NO_METADATA) return read
  const global = (flags & GLOBAL_TABLE) !== 0
  if (global) {
    read.keyspace = body.string()
    read.table = body.string()
  }
  for (let column = 0; column < columns; column++) {
    if (!global) {
      body.skip(body.u16())
      body.skip(body.u16())
    }
    body.skip(body.u16())
    if (types === undefined) skipType(body)
    else types.push(readType(body))
  }
  return read
}
