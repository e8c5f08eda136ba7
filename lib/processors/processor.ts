import type { z } from 'zod'
import type { Document } from '../events/writer.js'
import type { RunOfProcessors } from './run.js'

/**
 * Changes an event in place and answers it, or null to drop it. Must not throw: what fails leaves the event as it was. One
 * that has to ask somebody answers a promise, which never rejects and is settled within seconds; other events go on
 * meanwhile. Of a plug-in, what it throws or does not answer in ten seconds leaves the event as it was, too.
 */
export type Process = (event: Document) => Document | null | Promise<Document | null>

/** What a processor is made with, beside its options. */
export interface ProcessorContext {
  /** Counts an event that the processor could not do its work on, in `processors.PROCESSOR.failures`, and says why. */
  failed(reason: string): void
  /** The run it is for: nothing may reach outside before it begins, or stay behind when it ends. */
  run: RunOfProcessors
  /** Adds to the counter `processors.PROCESSOR.NAME`; with 0 it is shown before anything was counted. */
  count(name: string, by?: number): void
  /**
   * Makes another processor, by its name and what would be configured.
   * @throws {Error} that says what is wrong with them.
   */
  processor(name: string, configured: unknown): Process
  /** Relative paths of files are below this folder. */
  readonly configPath: string
  /** What is to last from run to run is below this folder. */
  readonly dataPath: string
  /**
   * Has something done before the first event; a run waits for it, and fails with what it throws. Not all that make
   * processors do so: then it has to be done with the first event.
   */
  atStart(hook: () => Promise<void>): void
}

/** A processor as `defineProcessor` takes it: an entry of `processors`. */
export interface Processor<Schema extends z.ZodObject = z.ZodObject> {
  /** The key of its entry in `processors`: lower-case letters, digits and `_`. */
  name: string
  /** One line for people. */
  title: string
  /** Its own options, each with `.describe()`; `when` and `tag`, which all have, are added. */
  options: Schema
  /** Called for each entry of the configuration, also when that is only checked. @throws {UserError} for what makes no sense. */
  create(options: z.output<Schema>, context: ProcessorContext): Process
}

/** Checks a processor's shape and keeps its option types. */
export const defineProcessor = <Schema extends z.ZodObject>(
  processor: Processor<Schema>,
): Processor<Schema> => processor
