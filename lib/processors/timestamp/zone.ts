import type { Parts } from './layout.js'

/** The offset of a time zone at a time; both in milliseconds, the offset to the east of Greenwich. */
export type Zone = (time: number) => number

/**
 * A zone by its name (`Europe/Berlin`, `UTC`, `Local`) or its offset (`+0200`, `+02:00`).
 * @throws {Error} that says so when there is none.
 */
export function compileZone(name: string): Zone {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{1,2}):?(\d\d)?$/.exec(name) ?? []
  if (hours !== undefined) {
    const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1)
    return () => offset
  }
  if (name === '' || name === 'UTC') return () => 0
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name === 'Local' ? undefined : name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    throw new Error(
      `must be a time zone such as UTC, Local, Europe/Berlin or +02:00, not ${JSON.stringify(name)}`,
    )
  }
  return (time) => {
    const shown = Object.fromEntries(
      format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
    )
    const { year = 0, month = 1, day, hour, minute, second } = shown
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000
  }
}

/** The time that is meant, in milliseconds; `now` tells the year where there is none. */
export function timeOf(parts: Parts, zone: Zone, now: number): number {
  const hour = parts.hour ?? 0
  const year = parts.year ?? new Date(now + zone(now)).getUTCFullYear()
  const local = new Date(0)
  local.setUTCFullYear(year, parts.month ?? 0, parts.day ?? 1)
  if (parts.dayOfYear !== undefined) local.setUTCFullYear(year, 0, parts.dayOfYear)
  local.setUTCHours(
    parts.afternoon === undefined ? hour : (hour % 12) + (parts.afternoon ? 12 : 0),
    parts.minute ?? 0,
    parts.second ?? 0,
    Math.floor(parts.millisecond ?? 0),
  )
  const time = local.getTime()
  if (parts.offset !== undefined) return time - parts.offset * 60_000
  // The offset that holds at the time itself, which is not yet known when the clocks change.
  return time - zone(time - zone(time))
}
