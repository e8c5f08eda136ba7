import type { Message } from './message.js'
import type { Resource } from './resource.js'

// Of a zone of a million records the first ones tell enough; an event is no zone file.
const MAX_RECORDS = 4096

/**
 * A zone on its way, which may take many messages: it begins and ends with the same SOA record (RFC 5936 §2.2). One of
 * changes (RFC 1995 §4) has that SOA once more, where the last additions begin.
 */
export class Transfer {
  readonly #response: Message
  readonly #serial: string | number | undefined
  #records = 0
  /** Times the SOA was seen, and has to be. */
  #seen = 0
  #ends = 2

  /** Whether what was asked for is a zone. */
  static isAskedFor({ questions }: Message): boolean {
    const type = questions[0]?.type
    return type === 'AXFR' || type === 'IXFR'
  }

  /** `response`: its first message, which gets the records of the others. */
  constructor(query: Message, response: Message) {
    this.#response = response
    this.#serial = serialOf(response.answers[0])
    // A single SOA that is no newer than what the client has: there is nothing to transfer (RFC 1995 §2).
    const known = serialOf(query.authorities[0])
    if (known !== undefined && this.#serial !== undefined && ((known - this.#serial) | 0) >= 0) this.#ends = 1
  }

  /** Nothing more is to come; it may also be a refusal. */
  get finished(): boolean {
    const { rcode, answersCount } = this.#response
    return rcode !== 0 || answersCount === 0 || this.#serial === undefined || this.#seen >= this.#ends
  }

  /** Adds a message; without `keep`, its records are counted only. Returns how many are not kept. */
  add(message: Message, keep: boolean): number {
    const response = this.#response
    const { rcode, bytes, answers, answersCount } = message
    this.#count(answers)
    if (message === response) {
      if (!keep) response.answers = []
      return keep ? 0 : answers.length
    }
    response.rcode = rcode
    response.bytes += bytes
    response.answersCount += answersCount
    const room = keep ? Math.max(0, MAX_RECORDS - response.answers.length) : 0
    response.answers.push(...answers.slice(0, room))
    return Math.max(0, answers.length - room)
  }

  #count(records: readonly Resource[]): void {
    for (const record of records) {
      const serial = serialOf(record)
      if (serial !== undefined) {
        if (serial === this.#serial) this.#seen++
        else if (this.#records === 1) this.#ends = 3
      }
      this.#records++
    }
  }
}

const serialOf = (record: Resource | undefined): number | undefined =>
  record?.type === 'SOA' ? (record.serial as number | undefined) : undefined
