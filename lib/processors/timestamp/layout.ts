/** What a layout finds in a text; what is missing is undefined. Months from 0 on. */
export interface Parts {
  year?: number
  month?: number
  day?: number
  dayOfYear?: number
  hour?: number
  minute?: number
  second?: number
  /** Milliseconds, with a fraction. */
  millisecond?: number
  afternoon?: boolean
  /** Minutes to the east of Greenwich. */
  offset?: number
}

type Read = (parts: Parts, text: string) => void

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
)
const DAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')

const any = (words: readonly string[]) => words.join('|')
const short = (words: readonly string[]) => words.map((word) => word.slice(0, 3))
const nothing: Read = () => {}

const to =
  (part: 'year' | 'month' | 'day' | 'dayOfYear' | 'hour' | 'minute' | 'second', less = 0): Read =>
  (parts, text) => {
    parts[part] = Number(text) - less
  }

const month: Read = (parts, text) => {
  parts.month = MONTHS.findIndex((name) => name.startsWith(text.toLowerCase().slice(0, 3)))
}

const half: Read = (parts, text) => {
  parts.afternoon = text.toLowerCase() === 'pm'
}

const zone: Read = (parts, text) => {
  const [, sign, hours = 0, minutes = 0] = /^([+-])(\d\d):?(\d\d)?/.exec(text) ?? []
  parts.offset = sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}

const zoneName: Read = (parts, text) => {
  if (text === 'UTC' || text === 'GMT' || text === 'Z') parts.offset = 0
}

const fraction: Read = (parts, text) => {
  parts.millisecond = Number(`0.${text.slice(1) || '0'}`) * 1000
}

// The words of Go's reference time, Mon Jan 2 15:04:05 MST 2006; of those that begin alike the longer one first.
const WORDS: readonly (readonly [word: string, pattern: string, read: Read])[] = [
  ['January', any(MONTHS), month],
  ['Jan', any(short(MONTHS)), month],
  ['Monday', any(DAYS), nothing],
  ['Mon', any(short(DAYS)), nothing],
  ['MST', 'UTC|[A-Z]{3,5}|[+-]\\d\\d', zoneName],
  ['2006', '\\d{4}', to('year')],
  ['__2', '[ \\d]{2}\\d', to('dayOfYear')],
  ['002', '\\d{3}', to('dayOfYear')],
  ['_2', ' ?\\d{1,2}', to('day')],
  ['01', '\\d{2}', to('month', 1)],
  ['02', '\\d{2}', to('day')],
  ['03', '\\d{2}', to('hour')],
  ['04', '\\d{2}', to('minute')],
  ['05', '\\d{2}', to('second')],
  [
    '06',
    '\\d{2}',
    (parts, text) => {
      parts.year = Number(text) + (Number(text) >= 69 ? 1900 : 2000)
    },
  ],
  ['15', '\\d{2}', to('hour')],
  ['PM', 'AM|PM', half],
  ['pm', 'am|pm', half],
  ['Z07:00:00', 'Z|[+-]\\d\\d:\\d\\d:\\d\\d', zone],
  ['Z070000', 'Z|[+-]\\d{6}', zone],
  ['Z07:00', 'Z|[+-]\\d\\d:\\d\\d', zone],
  ['Z0700', 'Z|[+-]\\d{4}', zone],
  ['Z07', 'Z|[+-]\\d\\d', zone],
  ['-07:00:00', '[+-]\\d\\d:\\d\\d:\\d\\d', zone],
  ['-070000', '[+-]\\d{6}', zone],
  ['-07:00', '[+-]\\d\\d:\\d\\d', zone],
  ['-0700', '[+-]\\d{4}', zone],
  ['-07', '[+-]\\d\\d', zone],
  ['1', '\\d{1,2}', to('month', 1)],
  ['2', '\\d{1,2}', to('day')],
  ['3', '\\d{1,2}', to('hour')],
  ['4', '\\d{1,2}', to('minute')],
  ['5', '\\d{1,2}', to('second')],
]

const FRACTION = /^[.,](0+|9+)(?!\d)/

/** Compiles a layout as Go's package time has them. What it answers is undefined for a text that does not fit. */
export function compileLayout(layout: string): (text: string) => Parts | undefined {
  const reads: Read[] = []
  let source = '^'
  for (let at = 0; at < layout.length; ) {
    const rest = layout.slice(at)
    const digits = FRACTION.exec(rest)
    const word = WORDS.find(([word]) => rest.startsWith(word) && !isInName(word, rest))
    if (digits) {
      const [all, run = ''] = digits
      // Zeros are as many digits as there are; nines are any number, and may be missing.
      source += run.startsWith('0') ? `([.,]\\d{${run.length}})` : '([.,]\\d+)?'
      reads.push(fraction)
      at += all.length
    } else if (word) {
      const [name, pattern, read] = word
      source += `(${pattern})`
      reads.push(read)
      at += name.length
      // Go takes a fraction after the seconds even where the layout has none.
      if ((name === '05' || name === '5') && !FRACTION.test(layout.slice(at))) {
        source += '([.,]\\d+)?'
        reads.push(fraction)
      }
    } else {
      source += rest[0] === ' ' ? ' +' : (rest[0] as string).replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
      at++
    }
  }
  const pattern = new RegExp(`${source}$`, 'i')
  return (text) => {
    const found = pattern.exec(text)
    if (found === null) return undefined
    const parts: Parts = {}
    for (const [index, read] of reads.entries()) {
      const value = found[index + 1]
      if (value !== undefined) read(parts, value)
    }
    return isPossible(parts) ? parts : undefined
  }
}

/** `Jan` and `Mon` are words only where no small letter follows, as in Money. */
const isInName = (word: string, rest: string): boolean =>
  (word === 'Jan' || word === 'Mon') && /^[a-z]/.test(rest.slice(3))

function isPossible({
  month = 0,
  day = 1,
  dayOfYear,
  year,
  hour = 0,
  minute = 0,
  second = 0,
  afternoon,
}: Parts) {
  const days = new Date(Date.UTC(year ?? 2000, month + 1, 0)).getUTCDate()
  return (
    month >= 0 &&
    month < 12 &&
    day >= 1 &&
    day <= days &&
    (dayOfYear === undefined || (dayOfYear >= 1 && dayOfYear <= 366)) &&
    hour <= (afternoon === undefined ? 23 : 12) &&
    minute <= 59 &&
    second <= 59
  )
}
