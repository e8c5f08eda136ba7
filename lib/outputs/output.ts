import type { z } from 'zod'
import type { MemoryQueueSettings, PathSettings } from '../config/settings.js'
import type { HttpClient } from '../http/client.js'
import type { EventBatch } from '../pipeline/batch.js'
import type { Report } from './check.js'

/** What an output did not take of a batch, by index from 0: worth another try, or never. Both empty: all delivered. */
export interface Leftover {
  retry: readonly number[]
  rejected: readonly { index: number; reason: string }[]
}

/** The answer when everything was delivered. */
export const NOTHING_LEFT: Leftover = { retry: [], rejected: [] }

/** One way to the server, such as a connection to one of its hosts: one batch at a time, or `Output.window` of them. */
export interface Lane {
  /** Whom it leads to, for people, such as `http://127.0.0.1:9200`. */
  readonly name: string
  /**
   * Rejects when nothing of the batch got through. The batch is on loan until the promise settles: copy what you keep. When
   * `signal` is aborted, or a lane of a plug-in has not answered in a minute, nobody waits any more.
   */
  send(batch: EventBatch, signal: AbortSignal): Promise<Leftover>
}

/** An open output. It knows no retry policy: pipeline/deliver.ts sends again what is left over, over any of its lanes. */
export interface Output {
  /** At least one; each is given batches independently of the others. */
  readonly lanes: readonly Lane[]
  /** Batches under way on one lane at once; 1 unless given. */
  readonly window?: number
  /** False: one lane is used until it fails, then the next. All at once unless given. */
  readonly balanced?: boolean
  /**
   * For an output that has an answer at once, such as a local file: called in the place of a lane, even while a capture's
   * batch is being decoded, so that the queue stays one batch small. What it throws ends the output; of a plug-in only
   * `UserError` and `OutputEnded` do, and after anything else the batch goes over a lane.
   */
  sendNow?(batch: EventBatch): Leftover
  /** Counters of its own, by full name such as `output.elasticsearch.duplicates`. */
  counters?(): Readonly<Record<string, number>>
  /** Ends what `open` began; everything sent has been acknowledged before, or was given up. Of a plug-in, within ten seconds. */
  close(): Promise<void>
}

/** Nobody reads the output any more, as when `head` has its lines: the program ends, and has done well. */
export class OutputEnded extends Error {
  // A plug-in may have a copy of this package, and with it a class of its own.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Error[Symbol.hasInstance](value) && (value as Error).name === 'OutputEnded'
  }

  override readonly name = 'OutputEnded'
}

/** An output said nothing at all for so long that nobody waits any more. */
export class NoAnswer extends Error {}

/** What an output is told beside its own options. */
export interface OutputContext {
  /** `agent.version`, for format strings such as `%{[agent.version]}`. */
  version: string
  /** `agent.name`. */
  name: string
  /** Absolute directories: files that options name are below `config`. */
  path: Pick<PathSettings, 'config' | 'data'>
  log: { debug(message: string): void; info(message: string): void; warn(message: string): void }
  /** All counters of the program, by name; for an output that shows them at its end. */
  counters?(): Readonly<Record<string, number>>
}

/** What an output that talks to Elasticsearch is told beside that. */
export interface SearchContext extends OutputContext {
  /**
   * To be awaited before the first batch goes to a server, and again when the connection was lost. Rejects when something
   * that events need could not be loaded.
   */
  connected?(client: HttpClient, server: SearchServer): Promise<void>
}

/** Which server of the family it is. */
export interface SearchServer {
  product: 'elasticsearch' | 'opensearch'
  /** Such as `8.19.21`. */
  version: string
}

/** What the pipeline should know to feed an output well; what is left out has the pipeline's own default. */
export interface Delivery {
  /** Events in a batch at most. */
  batchEvents?: number
  /** Milliseconds that an event may wait for a fuller batch, when less than `queue.mem.flush.timeout`. */
  maxDelay?: number
  /** Tries after the first; left out: without end. */
  maxRetries?: number
  /** Milliseconds before the first retry, and at most. */
  backoff?: { init: number; max: number }
}

/** An output as `defineOutput` takes it: what is below `output.NAME`. */
export interface OutputPlugin<Schema extends z.ZodType = z.ZodType> {
  /** The key below `output.` in the configuration: lower-case letters, digits and `_`. */
  name: string
  /** One line for people. */
  title: string
  /** An object, such as `z.strictObject({ url: z.url() })`; each option with `.describe()`. */
  options: Schema
  /** The form it reads: see `EventBatch`. Text is faster, where events are only passed on. */
  wants(options: z.output<Schema>): 'text' | 'document'
  delivery?(options: z.output<Schema>): Delivery
  /** What an option such as `preset` makes of the others, and of `queue.mem`. */
  tuned?(options: z.output<Schema>): { options: z.output<Schema>; queue?: MemoryQueueSettings }
  /** Resolves within a minute. @throws {UserError} 'ERR_OUTPUT_OPEN' with what to do. */
  open(options: z.output<Schema>, context: OutputContext): Promise<Output>
  /** `test output`: tries everything but sending events, and tells each step. Rejects when one failed. */
  check?(options: z.output<Schema>, context: OutputContext, report: Report): Promise<void>
}

/** Checks an output's shape and keeps its option types. */
export const defineOutput = <Schema extends z.ZodType>(plugin: OutputPlugin<Schema>): OutputPlugin<Schema> =>
  plugin
