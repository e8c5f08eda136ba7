import type { Endpoints } from '../../events/endpoints.js'
import { LOSS_IN_REQUEST, LOSS_IN_RESPONSE } from '../../transactions/notes.js'
import type { Cursor } from '../../wire/cursor.js'
import type { CloseReason, Conversation, Direction, Segment } from '../protocol.js'
import { FROM_CLIENT } from '../protocol.js'
import { binaryValue } from './binary.js'
import { requestHead, responseHead } from './heads.js'
import { Logins } from './login.js'
import type { Request, Response } from './message.js'
import { Pairing } from './pairing.js'
import { Reader } from './reader.js'
import type { Shared } from './shared.js'

/** One connection. */
export class MemcacheConversation implements Conversation {
  readonly #shared: Shared
  readonly #pairing: Pairing
  readonly #requests: Reader<Request>
  readonly #responses: Reader<Response>
  readonly #logins = new Logins()
  /** The side whose bytes were lost, when that ends it. */
  #lost: Direction | undefined

  constructor(endpoints: Endpoints, shared: Shared) {
    this.#shared = shared
    const { memory } = shared.context
    this.#pairing = new Pairing(endpoints, shared, shared.streams)
    this.#requests = new Reader(this.#request, memory, this.#asked, false)
    this.#responses = new Reader((cursor) => responseHead(shared, cursor), memory, this.#answered, true)
  }

  data(segment: Segment): void {
    if (segment.direction === FROM_CLIENT) this.#requests.feed(segment)
    else this.#responses.feed(segment)
  }

  gap(direction: Direction, bytes: number): 'keep' | 'drop' {
    if ((direction === FROM_CLIENT ? this.#requests : this.#responses).lose(bytes)) return 'keep'
    this.#lost = direction
    return 'drop'
  }

  close(reason: CloseReason): void {
    this.#requests.discard()
    this.#responses.discard()
    const lossIn = this.#lost === FROM_CLIENT ? LOSS_IN_REQUEST : LOSS_IN_RESPONSE
    this.#pairing.end(reason === 'gap' ? lossIn : undefined)
  }

  readonly #request = (cursor: Cursor): Request => {
    const request = requestHead(this.#shared, cursor)
    this.#logins.expect(request)
    return request
  }

  readonly #asked = (request: Request, time: number, bytes: number): void => {
    this.#logins.look(request)
    this.#pairing.asked(request, time, bytes)
  }

  readonly #answered = (response: Response, time: number, bytes: number): void => {
    if (isLog(response)) {
      this.#shared.context.count('log_lines')
      return
    }
    binaryValue(response)
    this.#logins.answered(response)
    this.#pairing.answered(response, time, bytes)
  }
}

/** A line of the server's log, which clients `watch`. */
const isLog = ({ line }: Response): boolean => line !== undefined && /^(?:ts=|\[overflow)/.test(line)
