import type { Body } from './body.js'
import * as code from './codes.js'
import { hasReasons } from './version.js'

/** What an ERROR says beyond its code and message; which of it depends on the code. */
export interface ErrorDetails {
  consistency?: string
  /** Replicas that the consistency wants. */
  required?: number
  /** Replicas that were known to be alive. */
  alive?: number
  /** Replicas that answered. */
  received?: number
  /** Replicas whose answer was waited for. */
  blockFor?: number
  failures?: number
  writeType?: string
  dataPresent?: boolean
  /** Times a conditional update lost against others. */
  contentions?: number
  keyspace?: string
  table?: string
  function?: string
  arguments?: string[]
  /** Hexadecimal: the id that the server does not know. */
  statement?: string
}

export interface ServerError {
  code: number
  message: string
  details: ErrorDetails | undefined
}

// Arguments of a function that are kept, and replicas that may have failed: more than any cluster has.
const MAX_ARGUMENTS = 64
const MAX_REASONS = 65_535

/** Reads the body of an ERROR. Spec: native_protocol_v5.spec §8. */
export function readError(body: Body, version: number): ServerError {
  const read: ServerError = { code: body.i32(), message: body.string(), details: undefined }
  read.details = details(body, read.code, version)
  return read
}

function details(body: Body, kind: number, version: number): ErrorDetails | undefined {
  switch (kind) {
    case code.UNAVAILABLE:
      return { consistency: consistency(body), required: body.i32(), alive: body.i32() }
    case code.WRITE_TIMEOUT: {
      const read: ErrorDetails = { ...waited(body), writeType: body.string() }
      if (read.writeType === 'CAS' && body.left >= 2) read.contentions = body.u16()
      return read
    }
    case code.READ_TIMEOUT:
      return { ...waited(body), dataPresent: body.u8() !== 0 }
    case code.READ_FAILURE:
      return { ...waited(body), failures: failures(body, version), dataPresent: body.u8() !== 0 }
    case code.WRITE_FAILURE:
      return { ...waited(body), failures: failures(body, version), writeType: body.string() }
    case code.CAS_WRITE_UNKNOWN:
      return waited(body)
    case code.FUNCTION_FAILURE:
      return { keyspace: body.string(), function: body.string(), arguments: body.stringList(MAX_ARGUMENTS) }
    case code.ALREADY_EXISTS:
      return { keyspace: body.string(), table: body.string() }
    case code.UNPREPARED:
      return { statement: body.shortHex() }
    default:
      return undefined
  }
}

const consistency = (body: Body): string => code.consistencyName(body.u16())

const waited = (body: Body): ErrorDetails => ({
  consistency: consistency(body),
  received: body.i32(),
  blockFor: body.i32(),
})

function failures(body: Body, version: number): number {
  const count = body.i32()
  if (!hasReasons(version)) return count
  if (count < 0 || count > MAX_REASONS) throw body.malformed(`${count} failures`)
  for (let left = count; left > 0; left--) {
    body.skip(body.u8()) // an address
    body.skip(2) // why
  }
  return count
}
