/** Stretches of a file, such as those that are acknowledged. What touches is one; so in order they are always one. */
export class Ranges {
  readonly #from: number[] = []
  readonly #to: number[] = []

  /** From `from` up to, without, `to`. */
  add(from: number, to: number): void {
    if (to <= from) return
    // The first that does not end before it, and the first that begins behind it: all between become one.
    const first = this.#firstEnding(from)
    let last = first
    while (last < this.#from.length && (this.#from[last] as number) <= to) last++
    const start = last > first ? Math.min(from, this.#from[first] as number) : from
    const end = last > first ? Math.max(to, this.#to[last - 1] as number) : to
    this.#from.splice(first, last - first, start)
    this.#to.splice(first, last - first, end)
  }

  /** Where the stretch that holds `offset` ends; undefined: none does. */
  endAt(offset: number): number | undefined {
    const index = this.#firstEnding(offset + 1)
    return (this.#from[index] ?? Number.POSITIVE_INFINITY) <= offset ? this.#to[index] : undefined
  }

  covers(from: number, to: number): boolean {
    return to <= from || (this.endAt(from) ?? from) >= to
  }

  /** The first stretch whose end is at or behind `offset`. */
  #firstEnding(offset: number): number {
    let low = 0
    let high = this.#to.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#to[middle] as number) < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
