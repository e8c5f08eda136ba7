import type { z } from 'zod'
import type { Document } from '../events/writer.js'

/** Changes an event in place, or answers null to drop it. Must not throw: what fails leaves the event as it was. */
export type Process = (event: Document) => Document | null

export interface Processor<Schema extends z.ZodType = z.ZodType> {
  /** The key of its entry in `processors`. */
  name: string
  /** One line for people. */
  title: string
  options: Schema
  create(options: z.output<Schema>): Process
}

/** Checks a processor's shape and keeps its option types. */
export const defineProcessor = <Schema extends z.ZodType>(processor: Processor<Schema>): Processor<Schema> =>
  processor
