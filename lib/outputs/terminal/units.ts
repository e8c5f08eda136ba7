const STEPS = [
  [1e3, 'ns', 1],
  [1e6, 'µs', 1e3],
  [1e9, 'ms', 1e6],
  [60e9, 's', 1e9],
] as const

/** Nanoseconds for people: three digits and a unit. */
export function time(nanoseconds: number): string {
  for (const [below, unit, per] of STEPS) {
    const text = digits(nanoseconds / per)
    // 999.7 µs rounds to 1000: the next unit says it better.
    if (nanoseconds < below && Number(text) < 1000) return `${text} ${unit}`
  }
  return `${digits(nanoseconds / 60e9)} min`
}

/** Bytes for people. */
export function size(bytes: number): string {
  let value = bytes
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (Number(digits(value)) < 1000) return `${digits(value)} ${unit}`
    value /= 1000
  }
  return `${digits(value)} TB`
}

/** Three significant digits, none of them needless. */
const digits = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(value >= 10 ? 3 : 2)))

/** A count with thin gaps between thousands. */
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ' ')
