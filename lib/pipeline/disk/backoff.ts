/** How soon something that failed is tried again; told once until it works. */
export class Backoff {
  readonly #init: number
  readonly #longest: number
  readonly #tell: (error: unknown) => void
  #failures = 0

  /** Milliseconds. `tell`: the first failure of several in a row. */
  constructor(init: number, longest: number, tell: (error: unknown) => void) {
    this.#init = init
    this.#longest = longest
    this.#tell = tell
  }

  get failing(): boolean {
    return this.#failures > 0
  }

  /** Answers the milliseconds to wait. */
  failed(error: unknown): number {
    if (this.#failures === 0) this.#tell(error)
    return Math.min(this.#init * 2 ** Math.min(this.#failures++, 30), this.#longest)
  }

  worked(): void {
    this.#failures = 0
  }
}
