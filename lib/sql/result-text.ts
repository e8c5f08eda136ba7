/** How much of a result is kept. */
export interface ResultLimits {
  max_rows: number
  /** Bytes. */
  max_row_length: number
}

/** The rows of a result as lines of comma-separated values under the names of their columns: the field `response`. */
export class ResultText {
  readonly #limits: ResultLimits
  #text = ''
  #rows = 0

  constructor(limits: ResultLimits) {
    this.#limits = limits
  }

  /** Whether another row would be kept; if not, its values need not be read. */
  get full(): boolean {
    return this.#rows >= this.#limits.max_rows
  }

  columns(names: readonly string[]): void {
    this.#text += `${names.map(cell).join(',')}\n`
  }

  /** `values` may stop where the row is longer than what is kept of it. */
  row(values: readonly string[]): void {
    if (this.full) return
    this.#rows++
    let left = this.#limits.max_row_length
    const kept: string[] = []
    for (const value of values) {
      if (left <= 0) break
      kept.push(cell(value.slice(0, left)))
      left -= value.length
    }
    this.#text += `${kept.join(',')}\n`
  }

  /** What there is so far; empty without columns. */
  get text(): string {
    return this.#text
  }
}

/** A value as RFC 4180 §2 writes it: in quotes where a comma, a quote, a line end or a space at its begin wants them. */
const cell = (value: string): string =>
  /[",\r\n]|^\s/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
