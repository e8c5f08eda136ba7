// Enough to hide a slow name server behind the traffic of a second, and little memory.
const MOST = 4096

/**
 * Events that wait for what a processor asks others for, such as a name server. They are few: whoever can wait should
 * while it is `full`, and who cannot drops what comes then.
 */
export class Delayed {
  #waiting = 0
  #changed: (() => void)[] = []

  get waiting(): number {
    return this.#waiting
  }

  get full(): boolean {
    return this.#waiting >= MOST
  }

  /** Waits for `event`, then has `done` called with it. */
  add<T>(event: Promise<T>, done: (event: T) => void): void {
    this.#waiting++
    void event.then(done).finally(() => {
      this.#waiting--
      const changed = this.#changed
      this.#changed = []
      for (const tell of changed) tell()
    })
  }

  /** Resolves when there is room. */
  async room(): Promise<void> {
    while (this.full) await this.#change()
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    while (this.#waiting > 0) await this.#change()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#changed.push(resolve))
  }
}
