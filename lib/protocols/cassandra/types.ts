import type { Body } from './body.js'

/** The type of a value. Spec: native_protocol_v5.spec §4.2.5.2. */
export interface Type {
  /** What the protocol numbers it. */
  id: number
  /** Of a collection its elements (a map: keys, then values), of a tuple or a user-defined type its fields. */
  of: readonly Type[]
  /** Names of the fields of a user-defined type. */
  names: readonly string[]
  /** Of a vector, which the protocol calls by its Java class: how many numbers it has. */
  dimension: number
}

export const CUSTOM = 0x00
export const LIST = 0x20
export const MAP = 0x21
export const SET = 0x22
export const UDT = 0x30
export const TUPLE = 0x31
/** Not of the protocol: vector<float, n>. */
export const VECTOR = -1

// Types hold types; deeper than anybody nests them.
const MAX_DEPTH = 16
// A user-defined type or a tuple with more fields than a table may sensibly have columns.
const MAX_FIELDS = 4096

const NONE: readonly never[] = []
const simple = Array.from({ length: LIST }, (_, id): Type => ({ id, of: NONE, names: NONE, dimension: 0 }))

const DURATION = simple[0x15] as Type
const MARSHAL = 'org.apache.cassandra.db.marshal.'
const vector = /^VectorType\(org\.apache\.cassandra\.db\.marshal\.FloatType ?, ?(\d{1,5})\)$/

/** What is known by its Java class: types that came after the version that is spoken. */
function custom(name: string): Type {
  const known = name.startsWith(MARSHAL) ? name.slice(MARSHAL.length) : ''
  if (known === 'DurationType') return DURATION
  const dimension = vector.exec(known)?.[1]
  return dimension === undefined
    ? (simple[CUSTOM] as Type)
    : { id: VECTOR, of: NONE, names: NONE, dimension: Number(dimension) }
}

/** Reads a type. */
export function readType(body: Body, depth = 0): Type {
  const id = body.u16()
  if (id === CUSTOM) return custom(body.string())
  const known = simple[id]
  if (known !== undefined) return known
  if (depth >= MAX_DEPTH) throw body.malformed(`types in ${depth} others`)
  switch (id) {
    case LIST:
    case SET:
      return { id, of: [readType(body, depth + 1)], names: NONE, dimension: 0 }
    case MAP:
      return { id, of: [readType(body, depth + 1), readType(body, depth + 1)], names: NONE, dimension: 0 }
    case UDT:
    case TUPLE:
      return fields(body, id, depth)
    default:
      throw body.malformed(`type ${id}`)
  }
}

function fields(body: Body, id: number, depth: number): Type {
  if (id === UDT) {
    body.skip(body.u16()) // keyspace
    body.skip(body.u16()) // name
  }
  const count = body.u16()
  if (count > MAX_FIELDS) throw body.malformed(`a type of ${count} fields`)
  const of: Type[] = []
  const names: string[] = []
  while (of.length < count) {
    if (id === UDT) names.push(body.string())
    of.push(readType(body, depth + 1))
  }
  return { id, of, names, dimension: 0 }
}

/** Passes over a type. */
export function skipType(body: Body, depth = 0): void {
  const id = body.u16()
  if (id === CUSTOM) body.skip(body.u16())
  if (id < LIST) return
  if (depth >= MAX_DEPTH) throw body.malformed(`types in ${depth} others`)
  switch (id) {
    case MAP:
      skipType(body, depth + 1)
      skipType(body, depth + 1)
      return
    case LIST:
    case SET:
      skipType(body, depth + 1)
      return
    case UDT:
    case TUPLE:
      fields(body, id, depth)
      return
    default:
      throw body.malformed(`type ${id}`)
  }
}
