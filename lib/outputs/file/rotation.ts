import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The files of one output, `<name>-<date>[-<n>].ndjson` in one folder: which there are, and what the next is called. */
export class Rotation {
  readonly #folder: string
  readonly #name: string
  readonly #pattern: RegExp

  constructor(folder: string, name: string) {
    this.#folder = folder
    this.#name = name
    this.#pattern = new RegExp(`^${escaped(name)}-(\\d{8})(?:-(\\d+))?\\.ndjson$`)
  }

  /** Paths, oldest first. */
  files(): string[] {
    return this.#numbered().map(({ file }) => join(this.#folder, file))
  }

  /** The path of a file that does not exist yet and sorts after all others of its day. */
  next(today: Date): string {
    const date = day(today)
    const last = this.#numbered().findLast((file) => file.date === date)
    return join(
      this.#folder,
      `${this.#name}-${date}${last === undefined ? '' : `-${last.number + 1}`}.ndjson`,
    )
  }

  #numbered(): { file: string; date: string; number: number }[] {
    return readdirSync(this.#folder)
      .map((file) => ({ file, match: this.#pattern.exec(file) }))
      .filter(({ match }) => match !== null)
      .map(({ file, match }) => ({ file, date: match?.[1] ?? '', number: Number(match?.[2] ?? 0) }))
      .sort((a, b) => a.date.localeCompare(b.date) || a.number - b.number)
  }
}

/** YYYYMMDD, local time. */
const day = (date: Date): string =>
  `${date.getFullYear()}${String(date.getMonth() + 1).padStart(2, '0')}${String(date.getDate()).padStart(2, '0')}`

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
