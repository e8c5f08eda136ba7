import { type Decoded, decoded, isStable, SERVER_NAME, SESSION_TICKET } from './extensions.js'
import { isGrease, passedOver } from './names.js'
import type { Reader } from './reader.js'

/** The extensions of a hello, but for what each connection has of its own; shared by all hellos of a kind. */
export interface Extensions {
  /** Their types in their order, GREASE included. */
  types: readonly number[]
  /** What those that are decoded say, by their type. */
  byType: ReadonlyMap<number, Decoded>
  /** Names or numbers of the others. */
  unparsed: readonly string[]
}

/** Extensions that are there, but not decoded yet. */
export interface ExtensionList {
  /** Hellos whose lists have the same key have the same `Extensions`. */
  key: string
  start: number
  end: number
  ofServer: boolean
  /** There are more than are read. */
  cut: boolean
  /** Names of the server that the client asks for. */
  serverNames: readonly string[] | undefined
  /** The session ticket as events show it. */
  ticket: string | undefined
  /** Bytes of it. */
  ticketBytes: number
}

// More than any program sends, some 20; a hello has room for 16,000 empty ones.
const MAX_EXTENSIONS = 128

/** Finds the extensions at the end of a hello. `ofServer`: some have another form in a ServerHello. @throws {Malformed} */
export function findExtensions(reader: Reader, ofServer: boolean): ExtensionList {
  const { bytes } = reader
  const length = reader.left < 2 ? 0 : reader.u16()
  const start = reader.skip(length)
  const end = reader.at
  const list = noExtensions(ofServer)
  reader.reset(bytes, start, end)
  let count = 0
  // What goes into the key are heads and contents; of those whose content is of one connection, the type alone.
  let from = start
  while (reader.left > 0 && count++ < MAX_EXTENSIONS) {
    const { at } = reader
    const type = reader.u16()
    const size = reader.u16()
    const content = reader.skip(size)
    if (isStable(type)) continue
    list.key += bytes.latin1Slice(from, at + 2)
    from = content + size
    if (type === SERVER_NAME) list.serverNames = decoded(type, ofServer, bytes, content, from)?.names
    else if (type === SESSION_TICKET) {
      list.ticketBytes = size
      list.ticket = decoded(type, ofServer, bytes, content, from)?.value as string
    }
  }
  list.cut = reader.left > 0
  list.key += bytes.latin1Slice(from, reader.at) + (list.cut ? '+' : '')
  list.start = start
  list.end = reader.at
  return list
}

export const noExtensions = (ofServer: boolean): ExtensionList => ({
  key: '',
  start: 0,
  end: 0,
  ofServer,
  cut: false,
  serverNames: undefined,
  ticket: undefined,
  ticketBytes: 0,
})

/** Decodes them. @throws {Malformed} */
export function readExtensions(reader: Reader, { start, end, ofServer }: ExtensionList): Extensions {
  const { bytes } = reader
  reader.reset(bytes, start, end)
  const types: number[] = []
  const byType = new Map<number, Decoded>()
  const unparsed: string[] = []
  while (reader.left > 0) {
    const type = reader.u16()
    const size = reader.u16()
    const content = reader.skip(size)
    types.push(type)
    const value = decoded(type, ofServer, bytes, content, content + size)
    if (value === undefined) {
      if (!isGrease(type)) unparsed.push(passedOver.get(type) ?? String(type))
    } else if (isStable(type)) byType.set(type, value)
  }
  return { types, byType, unparsed }
}
