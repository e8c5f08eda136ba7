import type { Transaction } from '../../events/fields.js'
import type { Waiting } from '../../transactions/waiting.js'
import type { HttpConversation } from './conversation.js'
import type { Message } from './message.js'
import type { Target } from './url.js'

/** What waits for a response. */
export interface Timer extends Waiting {
  readonly exchange: Exchange
}

/** A request and its response, or one of them without the other. */
export class Exchange implements Transaction, Timer {
  readonly conversation: HttpConversation
  readonly request: Message | undefined
  response: Message | undefined = undefined
  start: number
  end: number | undefined = undefined
  sourceBytes = 0
  destinationBytes = 0
  status: 'OK' | 'Error' = 'OK'
  notes: string[] | undefined = undefined
  relatedIps: string[] | undefined = undefined
  /** `transaction_timeout` is over, and the request has been reported. */
  late = false
  /** It did not come to its proper end. */
  failed = false
  /** What was noticed about the two together. */
  remarks: string[] | undefined = undefined
  /** The one that was asked after it. */
  next: Exchange | undefined = undefined
  /** How long it has waited: from the last byte of the request, so that a long upload is not late. */
  timer: Timer = this
  ahead: Waiting | undefined = undefined
  behind: Waiting | undefined = undefined
  waits = false

  // What events show, set by describe.ts.
  url: Target | undefined = undefined
  /** The host without its port: a name or an address. */
  host: string | undefined = undefined
  port: number | undefined = undefined
  fullUrl: string | undefined = undefined
  query: string | undefined = undefined
  /** The host, when it is a name. */
  domain: string | undefined = undefined
  hosts: string[] | undefined = undefined
  referrer: string | undefined = undefined
  forwardedIp: string | undefined = undefined
  user: string | undefined = undefined
  requestHeaders: Record<string, unknown> | undefined = undefined
  responseHeaders: Record<string, unknown> | undefined = undefined
  requestText: string | undefined = undefined
  responseText: string | undefined = undefined

  constructor(conversation: HttpConversation, request: Message | undefined, start: number) {
    this.conversation = conversation
    this.request = request
    this.start = start
  }

  get exchange(): this {
    return this
  }

  remark(text: string): void {
    if (this.remarks === undefined) this.remarks = [text]
    else if (!this.remarks.includes(text)) this.remarks.push(text)
  }
}
