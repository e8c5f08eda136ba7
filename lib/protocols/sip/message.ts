import type { Transaction } from '../../events/fields.js'
import type { Address } from './address.js'
import type { Authorization } from './authorization.js'
import type { Sdp } from './sdp.js'
import type { Uri } from './uri.js'

/** A request or a response: what one event tells of. Texts that are missing are empty. */
export class SipMessage implements Transaction {
  // As of all transactions; a message has no duration.
  start = 0
  end = 0
  sourceBytes = 0
  destinationBytes = 0
  status: 'OK' | 'Error' = 'OK'
  notes: string[] | undefined = undefined

  /** Upper case; '' of a response. */
  method = ''
  uri: Uri | undefined = undefined
  /** 0 of a request. */
  code = 0
  phrase = ''
  version = ''

  from: Address | undefined = undefined
  to: Address | undefined = undefined
  /** The first one. */
  contact: Address | undefined = undefined
  /** P-Associated-URI, the first one. */
  associated: Address | undefined = undefined
  callId = ''
  /** CSeq; its method in upper case. */
  sequence = 0
  sequenceMethod = ''
  /** Each once, the topmost first. */
  via: string[] | undefined = undefined
  /** Of the topmost Via: names the transaction. */
  branch = ''
  maxForwards = 0
  allow: string[] | undefined = undefined
  supported: string[] | undefined = undefined
  accept = ''
  contentType = ''
  /** undefined: not said. -1: there is one, but no recipient could use it. */
  contentLength: number | undefined = undefined
  userAgent = ''
  authorization: Authorization | undefined = undefined
  /** Somebody logs in. */
  hasCredentials = false

  sdp: Sdp | undefined = undefined
  original: string | undefined = undefined

  /** Nanoseconds since the request was first seen. */
  responseTime: number | undefined = undefined
  /** Of a BYE: nanoseconds since its call was answered. */
  callDuration: number | undefined = undefined
  isRetransmission = false

  get isRequest(): boolean {
    return this.code === 0
  }

  note(text: string): void {
    if (this.notes === undefined) this.notes = [text]
    else this.notes.push(text)
  }

  /** A note about what is broken. */
  broken(text: string): void {
    this.note(text)
    this.status = 'Error'
  }
}
