import type { Endpoints } from '../../events/endpoints.js'
import { type Cursor, Malformed } from '../../wire/cursor.js'
import { Messages } from '../../wire/messages.js'
import { type Conversation, type Direction, FROM_CLIENT, FROM_SERVER, type Segment } from '../protocol.js'
import { Exchanges } from './exchanges.js'
import { HEADER, isPlausible, type Message, message } from './message.js'
import { INCOMPLETE, NO_LENGTH, NOT_DNS, ODD_LENGTH } from './notes.js'
import type { Shared } from './shared.js'

/** What its length announced was no message. */
interface Broken {
  note: string
  id: number | undefined
}

/** DNS over TCP: before each message stands its length. RFC 1035 §4.2.2, RFC 7766. */
export class DnsStream implements Conversation {
  readonly #exchanges: Exchanges
  readonly #shared: Shared
  readonly #messages: readonly [Messages<Message | Broken>, Messages<Message | Broken>]
  /** Ids of the messages that have begun, by direction. */
  readonly #begun: (number | undefined)[] = [undefined, undefined]
  /** Of the segment that is being read. */
  #direction: Direction = FROM_CLIENT

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#exchanges = new Exchanges(endpoints, shared)
    this.#shared = shared
    const { memory } = shared.context
    this.#messages = [new Messages(this.#parse, memory), new Messages(this.#parse, memory)]
  }

  data(segment: Segment): void {
    this.#direction = segment.direction
    this.#messages[segment.direction].feed(segment, this.#take)
  }

  gap(direction: Direction): 'drop' {
    this.#endIncomplete(direction)
    return 'drop'
  }

  close(): void {
    this.#endIncomplete(FROM_CLIENT)
    this.#endIncomplete(FROM_SERVER)
    this.#exchanges.close()
  }

  readonly #parse = (cursor: Cursor): Message | Broken => {
    const length = cursor.u16()
    if (length < HEADER) {
      cursor.skip(length)
      return { note: length === 0 ? NO_LENGTH : ODD_LENGTH, id: undefined }
    }
    const { bytes, at } = cursor
    const id = cursor.left < 2 ? undefined : bytes.readUInt16BE(at)
    // Told before the whole is waited for, so that a stream of something else does not fill the memory.
    if (cursor.left >= HEADER && !isPlausible(bytes, at, length)) {
      this.#exchanges.broken(this.#direction, id, NOT_DNS)
      throw cursor.malformed('counts of more than there is')
    }
    this.#begun[this.#direction] = id
    cursor.skip(length)
    this.#begun[this.#direction] = undefined
    try {
      const read = message(bytes, at, at + length, length, this.#shared.sections)
      read.bytes += 2
      return read
    } catch (error) {
      if (error instanceof Malformed) return { note: NOT_DNS, id }
      throw error
    }
  }

  readonly #take = (read: Message | Broken, time: number): void => {
    if (!('note' in read)) {
      this.#exchanges.take(read, this.#direction, time)
      return
    }
    this.#shared.context.count('malformed')
    this.#exchanges.broken(this.#direction, read.id, read.note)
  }

  #endIncomplete(direction: Direction): void {
    if (this.#messages[direction].discard())
      this.#exchanges.broken(direction, this.#begun[direction], INCOMPLETE)
  }
}
