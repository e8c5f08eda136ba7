// What of `@metadata` rules where an event goes. Every text event begins with it, and most begin alike: it is read once.

/** The part of `@metadata` that is about delivery, as the processors may have set it. */
export interface Metadata {
  _id?: unknown
  op_type?: unknown
  pipeline?: unknown
  /** Indexes: exactly this one, in this order of precedence; to `index` the day is added. */
  alias?: unknown
  index?: unknown
  raw_index?: unknown
}

/** How an event's text begins: `{"@metadata":{…}`. */
export interface Head {
  bytes: Buffer
  metadata: Metadata
  /** The action line for every event with this head, its line end included; undefined: each event has its own. */
  action: Buffer | undefined
}

const BEGIN = Buffer.from('{"@metadata":{')
const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = 0x7b
const CLOSE = 0x7d
const COMMA = 0x2c

// One for each protocol of a configuration; heads that are all different, such as those with an `_id`, pass through.
const KEPT = 32

/** The heads met last. `actionOf` is asked once for each: for what stays the same in all its events. */
export class Heads {
  readonly #kept: Head[] = []
  readonly #actionOf: (metadata: Metadata) => Buffer | undefined

  constructor(actionOf: (metadata: Metadata) => Buffer | undefined) {
    this.#actionOf = actionOf
  }

  /** Of the text from `start` to `end`; undefined: it does not begin with `@metadata`. */
  of(bytes: Buffer, start: number, end: number): Head | undefined {
    const kept = this.#kept
    for (let index = 0; index < kept.length; index++) {
      const head = kept[index] as Head
      const behind = start + head.bytes.length
      if (behind < end && bytes.compare(head.bytes, 0, head.bytes.length, start, behind) === 0) {
        // The ones used most come first.
        if (index > 0) {
          kept[index] = kept[index - 1] as Head
          kept[index - 1] = head
        }
        return head
      }
    }
    const behind = headEnd(bytes, start, end)
    if (behind === undefined) return undefined
    const own = Buffer.from(bytes.subarray(start, behind))
    const metadata = JSON.parse(own.toString('utf8', BEGIN.length - 1)) as Metadata
    const head = { bytes: own, metadata, action: this.#actionOf(metadata) }
    // One that no other event has would only push out the others.
    if (head.action !== undefined || metadata._id === undefined) {
      kept.unshift(head)
      if (kept.length > KEPT) kept.pop()
    }
    return head
  }
}

/** Behind the object after `{"@metadata":`. */
function headEnd(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start <= BEGIN.length) return undefined
  if (bytes.compare(BEGIN, 0, BEGIN.length, start, start + BEGIN.length) !== 0) return undefined
  let depth = 1
  let quoted = false
  for (let at = start + BEGIN.length; at < end; at++) {
    const byte = bytes[at]
    if (quoted) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) quoted = false
    } else if (byte === QUOTE) quoted = true
    else if (byte === OPEN) depth++
    else if (byte === CLOSE && --depth === 0) {
      const next = bytes[at + 1]
      return next === COMMA || next === CLOSE ? at + 1 : undefined
    }
  }
  return undefined
}
