const SECOND = 1e9

// Seconds that times begin with. Less than 2^31 nanoseconds would be small integers to V8, which lays out objects and
// compiles functions for them, and does all of it again when the capture is two seconds old.
const AHEAD = 3

// Seconds that are enough for V8 to take notes.
const WARM = 20

/** How many digits of a second a date is written with. */
export type Precision = 'millisecond' | 'microsecond' | 'nanosecond'

/**
 * The packet clock of one capture. A time is one number: nanoseconds since three seconds before the second of the
 * capture's first packet (`origin`), exact for 104 days, where nanoseconds since 1970 would not fit a double.
 */
export class Clock {
  /** Unix seconds; set by the first packet. */
  origin = 0
  /** The latest packet's time. */
  now = 0
  readonly #fraction: (nanoseconds: number) => string
  #started = false
  #second = Number.NaN
  #date = ''
  #last = Number.NaN
  #text = ''

  constructor(precision: Precision = 'millisecond') {
    this.#fraction = fractions[precision]
    // So that V8 has seen both, the same second and another one, before it compiles what asks for dates.
    for (let time = 0; time < WARM * SECOND; time += SECOND / 2) this.iso(time)
    // Those were dates of no capture: none may be taken for one of this.
    this.#second = Number.NaN
    this.#last = Number.NaN
  }

  /** Time of a packet; `seconds` since the Unix epoch, `nanoseconds` within the second. */
  time(seconds: number, nanoseconds: number): number {
    if (!this.#started) {
      this.#started = true
      this.origin = seconds - AHEAD
    }
    const time = this.of(seconds, nanoseconds)
    if (time > this.now) this.now = time
    return time
  }

  /** The same for a time that is not the packet's own, such as the start of a flow. */
  of(seconds: number, nanoseconds: number): number {
    return (seconds - this.origin) * SECOND + nanoseconds
  }

  /** As events write it: UTC, ISO 8601. Digits past the precision are cut, as upstream does. */
  iso(time: number): string {
    if (time === this.#last) return this.#text
    let second = Math.floor(time / SECOND)
    let nanoseconds = time - second * SECOND
    // Past 104 days a double has steps of two nanoseconds and more: round to the microsecond that was captured.
    if (!Number.isSafeInteger(time)) nanoseconds = Math.round(nanoseconds / 1e3) * 1e3
    if (nanoseconds === SECOND) {
      second++
      nanoseconds = 0
    }
    if (second !== this.#second) {
      this.#second = second
      this.#date = new Date((this.origin + second) * 1e3).toISOString().slice(0, 19)
    }
    this.#last = time
    this.#text = `${this.#date}${this.#fraction(nanoseconds)}Z`
    return this.#text
  }

  /** Milliseconds since the Unix epoch. */
  milliseconds(time: number): number {
    return this.origin * 1e3 + time / 1e6
  }
}

const digits = (value: number, width: number): string => String(value).padStart(width, '0')

const fractions: Record<Precision, (nanoseconds: number) => string> = {
  millisecond: (nanoseconds) => `.${digits(Math.floor(nanoseconds / 1e6), 3)}`,
  microsecond: (nanoseconds) => trimmed(`.${digits(Math.floor(nanoseconds / 1e3), 6)}`),
  nanosecond: (nanoseconds) => trimmed(`.${digits(nanoseconds, 9)}`),
}

/** At least three digits, then no zeros at the end. */
const trimmed = (text: string): string => text.slice(0, 4) + text.slice(4).replace(/0+$/, '')
