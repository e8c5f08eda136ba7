import type { z } from 'zod'
import type { EventBatch } from '../pipeline/batch.js'

/** What an output did not take of a batch, by index: worth another try, or never. Both empty: all delivered. */
export interface Leftover {
  retry: readonly number[]
  rejected: readonly { index: number; reason: string }[]
}

export const NOTHING_LEFT: Leftover = { retry: [], rejected: [] }

/** An open output. It knows no retry policy: pipeline/deliver.ts calls `send` again with what is left over. */
export interface Output {
  /** Rejects when nothing of the batch got through. The batch is on loan until the promise settles. */
  send(batch: EventBatch, signal: AbortSignal): Promise<Leftover>
  /**
   * For an output that has an answer at once, such as a local file: called in the place of `send`, even while a capture's
   * batch is being decoded, so that the queue stays one batch small. What it throws ends the output.
   */
  sendNow?(batch: EventBatch): Leftover
  /** Ends what `open` began; everything sent has been acknowledged before. */
  close(): Promise<void>
}

/** Nobody reads the output any more, as when `head` has its lines: the program ends, and has done well. */
export class OutputEnded extends Error {}

/** What an output is told beside its own options. */
export interface OutputContext {
  /** `agent.version`, for format strings such as `%{[agent.version]}`. */
  version: string
  log: { info(message: string): void; warn(message: string): void }
  /** All counters of the program, by name; for an output that shows them at its end. */
  counters?(): Readonly<Record<string, number>>
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

export interface OutputPlugin<Schema extends z.ZodType = z.ZodType> {
  /** The key below `output.` in the configuration. */
  name: string
  /** One line for people. */
  title: string
  options: Schema
  /** The form it reads: see `EventBatch`. */
  wants(options: z.output<Schema>): 'text' | 'document'
  delivery?(options: z.output<Schema>): Delivery
  /** @throws {UserError} 'ERR_OUTPUT_…' with what to do. */
  open(options: z.output<Schema>, context: OutputContext): Promise<Output>
}

/** Checks an output's shape and keeps its option types. */
export const defineOutput = <Schema extends z.ZodType>(plugin: OutputPlugin<Schema>): OutputPlugin<Schema> =>
  plugin
