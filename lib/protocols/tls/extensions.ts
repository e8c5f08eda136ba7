import {
  certificateTypes,
  fragmentLengths,
  groups,
  isGrease,
  pointFormats,
  signatureSchemes,
  unknown,
  versionName,
} from './names.js'
import { Reader } from './reader.js'
import { Recent } from './recent.js'

/** What an extension says. */
export interface Decoded {
  /** As events show it: a text, a list of names, or an object. */
  value: string | readonly string[] | object
  /** The codes of a list, GREASE included. */
  codes?: readonly number[]
  /** The names of a list. */
  names?: readonly string[]
}

/** Reads the content of an extension, `reader`'s bytes. */
type Decode = (reader: Reader, ofServer: boolean) => Decoded | undefined

/** A list of codes with a length of `prefix` bytes before it; GREASE is left out of its names. */
function list(prefix: 1 | 2, width: 1 | 2, name: (code: number) => string | undefined): Decode {
  return (reader) => {
    const length = prefix === 1 ? reader.u8() : reader.u16()
    const codes: number[] = []
    for (const end = reader.at + length; reader.at < end; )
      codes.push(width === 1 ? reader.u8() : reader.u16())
    const shown = width === 1 ? codes : codes.filter((code) => !isGrease(code))
    const names = shown.map((code) => name(code) ?? unknown(code, 2 * width))
    return { value: names, names, codes }
  }
}

const one =
  (width: 1 | 2, name: (code: number) => string | undefined): Decode =>
  (reader) => {
    const code = width === 1 ? reader.u8() : reader.u16()
    return { value: name(code) ?? unknown(code, 2 * width), codes: [code] }
  }

/** In a ServerHello it is the one that was chosen. */
const listOrOne =
  (several: Decode, single: Decode): Decode =>
  (reader, ofServer) =>
    (ofServer ? single : several)(reader, ofServer)

const empty: Decode = () => ({ value: '' })

/** RFC 6066 §3. The server's is empty and says only that it knew the name. */
const serverName: Decode = (reader, ofServer) => {
  if (ofServer) return undefined
  const names: string[] = []
  for (const end = reader.at + reader.u16() + 2; reader.at < end; ) {
    const type = reader.u8()
    const length = reader.u16()
    const at = reader.skip(length)
    if (type === 0) names.push(reader.bytes.utf8Slice(at, at + length))
  }
  return { value: names, names }
}

/** RFC 7301 §3.1. A name is text by custom only. */
const alpn: Decode = (reader) => {
  const names: string[] = []
  for (const end = reader.at + reader.u16() + 2; reader.at < end; ) {
    const length = reader.u8()
    const at = reader.skip(length)
    names.push(reader.bytes.utf8Slice(at, at + length))
  }
  return { value: names, names }
}

/** RFC 6066 §8. */
const statusRequest: Decode = (reader, ofServer) => {
  if (ofServer) return { value: { response: true } }
  const type = reader.u8()
  const responders = reader.u16()
  reader.skip(responders)
  const extensions = reader.u16()
  return {
    value: {
      type: type === 1 ? 'ocsp' : `(unknown:${type})`,
      responder_id_list_length: responders,
      request_extensions: extensions,
    },
  }
}

/** RFC 5077 §3.2. */
const ticket: Decode = ({ left }) => ({ value: left === 0 ? '' : `(${left} bytes)` })

/** RFC 5054 §2.8.1: a user's name. */
const srp: Decode = (reader) => {
  const length = reader.u8()
  const at = reader.skip(length)
  return { value: reader.bytes.utf8Slice(at, at + length) }
}

const certificateType = (code: number) => certificateTypes.get(code)

/** Those that are decoded, with the names that events give them. */
const table: ReadonlyMap<number, { name: string; decode: Decode }> = new Map([
  [0, { name: 'server_name_indication', decode: serverName }],
  [1, { name: 'max_fragment_length', decode: one(1, (code) => fragmentLengths.get(code)) }],
  [2, { name: 'client_certificate_url', decode: empty }],
  [4, { name: 'truncated_hmac', decode: empty }],
  [5, { name: 'status_request', decode: statusRequest }],
  [9, { name: 'cert_type', decode: listOrOne(list(1, 1, certificateType), one(1, certificateType)) }],
  [10, { name: 'supported_groups', decode: list(2, 2, (code) => groups.get(code)) }],
  [11, { name: 'ec_points_formats', decode: list(1, 1, (code) => pointFormats.get(code)) }],
  [12, { name: 'srp', decode: srp }],
  [13, { name: 'signature_algorithms', decode: list(2, 2, (code) => signatureSchemes.get(code)) }],
  [16, { name: 'application_layer_protocol_negotiation', decode: alpn }],
  [35, { name: 'session_ticket', decode: ticket }],
  [43, { name: 'supported_versions', decode: listOrOne(list(1, 2, versionName), one(2, versionName)) }],
])

/** Names of the decoded extensions by their type. */
export const extensionNames: readonly (readonly [number, string])[] = Array.from(
  table,
  ([type, { name }]) => [type, name] as const,
)

export const SERVER_NAME = 0
export const SESSION_TICKET = 35

/** Whether it is decoded, and programs send the same content again and again, so that it is worth remembering. */
export const isStable = (type: number): boolean =>
  table.has(type) && type !== SERVER_NAME && type !== SESSION_TICKET

// An extension is some 20 bytes; what is longer than this is not worth remembering.
const MAX_KEY = 256

const known = new Recent<Decoded>(512)
const reader = new Reader()

/** undefined: it is not decoded. @throws {Malformed} */
export function decoded(
  type: number,
  ofServer: boolean,
  bytes: Buffer,
  start: number,
  end: number,
): Decoded | undefined {
  const entry = table.get(type)
  if (entry === undefined) return undefined
  const key =
    isStable(type) && end - start <= MAX_KEY
      ? `${ofServer ? 's' : 'c'}${type} ${bytes.latin1Slice(start, end)}`
      : undefined
  const remembered = key === undefined ? undefined : known.get(key)
  if (remembered !== undefined) return remembered
  const made = entry.decode(reader.reset(bytes, start, end), ofServer)
  return key === undefined || made === undefined ? made : known.set(key, made)
}
