import type { Sink } from '../pipeline/sink.js'
import type { Process } from '../processors/processor.js'
import type { Endpoints } from './endpoints.js'
import type { Fields, Transaction } from './fields.js'
import { type Constants, compileWriter, type Document, type Writer } from './writer.js'

/** What became of the events of one protocol entry. */
export interface Published {
  events: number
  /** By a processor. */
  dropped: number
  /** By `ignore_outgoing`. */
  outgoing: number
}

export interface PublisherOptions<T> {
  fields: Fields<T>
  constants: Constants
  processors: readonly Process[]
  sink: Sink
  /** Tells the conversations whose events are not wanted; see `packetbeat.ignore_outgoing`. */
  ignored?: ((endpoints: Endpoints) => boolean) | undefined
}

/** Makes documents of the transactions of one protocol entry, processes them, and hands them to the pipeline. */
export class Publisher<T extends Transaction> {
  readonly published: Published = { events: 0, dropped: 0, outgoing: 0 }
  readonly #writer: Writer<T>
  readonly #processors: readonly Process[]
  readonly #sink: Sink
  readonly #ignored: ((endpoints: Endpoints) => boolean) | undefined
  readonly #asText: boolean

  constructor({ fields, constants, processors, sink, ignored }: PublisherOptions<T>) {
    this.#writer = compileWriter(fields, constants)
    this.#processors = processors
    this.#sink = sink
    this.#ignored = ignored
    this.#asText = processors.length === 0 && sink.wants === 'text'
  }

  emit(endpoints: Endpoints, transaction: T): void {
    if (this.#ignored?.(endpoints)) {
      this.published.outgoing++
      return
    }
    if (this.#asText) {
      this.published.events++
      this.#sink.text(this.#writer.text(transaction, endpoints))
      return
    }
    let document: Document | null = this.#writer.object(transaction, endpoints)
    for (const process of this.#processors) {
      document = process(document)
      if (document === null) {
        this.published.dropped++
        return
      }
    }
    this.published.events++
    if (this.#sink.wants === 'text') this.#sink.text(JSON.stringify(document))
    else this.#sink.document(document)
  }
}
