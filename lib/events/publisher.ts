import type { Sink } from '../pipeline/sink.js'
import type { Process } from '../processors/processor.js'
import type { Delayed } from './delayed.js'
import type { Document, Origin, Writer } from './writer.js'

/** What became of the events of one protocol entry; their sum is what was emitted. */
export interface Published {
  /** Taken by the pipeline. */
  events: number
  /** Dropped by a processor. */
  dropped: number
  /** Not wanted: `ignore_outgoing`. */
  outgoing: number
  /** Refused by the pipeline because its queue was full. */
  refused: number
}

export interface PublisherOptions<T, O extends Origin> {
  /** Asked with the first event: of all protocols that are watched, few are spoken. */
  writer(): Writer<T, O>
  processors: readonly Process[]
  sink: Sink
  /** Where events wait for processors that take their time. */
  delayed: Delayed
  /** Fields that a processor made null are published, too. */
  keepNull: boolean
  /** Tells the conversations whose events are not wanted. */
  ignored?: ((origin: O) => boolean) | undefined
}

/** Makes documents of the transactions of one protocol entry, processes them, and hands them to the pipeline. */
export class Publisher<T, O extends Origin> {
  readonly published: Published = { events: 0, dropped: 0, outgoing: 0, refused: 0 }
  readonly #make: () => Writer<T, O>
  #writer: Writer<T, O> | undefined
  #head: Buffer = Buffer.alloc(0)
  readonly #processors: readonly Process[]
  readonly #sink: Sink
  readonly #delayed: Delayed
  readonly #ignored: ((origin: O) => boolean) | undefined
  readonly #keepNull: boolean
  readonly #asText: boolean

  constructor({ writer, processors, sink, delayed, keepNull, ignored }: PublisherOptions<T, O>) {
    this.#make = writer
    this.#processors = processors
    this.#sink = sink
    this.#delayed = delayed
    this.#keepNull = keepNull
    this.#ignored = ignored
    this.#asText = processors.length === 0 && sink.wants === 'text'
  }

  emit(origin: O, transaction: T): void {
    if (this.#ignored?.(origin)) {
      this.published.outgoing++
      return
    }
    const writer = this.#writer ?? this.#begin()
    if (this.#delayed.full && this.#sink.full === 'drop') this.published.refused++
    else if (this.#asText) this.#taken(this.#sink.text(writer.tail(transaction, origin), this.#head))
    else this.#process(writer.object(transaction, origin))
  }

  #begin(): Writer<T, O> {
    const writer = this.#make()
    this.#writer = writer
    this.#head = Buffer.from(writer.head)
    return writer
  }

  /** `from`: the first processor that is still to see the event. */
  #process(event: Document, from = 0): void {
    let document = event
    for (let at = from; at < this.#processors.length; at++) {
      const left = (this.#processors[at] as Process)(document)
      if (left instanceof Promise) {
        this.#delayed.add(left, (done) => this.#processed(done, at + 1))
        return
      }
      if (left === null) {
        this.published.dropped++
        return
      }
      document = left
    }
    // Nulls come from processors; what the network says is null is shown, as in the text.
    if (!this.#keepNull && this.#processors.length > 0) dropNulls(document)
    const { wants } = this.#sink
    this.#taken(wants === 'text' ? this.#sink.text(JSON.stringify(document)) : this.#sink.document(document))
  }

  #processed(document: Document | null, next: number): void {
    if (document === null) this.published.dropped++
    else this.#process(document, next)
  }

  #taken(taken: boolean): void {
    if (taken) this.published.events++
    else this.published.refused++
  }
}

function dropNulls(object: Document): void {
  for (const [key, value] of Object.entries(object))
    if (value === null) delete object[key]
    else if (typeof value === 'object' && !Array.isArray(value)) dropNulls(value as Document)
}
