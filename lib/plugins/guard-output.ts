import { z } from 'zod'
import { isUserError } from '../errors.js'
import { Sparing } from '../logging/sparing.js'
import { timeLimit } from '../net/time-limit.js'
import type { Delivery, Lane, Leftover, Output, OutputContext, OutputPlugin } from '../outputs/output.js'
import { NoAnswer, OutputEnded } from '../outputs/output.js'
import type { EventBatch } from '../pipeline/batch.js'
import { PluginError, Rubbish, refusal, within } from './failure.js'
import { checkLeftover } from './leftover.js'
import type { PluginSource } from './plugin.js'

// More than a server that works needs for anything.
const LONGEST_OPEN = 60_000
const LONGEST_SEND = 60_000
const LONGEST_CLOSE = 10_000

/** An output of a plug-in, so that what it does wrong is a failed try of a batch, and ends. */
export function guardOutput(output: OutputPlugin, source: PluginSource): OutputPlugin {
  const { name, title, options } = output
  const what = `output ${name}`
  const asked = <T>(moment: string, code: () => T, right: (answer: T) => boolean, expected: string): T => {
    try {
      const answer = code()
      if (right(answer)) return answer
      throw new Rubbish(answer, expected)
    } catch (error) {
      throw refusal(source, `${what}: ${moment}`, error)
    }
  }
  return {
    name,
    title,
    options,
    wants: (configured) => asked('wants', () => output.wants(configured), isForm, "'text' or 'document'"),
    ...(output.delivery !== undefined && {
      delivery: (configured) =>
        asked('delivery', () => output.delivery?.(configured) as Delivery, isDelivery, 'what fits its type'),
    }),
    ...(output.tuned !== undefined && {
      tuned: (configured) =>
        asked(
          'tuned',
          () => output.tuned?.(configured) as ReturnType<NonNullable<OutputPlugin['tuned']>>,
          (answer) => typeof answer?.options === 'object' && answer.options !== null,
          '{ options }',
        ),
    }),
    ...(output.check !== undefined && { check: output.check.bind(output) }),
    async open(configured, context) {
      try {
        const opened = await within(LONGEST_OPEN, Promise.resolve(output.open(configured, context)))
        return new GuardedOutput(checkOpened(opened), what, source, context)
      } catch (error) {
        throw refusal(source, `${what}: open`, error)
      }
    },
  }
}

const isForm = (form: unknown): boolean => form === 'text' || form === 'document'

const count = z.int().min(1).optional()
const milliseconds = z.number().min(0).optional()
const delivery = z.looseObject({
  batchEvents: count,
  maxDelay: milliseconds,
  maxRetries: z.number().min(0).optional(),
  backoff: z.object({ init: z.number().positive(), max: z.number().positive() }).optional(),
})
const isDelivery = (answer: unknown): boolean => delivery.safeParse(answer).success

/** Batches under way on a lane that make sense. */
const MOST = 1024

function checkOpened(output: Output): Output {
  const right =
    typeof output?.close === 'function' &&
    Array.isArray(output.lanes) &&
    output.lanes.length > 0 &&
    output.lanes.every((lane: Lane | undefined) => typeof lane?.send === 'function') &&
    z.int().min(1).max(MOST).optional().safeParse(output.window).success &&
    ['function', 'undefined'].includes(typeof output.sendNow) &&
    ['function', 'undefined'].includes(typeof output.counters)
  if (!right) throw new Rubbish(output, 'an output with `close` and at least one lane that has `send`')
  return output
}

class GuardedOutput implements Output {
  readonly lanes: readonly Lane[]
  readonly window?: number
  readonly balanced?: boolean
  readonly sendNow?: (batch: EventBatch) => Leftover
  readonly #inner: Output
  readonly #what: string
  readonly #source: PluginSource
  readonly #sparing: Sparing
  #defects = 0

  constructor(inner: Output, what: string, source: PluginSource, context: OutputContext) {
    this.#inner = inner
    this.#what = what
    this.#source = source
    this.#sparing = new Sparing((message) => context.log.warn(message))
    if (inner.window !== undefined) this.window = inner.window
    if (inner.balanced !== undefined) this.balanced = inner.balanced
    if (inner.sendNow !== undefined) this.sendNow = (batch) => this.#sendNow(batch)
    this.lanes = inner.lanes.map((lane) => ({
      name: String(lane.name),
      send: (batch, signal) => this.#send(lane, batch, signal),
    }))
  }

  /** What a lane throws or answers wrongly, and that it does not answer, is a failed try. */
  async #send(lane: Lane, batch: EventBatch, signal: AbortSignal): Promise<Leftover> {
    const limit = timeLimit(LONGEST_SEND, signal)
    const givenUp = new Promise<never>((_, reject) =>
      limit.signal.addEventListener('abort', () =>
        reject(limit.expired ? new NoAnswer(limit.signal.reason.message) : limit.signal.reason),
      ),
    )
    try {
      const sent = Promise.resolve(lane.send(batch, limit.signal))
      return checkLeftover(await Promise.race([sent, givenUp]), batch.count)
    } catch (error) {
      if (signal.aborted || error instanceof NoAnswer || endsOutput(error)) throw error
      throw new PluginError(this.#source, `${this.#what}: send`, error)
    } finally {
      limit.end()
    }
  }

  /** What fails at once is tried over a lane. */
  #sendNow(batch: EventBatch): Leftover {
    try {
      return checkLeftover(this.#inner.sendNow?.(batch), batch.count)
    } catch (error) {
      if (endsOutput(error)) throw error
      this.#defect('sendNow', error)
      return { retry: Array.from({ length: batch.count }, (_, index) => index), rejected: [] }
    }
  }

  counters(): Record<string, number> {
    const own: Record<string, number> = {}
    const prefix = `${this.#what.replace(' ', '.')}.`
    try {
      for (const [name, count] of Object.entries(this.#inner.counters?.() ?? {}))
        if (name.startsWith(prefix) && Number.isFinite(count)) own[name] = count
    } catch (error) {
      this.#defect('counters', error)
    }
    return { ...own, [`${prefix}defects`]: this.#defects }
  }

  async close(): Promise<void> {
    try {
      await within(LONGEST_CLOSE, Promise.resolve(this.#inner.close()))
    } catch (error) {
      if (isUserError(error)) throw error
      this.#defect('close', error)
    }
  }

  #defect(moment: string, cause: unknown): void {
    this.#defects++
    const { message, kind } = new PluginError(this.#source, `${this.#what}: ${moment}`, cause)
    this.#sparing.tell(message, kind)
  }
}

const endsOutput = (error: unknown): boolean => isUserError(error) || error instanceof OutputEnded
