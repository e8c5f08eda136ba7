import { z } from 'zod'
import { field } from '../events/document.js'
import { ofKind } from '../options/kinds.js'
import { nameList } from './options.js'
import { defineProcessor } from './processor.js'

// Far more than limits are meant for. Each is some hundred bytes.
const MOST_KEYS = 100_000

const UNITS: Readonly<Record<string, number>> = { s: 1e3, m: 60e3, h: 3600e3 }

export interface Rate {
  /** Events in `period` milliseconds. */
  events: number
  period: number
}

const rate = ofKind(
  {
    name: 'rate',
    json: { type: 'string' },
    written: (value) => {
      const { events, period } = value as Rate
      return `${events}/${Object.keys(UNITS).find((unit) => UNITS[unit] === period)}`
    },
  },
  z.unknown().transform((value, context): Rate => {
    const [, events, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*\/\s*([smh])\s*$/.exec(String(value)) ?? []
    if (Number(events) > 0) return { events: Number(events), period: UNITS[unit] as number }
    context.addIssue({
      code: 'custom',
      message: `must be events per second, minute or hour, such as 10/s, not ${JSON.stringify(value)}`,
    })
    return z.NEVER
  }),
)

interface Bucket {
  tokens: number
  /** When it had them; milliseconds. */
  at: number
}

/**
 * Drops events beyond a rate, by the time of the events: what was captured at that rate passes, however fast it is read
 * from a file.
 */
export const rateLimit = defineProcessor({
  name: 'rate_limit',
  title: 'drops events beyond a rate',
  options: z.strictObject({
    limit: rate.describe('Events per second, minute or hour: 10/s, 500/m, 1000/h.'),
    fields: nameList.default([]).describe('Events that differ in these fields have limits of their own.'),
    algorithm: z
      .strictObject({
        token_bucket: z
          .strictObject({
            burst_multiplier: z
              .number()
              .min(1)
              .default(1)
              .describe('How many times the limit may pass at once after a time of silence.'),
          })
          .prefault({}),
      })
      .prefault({})
      .describe('How events are limited.'),
  }),
  create({ limit, fields, algorithm }, context) {
    const capacity = Math.max(1, limit.events * algorithm.token_bucket.burst_multiplier)
    const perMillisecond = limit.events / limit.period
    // Sorted, as upstream; a field that is missing is as good as an empty one.
    const sources = [...fields].sort().map((name) => field(name).get)
    const buckets = new Map<string, Bucket>()

    const filled = ({ tokens, at }: Bucket, now: number) =>
      Math.min(capacity, tokens + (now - at) * perMillisecond)

    /** Buckets that are full again are as good as none; where that does not help, the oldest go. */
    function makeRoom(now: number): void {
      for (const [key, bucket] of buckets) if (filled(bucket, now) >= capacity) buckets.delete(key)
      for (const key of buckets.keys()) {
        if (buckets.size <= MOST_KEYS * 0.75) break
        buckets.delete(key)
        context.count('evicted')
      }
    }

    return (event) => {
      const time = Date.parse(String(event['@timestamp']))
      const now = Number.isNaN(time) ? Date.now() : time
      const key = sources.length === 0 ? '' : JSON.stringify(sources.map((get) => get(event) ?? ''))
      const bucket = buckets.get(key)
      if (bucket === undefined) {
        if (buckets.size >= MOST_KEYS) makeRoom(now)
        buckets.set(key, { tokens: capacity - 1, at: now })
        return event
      }
      // Events are not always in the order of their times; a clock that was set back far begins anew.
      if (now > bucket.at) {
        bucket.tokens = filled(bucket, now)
        bucket.at = now
      } else if (now < bucket.at - limit.period) bucket.at = now
      if (bucket.tokens < 1) {
        context.count('dropped')
        return null
      }
      bucket.tokens -= 1
      return event
    }
  },
})
