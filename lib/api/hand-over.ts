import type { Document } from '../events/writer.js'
import { type Lane, type Leftover, NOTHING_LEFT, type Output, OutputEnded } from '../outputs/output.js'
import type { EventBatch } from '../pipeline/batch.js'

/** Somebody who waits for events. */
interface Reader {
  /** Takes what it waits for of the events that are there. */
  take(): void
  /** There will be none. */
  end(): void
  fail(error: unknown): void
}

/**
 * The output that a program reads: events wait in the pipeline's batch until they are asked for. One batch is under way
 * at a time, so that the pipeline tells the captures to wait, or drops, as for any slow output.
 */
export class HandOver implements Output {
  readonly lanes: readonly Lane[] = [{ name: 'the reader', send: (batch) => this.#send(batch) }]
  readonly #readers: Reader[] = []
  #documents: readonly Document[] = []
  #at = 0
  #count = 0
  /** Of the batch that is under way. */
  #settle: { done(left: Leftover): void; failed(error: Error): void } | undefined
  #dropped = false
  #over: { error?: unknown } | undefined

  /** The next event. Rejects once, with what ended the run. */
  event(): Promise<IteratorResult<Document>> {
    // The usual case, as cheap as a promise can be.
    return this.#at < this.#count ? Promise.resolve(this.#one()) : this.#wait(() => this.#one())
  }

  /** All events that are there, one at least. */
  batch(): Promise<IteratorResult<Document[]>> {
    return this.#at < this.#count ? Promise.resolve(this.#rest()) : this.#wait(() => this.#rest())
  }

  /** No event is handed over any more: what is in the pipeline is left there, and the run ends. */
  drop(): void {
    this.#dropped = true
    this.#at = this.#count = 0
    this.#documents = []
    this.#settle?.failed(new OutputEnded())
    this.#settle = undefined
  }

  /** The run is over. `failure`: what the next who asks is told. */
  end(failure?: { error: unknown }): void {
    this.#over ??= failure ?? {}
    for (const reader of this.#readers.splice(0)) this.#tell(reader)
  }

  async close(): Promise<void> {}

  #one(): IteratorResult<Document> {
    const value = this.#documents[this.#at++] as Document
    if (this.#at === this.#count) this.#taken()
    return { done: false, value }
  }

  #rest(): IteratorResult<Document[]> {
    const value = this.#documents.slice(this.#at, this.#count)
    this.#taken()
    return { done: false, value }
  }

  #taken(): void {
    const settle = this.#settle
    this.#at = this.#count = 0
    this.#documents = []
    this.#settle = undefined
    settle?.done(NOTHING_LEFT)
  }

  #wait<T>(take: () => IteratorResult<T>): Promise<IteratorResult<T>> {
    return new Promise((resolve, reject) => {
      const end = () => resolve({ done: true, value: undefined })
      const reader: Reader = { take: () => resolve(take()), end, fail: reject }
      if (this.#over !== undefined) this.#tell(reader)
      else this.#readers.push(reader)
    })
  }

  #tell(reader: Reader): void {
    const over = this.#over ?? {}
    if ('error' in over) reader.fail(over.error)
    else reader.end()
    this.#over = {}
  }

  #send({ documents, count }: EventBatch): Promise<Leftover> {
    return new Promise((done, failed) => {
      if (this.#dropped) {
        failed(new OutputEnded())
        return
      }
      this.#documents = documents
      this.#at = 0
      this.#count = count
      this.#settle = { done, failed }
      while (this.#at < this.#count && this.#readers.length > 0) this.#readers.shift()?.take()
    })
  }
}
