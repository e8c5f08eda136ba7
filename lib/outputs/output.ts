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
  /** Ends what `open` began; everything sent has been acknowledged before. */
  close(): Promise<void>
}

/** What an output is told beside its own options. */
export interface OutputContext {
  /** `agent.version`, for format strings such as `%{[agent.version]}`. */
  version: string
  log: { info(message: string): void; warn(message: string): void }
}

export interface OutputPlugin<Schema extends z.ZodType = z.ZodType> {
  /** The key below `output.` in the configuration. */
  name: string
  /** One line for people. */
  title: string
  options: Schema
  /** The form it reads: see `EventBatch`. */
  wants(options: z.output<Schema>): 'text' | 'document'
  /** @throws {UserError} 'ERR_OUTPUT_…' with what to do. */
  open(options: z.output<Schema>, context: OutputContext): Promise<Output>
}

/** Checks an output's shape and keeps its option types. */
export const defineOutput = <Schema extends z.ZodType>(plugin: OutputPlugin<Schema>): OutputPlugin<Schema> =>
  plugin
