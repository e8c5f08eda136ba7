/** Values for a while, by text; those not asked for longest give way to others. */
export class Remembered<V> {
  readonly #entries = new Map<string, { value: V; until: number }>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#entries.size
  }

  /** undefined: not there, or too old at `now`. */
  get(key: string, now: number): V | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    this.#entries.delete(key)
    if (entry.until <= now) return undefined
    this.#entries.set(key, entry)
    return entry.value
  }

  /** `until`: the time when it is too old. */
  set(key: string, value: V, until: number): void {
    this.#entries.delete(key)
    if (this.#entries.size >= this.#most) this.#entries.delete(this.#entries.keys().next().value as string)
    this.#entries.set(key, { value, until })
  }
}
