// A client waits a second before it calls again; what a busy one calls in that time.
const REMEMBERED = 64

/** Calls of a conversation over UDP that were answered lately: what has the xid of one of them is a repetition. */
export class Recent {
  readonly #ids = new Int32Array(REMEMBERED)
  #count = 0

  answered(xid: number): void {
    this.#ids[this.#count++ % REMEMBERED] = xid
  }

  wasAnswered(xid: number): boolean {
    const known = Math.min(this.#count, REMEMBERED)
    for (let index = 0; index < known; index++) if (this.#ids[index] === (xid | 0)) return true
    return false
  }
}
