import '../../wire/buffer.js'

// Within JSON text these bytes are a key: in a string the quotes would be escaped.
const KEY = Buffer.from('"@timestamp":"')
const MINUTE = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/
const ZERO = 48
const MINUTES = 'yyyy-MM-ddTHH:mm'.length

/**
 * Reads the time of an event from its text, the bytes from `start` to `end`: milliseconds since 1970, undefined where it
 * is not found as writers write it. Events of one minute cost next to nothing.
 */
export function timeReader(): (bytes: Buffer, start: number, end: number) => number | undefined {
  let minute: Buffer = Buffer.alloc(0)
  let base = 0
  return (bytes, start, end) => {
    const at = bytes.indexOf(KEY, start) + KEY.length
    const seconds = at + MINUTES
    if (at < start + KEY.length || seconds + 7 > end) return undefined
    if (minute.length === 0 || bytes.compare(minute, 0, MINUTES, at, seconds) !== 0) {
      minute = Buffer.from(bytes.subarray(at, seconds))
      const text = minute.latin1Slice(0, MINUTES)
      // Date.parse alone makes dates of a great many texts.
      base = MINUTE.test(text) ? Date.parse(`${text}:00Z`) : Number.NaN
    }
    const digit = (index: number): number => {
      const value = (bytes[seconds + index] as number) - ZERO
      return value >= 0 && value <= 9 ? value : Number.NaN
    }
    const thousandths = digit(4) * 100 + digit(5) * 10 + digit(6)
    const time = base + (digit(1) * 10 + digit(2)) * 1000 + thousandths
    return Number.isSafeInteger(time) ? time : undefined
  }
}
