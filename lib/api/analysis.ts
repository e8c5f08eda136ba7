import { withoutSecrets } from '../config/secrets.js'
import type { Settings } from '../config/settings.js'
import { isUserError, UserError } from '../errors.js'
import { discard } from '../outputs/discard/index.js'
import type { OutputPlugin } from '../outputs/output.js'
import type { Log } from '../run.js'
import type { Event } from './events.js'
import { HandOver } from './hand-over.js'

/** What an analysis is made with, checked. */
export interface AnalysisParts {
  settings: Settings
  log: Log
  signal: AbortSignal | undefined
}

/**
 * A run whose events a program reads. It begins when the first event is asked for; leaving the loop ends it. It is read
 * once, by one reader.
 */
export class Analysis implements AsyncIterable<Event> {
  readonly #parts: AnalysisParts
  readonly #events = new HandOver()
  readonly #stopping = new AbortController()
  #counters: () => Record<string, number> = () => ({})
  #running: Promise<void> | undefined
  #read = false

  /** @internal */
  constructor(parts: AnalysisParts) {
    this.#parts = parts
  }

  /** Events one by one. @throws {UserError} 'ERR_USAGE' when it is or was read already. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Event> {
    return this.#iterator(() => this.#events.event())
  }

  /**
   * Events as they come, many at once: what a reader gets who wants to be fast.
   * @throws {UserError} 'ERR_USAGE' when it is or was read already.
   */
  batches(): AsyncIterableIterator<Event[]> {
    return this.#iterator(() => this.#events.batch())
  }

  /** Ends the capture. What was read so far is still decoded, paired and handed over; then the loop ends. */
  stop(): void {
    this.#stopping.abort()
  }

  /** The counters of docs/metrics.md by name, at any time; after the end those of the whole run. Empty before it began. */
  statistics(): Record<string, number> {
    return this.#counters()
  }

  #iterator<T>(ask: () => Promise<IteratorResult<unknown>>): AsyncIterableIterator<T> {
    if (this.#read)
      throw new UserError(
        'ERR_USAGE',
        'an analysis is read once, by one loop; call analyze() again for another.',
      )
    this.#read = true
    const finish = async (): Promise<void> => {
      this.#events.drop()
      this.stop()
      if (this.#running === undefined) this.#events.end()
      await this.#running
    }
    const iterator: AsyncIterableIterator<T> = {
      next: () => {
        this.#running ??= this.#run()
        // Documents are events: their types are made of the same lists of fields.
        return ask() as Promise<IteratorResult<T>>
      },
      return: async () => {
        await finish()
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]: () => iterator,
    }
    return iterator
  }

  /** Never rejects: the reader is told. */
  async #run(): Promise<void> {
    const { settings, log, signal } = this.#parts
    const abort = () => {
      this.#events.drop()
      this.stop()
    }
    let failure: { error: unknown } | undefined
    try {
      signal?.throwIfAborted()
      signal?.addEventListener('abort', abort)
      for (const notice of settings.notices) log.warn(notice)
      // The addon is loaded last: what is wrong with the options is told without it.
      const { run } = await import('../run.js')
      const output = { plugin: outputOf(this.#events), options: {} }
      await run(
        { ...settings, output },
        {
          defaultOutput: output,
          signal: this.#stopping.signal,
          log,
          started: ({ counters }) => {
            this.#counters = counters
          },
        },
      )
    } catch (error) {
      failure = { error: withSecretsMasked(error) }
    }
    signal?.removeEventListener('abort', abort)
    // What it keeps of the run may go.
    const totals = this.#counters()
    this.#counters = () => ({ ...totals })
    this.#events.end(signal?.aborted ? { error: signal.reason } : failure)
  }
}

// Small enough that events are still in the processor's cache when they are read, and that few wait at once.
const BATCH = 256

const outputOf = (events: HandOver): OutputPlugin => ({
  ...(discard as unknown as OutputPlugin),
  name: 'program',
  title: 'the program that reads them',
  wants: () => 'document',
  delivery: () => ({ maxDelay: 0, batchEvents: BATCH }),
  open: async () => events,
})

function withSecretsMasked(error: unknown): unknown {
  if (!isUserError(error)) return error
  const message = withoutSecrets(error.message)
  if (message === error.message) return error
  return new UserError(error.code, message)
}
