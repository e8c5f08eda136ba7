import { z } from 'zod'
import { field } from '../events/document.js'
import { HOUR, MILLISECOND, MINUTE, parseDuration, SECOND } from '../options/duration.js'
import { defineProcessor } from './processor.js'

const units = { milliseconds: MILLISECOND, seconds: SECOND, minutes: MINUTE, hours: HOUR }

/** Turns a duration as Go prints it, such as 1m30s, into a number. */
export const decodeDuration = defineProcessor({
  name: 'decode_duration',
  title: 'turns durations into numbers',
  options: z.strictObject({
    field: z.string().min(1).describe('The field with the duration.'),
    format: z
      .enum(['milliseconds', 'seconds', 'minutes', 'hours'])
      .default('milliseconds')
      .describe('The unit of the number.'),
  }),
  create({ field: name, format }, context) {
    const { get, put } = field(name)
    return (event) => {
      const value = get(event)
      if (value === undefined) return event
      const nanoseconds = typeof value === 'string' ? parseDuration(value) : undefined
      if (nanoseconds === undefined) context.failed(`${name} is no duration`)
      else put(event, nanoseconds / units[format])
      return event
    }
  },
})
