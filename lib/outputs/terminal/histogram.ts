// Buckets of each power of two: a value is known to 1.6 %.
const STEPS = 64
const POWERS = 64

/** Durations of any number of transactions in a fixed amount of memory. */
export class Histogram {
  readonly #buckets = new Uint32Array(STEPS * POWERS)
  count = 0
  max = 0

  add(value: number): void {
    this.count++
    if (value > this.max) this.max = value
    const index = bucket(value)
    this.#buckets[index] = (this.#buckets[index] as number) + 1
  }

  /** The value that the share `quantile` of all does not exceed. */
  quantile(quantile: number): number {
    let left = Math.max(1, Math.ceil(this.count * quantile))
    for (let index = 0; index < this.#buckets.length; index++) {
      left -= this.#buckets[index] as number
      if (left <= 0) return Math.min(middle(index), this.max)
    }
    return this.max
  }
}

function bucket(value: number): number {
  const power = Math.max(0, Math.floor(Math.log2(Math.max(value, 1))))
  const step = Math.min(STEPS - 1, Math.floor((value / 2 ** power - 1) * STEPS))
  return Math.min(power, POWERS - 1) * STEPS + Math.max(0, step)
}

const middle = (index: number): number =>
  2 ** Math.floor(index / STEPS) * (1 + ((index % STEPS) + 0.5) / STEPS)
