import type { Document } from '../../events/writer.js'
import { type EventBatch, lineOf } from '../../pipeline/batch.js'
import { type Head, Heads, type Metadata } from './head.js'
import type { Rejection, Router } from './route.js'

/** The body of a bulk request, and which events of the batch it has, by index. */
export interface Body {
  bytes: Buffer
  items: number[]
  rejected: { index: number; reason: string }[]
}

const OPEN = 0x7b
const CLOSE = 0x7d
const LINE_END = 0x0a
const MARK = Buffer.from('"@metadata":')
// For the usual batch of 1 MiB and its action lines.
const USUAL = 1.25 * 1024 * 1024

/** Makes bodies of batches: action lines, and events without their `@metadata`. Events are copied once. */
export class BulkBody {
  readonly #router: Router
  readonly #heads: Heads
  readonly #escape: boolean
  #bytes: Buffer | undefined
  #length = 0

  constructor(router: Router, escapeHtml: boolean) {
    this.#router = router
    this.#escape = escapeHtml
    this.#heads = new Heads((metadata) => router.common(metadata))
  }

  /** Of the events `indexes`. Its bytes are good until the next call. */
  make(batch: EventBatch, indexes: Iterable<number>): Body {
    const items: number[] = []
    const rejected: Body['rejected'] = []
    this.#length = 0
    if ((this.#bytes?.length ?? 0) > 4 * USUAL) this.#bytes = undefined
    for (const index of indexes) {
      const refused = this.#append(batch, index)
      if (refused === undefined) items.push(index)
      else rejected.push({ index, reason: refused.reason })
    }
    return { bytes: this.#room(0).subarray(0, this.#length), items, rejected }
  }

  /** The bytes of the last body belong to someone else now, such as a connection that is being ended. */
  letGo(): void {
    this.#bytes = undefined
  }

  #append(batch: EventBatch, index: number): Rejection | undefined {
    const start = index === 0 ? 0 : (batch.ends[index - 1] as number)
    const end = batch.ends[index] as number
    const head = this.#heads.of(batch.bytes, start, end)
    if (head === undefined) return this.#appendOther(lineOf(batch, index))
    let line = head.action
    if (line === undefined) {
      const action = this.#router.of(head.metadata, document(batch.bytes.subarray(start, end)))
      if ('reason' in action) return action
      if (action.alone) {
        this.#copy(action.line, 0, action.line.length)
        return undefined
      }
      line = action.line
    }
    this.#copy(line, 0, line.length)
    this.#appendRest(batch.bytes, start, end, head)
    return undefined
  }

  /** What follows the head, in an object of its own. */
  #appendRest(bytes: Buffer, start: number, end: number, head: Head): void {
    const behind = start + head.bytes.length
    const rest = bytes[behind] === CLOSE ? behind : behind + 1
    if (this.#escape) {
      this.#appendText(`{${bytes.toString('utf8', rest, end)}`)
      return
    }
    this.#room(1)[this.#length++] = OPEN
    this.#copy(bytes, rest, end)
  }

  /** An event that does not begin with `@metadata`: it has none, or a processor has put it elsewhere. */
  #appendOther(line: Buffer): Rejection | undefined {
    const event = document(line)
    const own = line.includes(MARK) && Object.hasOwn(event, '@metadata')
    const metadata = own ? event['@metadata'] : undefined
    const action = this.#router.of(isObject(metadata) ? metadata : {}, event)
    if ('reason' in action) return action
    this.#copy(action.line, 0, action.line.length)
    if (action.alone) return undefined
    if (own) {
      const { '@metadata': _, ...rest } = event
      this.#appendText(`${JSON.stringify(rest)}\n`)
    } else if (this.#escape) this.#appendText(line.toString('utf8'))
    else this.#copy(line, 0, line.length)
    return undefined
  }

  #appendText(text: string): void {
    // Within JSON text these can only stand inside of strings.
    const escaped = this.#escape
      ? text.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)
      : text
    const bytes = Buffer.from(escaped)
    this.#copy(bytes, 0, bytes.length)
  }

  #copy(bytes: Buffer, start: number, end: number): void {
    const to = this.#room(end - start)
    bytes.copy(to, this.#length, start, end)
    this.#length += end - start
  }

  /** The bytes with room for that many more. */
  #room(more: number): Buffer {
    const have = this.#bytes
    const needed = this.#length + more
    if (have !== undefined && needed <= have.length) return have
    const larger = Buffer.allocUnsafeSlow(Math.max(USUAL, needed, have === undefined ? 0 : have.length * 2))
    have?.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
    return larger
  }
}

/** An event as an object; its metadata is read from the head, so it may be part of it or not. */
function document(line: Buffer): Document {
  const end = line.at(-1) === LINE_END ? line.length - 1 : line.length
  return JSON.parse(line.toString('utf8', 0, end)) as Document
}

const isObject = (value: unknown): value is Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
