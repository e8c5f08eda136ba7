import { z } from 'zod'
import { field } from '../../events/document.js'
import { ignoreFailure, ignoreMissing } from '../options.js'
import { defineProcessor } from '../processor.js'
import { compileLayout } from './layout.js'
import { compileZone, timeOf } from './zone.js'

/** Milliseconds since 1970, or undefined. */
type Parse = (value: unknown) => number | undefined

const timezone = z.string().superRefine((name, context) => {
  try {
    compileZone(name)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
  }
})

/** Reads a time from a field, and writes it in UTC and milliseconds. */
export const timestamp = defineProcessor({
  name: 'timestamp',
  title: 'reads times',
  options: z
    .strictObject({
      field: z.string().min(1).describe('The field with the time.'),
      target_field: z.string().min(1).default('@timestamp').describe('Where it is put.'),
      layouts: z
        .array(z.string().min(1))
        .min(1)
        .describe('How it may be written: Go layouts such as `2006-01-02 15:04:05`, UNIX or UNIX_MS.'),
      timezone: timezone.default('UTC').describe('The time zone of times that do not say theirs.'),
      ignore_missing: ignoreMissing,
      ignore_failure: ignoreFailure,
      test: z.array(z.unknown()).default([]).describe('Times that must be read, or the start fails.'),
      id: z.string().optional().describe('A name for people.'),
    })
    .superRefine(({ layouts, timezone, test }, context) => {
      const parse = parser(layouts, timezone)
      test.forEach((value, index) => {
        if (parse(value) === undefined)
          context.addIssue({
            code: 'custom',
            path: ['test', index],
            message: `must fit one of the layouts, and ${JSON.stringify(value)} does not`,
          })
      })
    }),
  create(options, context) {
    const source = field(options.field)
    const target = field(options.target_field)
    const parse = parser(options.layouts, options.timezone)
    const failed = (reason: string) => options.ignore_failure || context.failed(reason)
    return (event) => {
      const value = source.get(event)
      if (value === undefined) {
        if (!options.ignore_missing) failed(`there is no field ${options.field}`)
        return event
      }
      const time = parse(value)
      if (time === undefined) failed(`${options.field} fits none of the layouts`)
      else if (target.put(event, new Date(time).toISOString()) === undefined)
        failed(`a part of ${options.target_field} is a field that is no object`)
      return event
    }
  },
})

function parser(layouts: readonly string[], timezone: string): Parse {
  let zone: ReturnType<typeof compileZone>
  try {
    zone = compileZone(timezone)
  } catch {
    // Told by the option itself.
    return () => 0
  }
  const all = layouts.map((layout): Parse => {
    if (layout === 'UNIX') return unix(1000)
    if (layout === 'UNIX_MS') return unix(1)
    const read = compileLayout(layout)
    return (value) => {
      const parts = typeof value === 'string' ? read(value) : undefined
      return parts && timeOf(parts, zone, Date.now())
    }
  })
  return (value) => {
    for (const parse of all) {
      const time = parse(value)
      if (time !== undefined && !Number.isNaN(new Date(time).getTime())) return time
    }
    return undefined
  }
}

const unix =
  (unit: number): Parse =>
  (value) => {
    const number = typeof value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) : value
    return typeof number === 'number' && Number.isFinite(number) ? number * unit : undefined
  }
