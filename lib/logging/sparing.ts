// A minute: soon enough to be seen, and seldom enough not to hide everything else.
const PERIOD = 60_000
// More different ones than any program has; past that they are told as one.
const MOST = 64

interface Said {
  until: number
  since: number
}

/** Tells the first of many like messages at once, then one in a minute, with how many there were meanwhile. */
export class Sparing {
  readonly #tell: (message: string) => void
  readonly #now: () => number
  readonly #said = new Map<string, Said>()

  /** `now` in milliseconds. */
  constructor(tell: (message: string) => void, now: () => number = () => performance.now()) {
    this.#tell = tell
    this.#now = now
  }

  /** `kind`: messages of one kind are alike. */
  tell(message: string, kind = message): void {
    const key = this.#said.has(kind) || this.#said.size < MOST ? kind : ''
    const said = this.#said.get(key) ?? { until: Number.NEGATIVE_INFINITY, since: 0 }
    this.#said.set(key, said)
    if (this.#now() < said.until) {
      said.since++
      return
    }
    this.#tell(said.since === 0 ? message : `${message} (and ${said.since} like it before)`)
    said.until = this.#now() + PERIOD
    said.since = 0
  }
}
