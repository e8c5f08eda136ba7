type Print = (time: Date) => string

const list = (names: string): readonly string[] => names.split(' ')
const months = list('January February March April May June July August September October November December')
const days = list('Sunday Monday Tuesday Wednesday Thursday Friday Saturday')
const DAY = 86_400_000

/** Year and week of ISO 8601: a week belongs to the year of its Thursday. */
function week(time: Date): { year: number; week: number } {
  const midnight = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate())
  const thursday = new Date(midnight + (4 - (time.getUTCDay() || 7)) * DAY)
  const year = thursday.getUTCFullYear()
  return { year, week: 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY)) }
}

const dayOfYear = (time: Date): number =>
  1 + Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0)) / DAY)

const number =
  (value: (time: Date) => number) =>
  (width: number): Print =>
  (time) =>
    String(value(time)).padStart(width, '0')

const yearOf =
  (value: (time: Date) => number) =>
  (width: number): Print =>
  (time) =>
    (width === 2 ? String(value(time) % 100) : String(value(time))).padStart(width, '0')

const name =
  (names: readonly string[], value: (time: Date) => number, long: number) =>
  (width: number): Print =>
  (time) =>
    width >= long ? (names[value(time)] as string) : (names[value(time)] as string).slice(0, 3)

// Letters as in Joda-Time, which upstream follows; all in UTC.
const letters: Readonly<Record<string, (width: number) => Print>> = {
  y: yearOf((time) => time.getUTCFullYear()),
  Y: yearOf((time) => time.getUTCFullYear()),
  x: yearOf((time) => week(time).year),
  M: (width) =>
    width > 2
      ? name(months, (time) => time.getUTCMonth(), 4)(width)
      : number((time) => time.getUTCMonth() + 1)(width),
  w: number((time) => week(time).week),
  D: number(dayOfYear),
  d: number((time) => time.getUTCDate()),
  e: number((time) => time.getUTCDay() || 7),
  E: name(days, (time) => time.getUTCDay(), 4),
  a: () => (time) => (time.getUTCHours() < 12 ? 'AM' : 'PM'),
  H: number((time) => time.getUTCHours()),
  k: number((time) => time.getUTCHours() || 24),
  h: number((time) => time.getUTCHours() % 12 || 12),
  K: number((time) => time.getUTCHours() % 12),
  m: number((time) => time.getUTCMinutes()),
  s: number((time) => time.getUTCSeconds()),
  S: (width) => (time) =>
    String(time.getUTCMilliseconds()).padStart(3, '0').padEnd(width, '0').slice(0, width),
  z: () => () => 'UTC',
  Z: (width) => () => (width > 1 ? '+00:00' : '+0000'),
}

/**
 * Compiles a date pattern such as `yyyy.MM.dd`; text in single quotes stands for itself.
 * @throws {Error} for a letter that means nothing.
 */
export function compileDate(pattern: string): Print {
  const prints: Print[] = []
  for (const [token] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+/g)) {
    if (token.startsWith("'"))
      prints.push(() => (token === "''" ? "'" : token.slice(1, -1).replaceAll("''", "'")))
    else if (/^[A-Za-z]/.test(token)) {
      const letter = letters[token[0] as string]
      if (letter === undefined)
        throw new Error(
          `"${token}" in the date ${pattern} means nothing; there are ${Object.keys(letters).join(', ')}`,
        )
      prints.push(letter(token.length))
    } else prints.push(() => token)
  }
  return (time) => prints.map((print) => print(time)).join('')
}
