import type { Cursor } from '../../wire/cursor.js'
import {
  CLIENT_CONNECT_ATTRS,
  CLIENT_CONNECT_WITH_DB,
  CLIENT_MYSQL,
  CLIENT_PLUGIN_AUTH,
  CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA,
  CLIENT_PROTOCOL_41,
  CLIENT_SECURE_CONNECTION,
  CLIENT_SSL,
} from './capabilities.js'
import { count, text } from './encoding.js'

/** What the server says first. Spec: "Protocol::HandshakeV10". */
export interface Greeting {
  /** Without the 5.5.5- that MariaDB puts before it for the sake of old replicas. */
  version: string
  capabilities: number
}

// Longer names no server has; what stands there instead is no greeting.
const LONGEST_NAME = 256

export function greeting(cursor: Cursor): Greeting {
  cursor.skip(1) // protocol version 10
  const version = cursor.text0(LONGEST_NAME).replace(/^5\.5\.5-(?=1)/, '')
  cursor.skip(4 + 8 + 1) // connection id, the first part of the scramble, filler
  let capabilities = cursor.u16le()
  if (cursor.left >= 5) {
    cursor.skip(1 + 2) // character set, status
    capabilities |= cursor.u16le() << 16
  }
  return { version, capabilities }
}

/** What the client says of itself. */
export interface Login {
  capabilities: number
  user: string
  /** undefined: it chose none. */
  database: string | undefined
  plugin: string | undefined
  /** As name=value. */
  attributes: string[] | undefined
}

/** Spec: "Protocol::HandshakeResponse41", "Protocol::HandshakeResponse320", "Protocol::SSLRequest". */
export function handshakeResponse(cursor: Cursor, greeted: number | undefined): Login {
  const low = cursor.u16le()
  if ((low & CLIENT_PROTOCOL_41) === 0) {
    cursor.skip(3) // longest packet
    const user = cursor.text0(LONGEST_NAME)
    return { capabilities: low, user, database: undefined, plugin: undefined, attributes: undefined }
  }
  const capabilities = low | (cursor.u16le() << 16)
  cursor.skip(4 + 1 + 23) // longest packet, character set, filler or the extended capabilities of MariaDB
  const common = greeted === undefined ? capabilities : capabilities & (greeted | CLIENT_MYSQL)
  if ((capabilities & CLIENT_SSL) !== 0 && cursor.left === 0)
    return {
      capabilities: common | CLIENT_SSL,
      user: '',
      database: undefined,
      plugin: undefined,
      attributes: undefined,
    }
  const user = cursor.text0(LONGEST_NAME)
  if ((capabilities & CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA) !== 0) cursor.skip(Math.max(0, count(cursor)))
  else if ((capabilities & CLIENT_SECURE_CONNECTION) !== 0) cursor.skip(cursor.u8())
  else cursor.text0()
  return {
    capabilities: common & ~CLIENT_SSL,
    user,
    database: (capabilities & CLIENT_CONNECT_WITH_DB) !== 0 ? name(cursor) : undefined,
    plugin: (capabilities & CLIENT_PLUGIN_AUTH) !== 0 ? name(cursor) : undefined,
    attributes: (capabilities & CLIENT_CONNECT_ATTRS) !== 0 ? attributes(cursor) : undefined,
  }
}

/** Spec: "COM_CHANGE_USER". `capabilities`: what was agreed on; undefined: unknown, then what all clients of today say. */
export function changeUser(cursor: Cursor, capabilities = -1): Login {
  cursor.skip(1)
  const user = cursor.text0(LONGEST_NAME)
  if ((capabilities & CLIENT_SECURE_CONNECTION) !== 0) cursor.skip(cursor.u8())
  else cursor.text0()
  const database = name(cursor)
  let plugin: string | undefined
  if (cursor.left >= 2) {
    cursor.skip(2) // character set
    if ((capabilities & CLIENT_PLUGIN_AUTH) !== 0) plugin = name(cursor)
  }
  const named = (capabilities & CLIENT_CONNECT_ATTRS) !== 0 ? attributes(cursor) : undefined
  return { capabilities, user, database, plugin, attributes: named }
}

/** Up to a NUL, which clients may leave out at the end of the packet. */
function name(cursor: Cursor): string | undefined {
  if (cursor.left === 0) return undefined
  const { bytes, at, left } = cursor
  const end = bytes.indexOf(0, at)
  const found = end < 0 || end >= at + left ? cursor.utf8(left) : cursor.text0(LONGEST_NAME)
  return found === '' ? undefined : found
}

// Drivers send about ten; a server takes 64 KB of them.
const MAX_ATTRIBUTES = 64

/** Connection attributes, such as `program_name`. They are told for people: what is broken in them ends them. */
function attributes(cursor: Cursor): string[] | undefined {
  if (cursor.left === 0) return undefined
  const end = count(cursor) + cursor.used
  const found: string[] = []
  while (cursor.used < end && cursor.left > 0 && found.length < MAX_ATTRIBUTES)
    found.push(`${text(cursor)}=${text(cursor)}`)
  return found.length > 0 ? found : undefined
}
