import { z } from 'zod'
import { ofKind } from './kinds.js'

/** In nanoseconds, as all spans of time are. */
export const MICROSECOND = 1e3
/** In nanoseconds. */
export const MILLISECOND = 1e6
/** In nanoseconds. */
export const SECOND = 1e9
/** In nanoseconds. */
export const MINUTE = 60 * SECOND
/** In nanoseconds. */
export const HOUR = 60 * MINUTE

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: MICROSECOND,
  µs: MICROSECOND,
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
}
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g

/** Nanoseconds of `90s`, `1m30s`, `-1s`, `2.5h`; undefined for anything else. `0` needs no unit. */
export function parseDuration(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1
  const digits = text.replace(/^[-+]/, '')
  if (digits === '0') return 0
  let nanoseconds = 0
  let end = 0
  for (const part of digits.matchAll(PART)) {
    if (part.index !== end) return undefined
    nanoseconds += Number(part[1]) * (UNITS[part[2] as string] as number)
    end += part[0].length
  }
  return end === 0 || end < digits.length ? undefined : sign * Math.round(nanoseconds)
}

/** A duration as a user would write it, with the greatest unit that needs no fraction. */
export function writeDuration(nanoseconds: number): string {
  for (const unit of ['h', 'm', 's', 'ms', 'us'])
    if (nanoseconds !== 0 && nanoseconds % (UNITS[unit] as number) === 0)
      return `${nanoseconds / (UNITS[unit] as number)}${unit}`
  return nanoseconds === 0 ? '0s' : `${nanoseconds}ns`
}

/** Which spans of time an option takes. */
export interface DurationRules {
  /** Nanoseconds; 0 unless given. */
  min?: number
  /** A value below `min` that has a meaning of its own. */
  except?: number
  /** A plain number has no unit, so it is refused; elsewhere it means seconds. */
  unit?: 'required'
}

/** A span of time; nanoseconds once read. Defaults are given in nanoseconds: `.default(10 * SECOND)`. */
export const duration = ({ min = 0, except, unit }: DurationRules = {}) =>
  ofKind(
    { name: 'duration', json: { type: 'string' }, written: (value) => writeDuration(Number(value)) },
    z.unknown().transform((value, context): number => {
      const issue = (message: string): never => {
        context.addIssue({ code: 'custom', message })
        return z.NEVER
      }
      if (unit === 'required' && isNumber(value) && Number(value) !== 0)
        return issue(`must be a duration with a unit, such as ${value}s, not ${value}`)
      const nanoseconds = isNumber(value)
        ? Number(value) * SECOND
        : parseDuration(typeof value === 'string' ? value.trim() : '')
      if (nanoseconds === undefined)
        return issue(`must be a duration, such as 500ms, 10s or 1h30m, not ${JSON.stringify(value)}`)
      if (nanoseconds < min && nanoseconds !== except) {
        const or = except === undefined ? '' : ` or ${writeDuration(except)}`
        return issue(`must be at least ${writeDuration(min)}${or}, not ${String(value)}`)
      }
      return nanoseconds
    }),
  )

const isNumber = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && /^\s*[-+]?\d+(\.\d+)?\s*$/.test(value))
