// Shifting an array moves all that is behind; past this many taken ones it is worth it.
const COMPACT = 1024

/** Requests of one conversation in the order of their answers. */
export class Fifo<T> {
  #items: T[] = []
  #first = 0

  get length(): number {
    return this.#items.length - this.#first
  }

  push(item: T): void {
    this.#items.push(item)
  }

  /** The one that is answered next. */
  peek(): T | undefined {
    return this.#items[this.#first]
  }

  /** The one that is answered after that many others. */
  at(place: number): T | undefined {
    return this.#items[this.#first + place]
  }

  /** The one that came last. */
  last(): T | undefined {
    return this.length > 0 ? this.#items[this.#items.length - 1] : undefined
  }

  shift(): T | undefined {
    if (this.#first === this.#items.length) return undefined
    const item = this.#items[this.#first] as T
    this.#items[this.#first++] = undefined as T
    if (this.#first === this.#items.length) {
      this.#items.length = 0
      this.#first = 0
    } else if (this.#first >= COMPACT) {
      this.#items.splice(0, this.#first)
      this.#first = 0
    }
    return item
  }
}
