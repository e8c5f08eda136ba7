import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { UserError } from '../../errors.js'

interface Entry {
  value: unknown
  /** Milliseconds since 1970. */
  until: number
}

export interface StoreCounts {
  /** Told of values that made room for others, and of lines of a file that are none of ours. */
  count(name: 'evicted' | 'unreadable'): void
}

// A file that is larger is not one that a cache of a capture wrote.
const LARGEST = 512 * 1024 * 1024

/** Values by key, each for a time; shared by all processors that name the same one. */
export class Store {
  readonly #entries = new Map<string, Entry>()
  readonly #file: string | undefined
  #changed = false
  #written = Date.now()
  #loaded = false

  constructor(file?: string) {
    this.#file = file
    // At the very end nothing can be awaited any more.
    if (file !== undefined) process.once('exit', () => this.#saveAtExit())
  }

  /** Keeps a value. Of more than `capacity` those go that were put longest ago. */
  put(key: string, value: unknown, milliseconds: number, capacity: number, { count }: StoreCounts): void {
    this.#changed = true
    // Set anew, so that the first of the map is the one that was put longest ago.
    this.#entries.delete(key)
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size < capacity) break
      this.#entries.delete(oldest)
      count('evicted')
    }
    this.#entries.set(key, { value: structuredClone(value), until: Date.now() + milliseconds })
  }

  /** A copy of what is kept. */
  get(key: string): unknown {
    const entry = this.#entries.get(key)
    if (entry === undefined) return undefined
    if (entry.until > Date.now()) return structuredClone(entry.value)
    this.delete(key)
    return undefined
  }

  delete(key: string): void {
    if (this.#entries.delete(key)) this.#changed = true
  }

  /** Reads its file, once. @throws {UserError} ERR_CONFIG_FILE when that cannot be, or it could not be written again */
  load({ count }: StoreCounts): void {
    if (this.#file === undefined || this.#loaded) return
    this.#loaded = true
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 })
      for (const line of readIfThere(this.#file).split('\n')) if (line !== '') this.#read(line, count)
      this.save()
    } catch (error) {
      throw new UserError(
        'ERR_CONFIG_FILE',
        `The cache ${this.#file} cannot be used: ${(error as Error).message}; check path.data and who may write there.`,
      )
    }
  }

  /** Writes its file when that was longer ago than `interval` milliseconds; 0: not before the end. */
  saveAfter(interval: number): void {
    if (interval > 0 && this.#changed && Date.now() - this.#written >= interval) this.save()
  }

  save(): void {
    if (this.#file === undefined) return
    const now = Date.now()
    const lines = [...this.#entries]
      .filter(([, { until }]) => until > now)
      .map(([key, { value, until }]) =>
        JSON.stringify({ key, val: value, expires: new Date(until).toISOString() }),
      )
    // Whole or not at all: a reader never sees half of it.
    writeFileSync(`${this.#file}.new`, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 })
    renameSync(`${this.#file}.new`, this.#file)
    this.#changed = false
    this.#written = now
  }

  #read(line: string, count: StoreCounts['count']): void {
    try {
      const { key, val, expires } = JSON.parse(line) as Record<string, unknown>
      const until = Date.parse(String(expires))
      if (typeof key !== 'string' || Number.isNaN(until)) count('unreadable')
      else if (until > Date.now()) this.#entries.set(key, { value: val, until })
    } catch {
      count('unreadable')
    }
  }

  #saveAtExit(): void {
    if (!this.#changed || !this.#loaded) return
    try {
      this.save()
    } catch (error) {
      process.stderr.write(`The cache ${this.#file} was not written: ${(error as Error).message}\n`)
    }
  }
}

function readIfThere(file: string): string {
  const size = statSync(file, { throwIfNoEntry: false })?.size
  if (size === undefined) return ''
  if (size > LARGEST) throw new Error(`it has ${size} bytes, more than ${LARGEST}`)
  return readFileSync(file, 'utf8')
}
