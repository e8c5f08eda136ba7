/** What all conversations of a capture may hold of unfinished messages, together. */
export class Memory {
  readonly #limit: number
  #free: number
  /** Times a conversation was ended for want of it. */
  refused = 0

  /** `limit` in bytes. */
  constructor(limit = 64 * 1024 * 1024) {
    this.#limit = limit
    this.#free = limit
  }

  /** Bytes taken. */
  get held(): number {
    return this.#limit - this.#free
  }

  /** False, and counted: there is not that much left. */
  take(bytes: number): boolean {
    if (bytes > this.#free) {
      this.refused++
      return false
    }
    this.#free -= bytes
    return true
  }

  give(bytes: number): void {
    this.#free += bytes
  }
}
