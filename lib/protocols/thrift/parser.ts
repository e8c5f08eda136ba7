import { Cursor, Incomplete } from '../../wire/cursor.js'
import { APPLICATION_EXCEPTION } from './application-exception.js'
import { BinaryEncoding } from './binary.js'
import { CompactEncoding } from './compact.js'
import type { Encoding } from './encoding.js'
import { BINARY, COMPACT, header } from './header.js'
import type { Foreign, Message, Piece } from './message.js'
import { type Limits, Printer } from './printer.js'
import { step } from './sasl.js'
import type { Interfaces, Method, Shape } from './shapes.js'
import { Skipper } from './skipper.js'
import { carried, type Written, written } from './transport.js'
import { CALL, EXCEPTION, ONEWAY, REPLY } from './types.js'

/** Finds the method of a reply: that of the call which it answers. */
export type MethodOf = (seqid: number, name: string) => Method | undefined

export interface Settings {
  limits: Limits
  interfaces: Interfaces | undefined
  /** Whether replies are shown. */
  replies: boolean
}

/**
 * Reads messages and writes what they say. One for all conversations of a configured entry: between two messages it
 * remembers nothing.
 */
export class Parser {
  readonly #interfaces: Interfaces | undefined
  readonly #replies: boolean
  readonly #printer: Printer
  readonly #binary = new BinaryEncoding()
  readonly #compact = new CompactEncoding()
  /** Reads what is in a frame, and no further. */
  readonly #inner = new Cursor()

  constructor({ limits, interfaces, replies }: Settings) {
    this.#printer = new Printer(limits)
    this.#interfaces = interfaces
    this.#replies = replies
  }

  /** Reads one message. `methodOf`: for what the server sends; left out, the client does. */
  read(cursor: Cursor, methodOf?: MethodOf): Piece {
    switch (carried(cursor)) {
      case 'binary':
        return this.#unframed(cursor, this.#binary, methodOf)
      case 'compact':
        return this.#unframed(cursor, this.#compact, methodOf)
      case 'framed':
        return this.#framed(cursor, false, methodOf)
      case 'header':
        return this.#framed(cursor, true, methodOf)
      case 'empty':
        cursor.skip(4)
        return 'empty'
      case 'sasl':
        return step(cursor)
      case 'tls':
        return foreign(cursor, 'tls')
      case 'json':
        return foreign(cursor, 'json')
      case 'http':
        return foreign(cursor, 'http')
      case 'unknown':
        throw cursor.malformed('not the beginning of a message')
    }
  }

  // --- transports ---------------------------------------------------------------------------------------------------

  /** Nothing says how long it is but itself. */
  #unframed(cursor: Cursor, encoding: Encoding, methodOf: MethodOf | undefined): Message {
    encoding.cursor = cursor
    let rest = cursor.progress as Skipper | undefined
    if (rest === undefined) {
      try {
        return this.#message(encoding, methodOf)
      } catch (error) {
        if (error !== Incomplete.signal) throw error
        // It is cut. What has come is passed over, and then what comes; written it is when it is all there.
        cursor.resume(0)
        encoding.head()
        rest = new Skipper()
        rest.begin()
        cursor.progress = rest
      }
    } else cursor.resume(rest.used)
    rest.run(encoding)
    cursor.resume(0)
    return this.#message(encoding, methodOf)
  }

  /** A message in a frame, which tells how long it is. */
  #framed(cursor: Cursor, isHeaded: boolean, methodOf: MethodOf | undefined): Message | Foreign {
    const length = cursor.u32()
    cursor.want(length)
    const { bytes, at } = cursor
    cursor.skip(length)
    const inner = this.#inner.reset(bytes, at, at + length)
    try {
      const piece = isHeaded
        ? this.#headed(inner, at + length, methodOf)
        : this.#written(inner, written(bytes[at] as number), methodOf)
      if (typeof piece !== 'object') return foreign(cursor, piece)
      piece.bytes = length
      return piece
    } catch (error) {
      throw error === Incomplete.signal ? inner.malformed('a message that is longer than its frame') : error
    }
  }

  #headed(inner: Cursor, end: number, methodOf: MethodOf | undefined): Message | Foreign {
    const { bytes } = inner
    inner.skip(2) // the magic number
    const { protocol, seqid, unpacked, isUnknown } = header(inner, end)
    if (isUnknown || (protocol !== BINARY && protocol !== COMPACT)) return 'header'
    if (unpacked === undefined) inner.reset(bytes, inner.at, end)
    else inner.reset(unpacked, 0, unpacked.length)
    const message = this.#written(inner, protocol === COMPACT ? 'compact' : 'binary', methodOf)
    if (typeof message === 'object') message.seqid = seqid
    return message
  }

  #written(cursor: Cursor, how: Written, methodOf: MethodOf | undefined): Message | Foreign {
    if (how === 'json') return 'json'
    const encoding = how === 'compact' ? this.#compact : this.#binary
    encoding.cursor = cursor
    return this.#message(encoding, methodOf)
  }

  // --- messages -----------------------------------------------------------------------------------------------------

  #message(encoding: Encoding, methodOf: MethodOf | undefined): Message {
    this.#printer.begin()
    encoding.head()
    const { messageType: type, name: sent, seqid } = encoding
    const colon = sent.indexOf(':')
    const message: Message = {
      type,
      seqid,
      name: colon < 0 ? sent : sent.slice(colon + 1),
      service: colon < 0 ? undefined : sent.slice(0, colon),
      method: undefined,
      text: '',
      exceptions: undefined,
      hasFailed: false,
      bytes: 0,
      isCut: false,
    }
    switch (type) {
      case CALL:
      case ONEWAY: {
        const methods = this.#interfaces?.methods
        message.method = methods?.get(sent) ?? methods?.get(message.name)
        message.service ??= message.method?.service
        message.text = this.#printer.params(encoding, message.method?.params)
        break
      }
      case REPLY:
        if (this.#replies) this.#result(encoding, methodOf?.(seqid, message.name)?.result, message)
        else this.#unread(encoding, message)
        break
      case EXCEPTION:
        message.hasFailed = true
        if (this.#replies)
          message.exceptions = `TApplicationException${this.#printer.params(encoding, APPLICATION_EXCEPTION)}`
        else this.#printer.skipFields(encoding, 0)
        break
      default:
        throw encoding.cursor.malformed(`a message of type ${type}`)
    }
    message.isCut = this.#printer.isCut
    message.bytes = encoding.cursor.used
    return message
  }

  /** What a method returns is field 0; all others are exceptions, of which there is one at most. */
  #result(encoding: Encoding, shape: Shape | undefined, message: Message): void {
    let exceptions = ''
    for (let last = 0; encoding.field(last); ) {
      const { id, type } = encoding
      const field = shape?.fields?.get(id)
      const text = this.#printer.value(encoding, type, field?.shape, 1)
      if (id === 0) message.text = text
      else
        exceptions += `${exceptions === '' ? '' : ', '}${field === undefined ? `${id}: ` : field.label}${text}`
      last = id
    }
    if (exceptions === '') return
    message.exceptions = `(${exceptions})`
    message.hasFailed = true
  }

  /** Sees no more of a reply than whether it is an exception. */
  #unread(encoding: Encoding, message: Message): void {
    if (!encoding.field(0)) return
    message.hasFailed = encoding.id !== 0
    this.#printer.skipFrom(encoding)
  }
}

/** All that is at hand: nothing of it will be understood. */
function foreign(cursor: Cursor, what: Foreign): Foreign {
  cursor.skip(cursor.left)
  return what
}
