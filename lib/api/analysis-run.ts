import { withoutSecrets } from '../config/secrets.js'
import type { Settings } from '../config/settings.js'
import { isUserError, UserError } from '../errors.js'
import { discard } from '../outputs/discard/index.js'
import type { OutputPlugin } from '../outputs/output.js'
import type { Log } from '../run.js'
import type { Analysis } from './analysis.js'
import type { Event } from './events.js'
import { HandOver } from './hand-over.js'

/** What an analysis is made with, checked. */
export interface AnalysisParts {
  settings: Settings
  log: Log
  signal: AbortSignal | undefined
}

/** A run whose events a program reads. */
export class AnalysisRun implements Analysis {
  readonly #parts: AnalysisParts
  readonly #events = new HandOver()
  readonly #stopping = new AbortController()
  #counters: () => Record<string, number> = () => ({})
  #running: Promise<void> | undefined
  #read = false

  constructor(parts: AnalysisParts) {
    this.#parts = parts
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Event> {
    return this.#iterator(() => this.#events.event())
  }

  batches(): AsyncIterableIterator<Event[]> {
    return this.#iterator(() => this.#events.batch())
  }

  stop(): void {
    this.#stopping.abort()
  }

  statistics(): Record<string, number> {
    return this.#counters()
  }

  #iterator<T>(ask: () => Promise<IteratorResult<unknown>>): AsyncIterableIterator<T> {
    if (this.#read)
      throw new UserError(
        'ERR_ITERATED',
        'an analysis is read once, by one loop; call analyze() again for another.',
      )
    this.#read = true
    const finish = async (): Promise<void> => {
      this.#events.drop()
      this.stop()
      if (this.#running === undefined) {
        // It does not begin any more.
        this.#running = Promise.resolve()
        this.#events.end()
      }
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
