import { closeSync, fchmodSync, fstatSync, openSync, readSync, statSync, unlinkSync } from 'node:fs'
import { type Lines, linesWithin } from '../lines.js'
import { makeFolder } from '../make-folder.js'
import { outputError } from '../system-error.js'
import { writeLines } from '../write-lines.js'
import { Rotation } from './rotation.js'

export interface RotatingFileOptions {
  folder: string
  name: string
  /** Bytes of a file at most; a single larger line gets a file of its own. */
  limit: number
  /** Files that are kept, the open one included. */
  keep: number
  /** Permission bits of new files. */
  mode: number
  /** Begin a new file, instead of going on in the newest one. */
  fresh: boolean
  warn(message: string): void
}

// Readable and searchable by the group, as upstream makes it.
const FOLDER_MODE = 0o750

/** A file of lines that is followed by another when it is full. Nothing is buffered: what is written is in the system. */
export class RotatingFile {
  readonly #options: RotatingFileOptions
  readonly #rotation: Rotation
  #fd = -1
  #path = ''
  #size = 0

  /** @throws {UserError} 'ERR_OUTPUT_OPEN' */
  constructor(options: RotatingFileOptions) {
    this.#options = options
    this.#rotation = new Rotation(options.folder, options.name)
    try {
      makeFolder(options.folder, FOLDER_MODE)
      this.#open(this.#toGoOnIn())
    } catch (error) {
      throw outputError('ERR_OUTPUT_OPEN', options.folder, error)
    }
  }

  /**
   * Writes lines, the next file included when one is full. Answers how many are written, from the first on.
   * @throws {UserError} 'ERR_OUTPUT_WRITE' when not one could be.
   */
  write(lines: Lines): number {
    let written = 0
    while (written < lines.count) {
      const start = written === 0 ? 0 : (lines.ends[written - 1] as number)
      let fit = linesWithin(lines, written, start + this.#options.limit - this.#size)
      if (fit === 0 && this.#size > 0) {
        try {
          this.#rotate()
        } catch (error) {
          if (written > 0) return written
          throw outputError('ERR_OUTPUT_WRITE', this.#options.folder, error)
        }
        continue
      }
      fit = Math.max(fit, 1)
      const outcome = writeLines(this.#fd, lines, written, written + fit)
      written += outcome.written
      if (written > 0) this.#size += (lines.ends[written - 1] as number) - start
      if (outcome.error === undefined) continue
      if (written > 0) return written
      throw outputError('ERR_OUTPUT_WRITE', this.#path, outcome.error)
    }
    return written
  }

  /** Closes it; a file that got nothing goes. */
  close(): void {
    if (this.#fd < 0) return
    const empty = fstatSync(this.#fd).size === 0
    closeSync(this.#fd)
    this.#fd = -1
    if (empty) unlinkSync(this.#path)
  }

  #rotate(): void {
    const next = this.#rotation.next(new Date())
    const old = this.#fd
    this.#open(next)
    closeSync(old)
  }

  #open(path: string): void {
    const fresh = statSync(path, { throwIfNoEntry: false }) === undefined
    this.#fd = openSync(path, 'a', this.#options.mode)
    this.#path = path
    this.#size = fstatSync(this.#fd).size
    if (fresh) this.#permit()
    this.#removeOld()
  }

  /** The process's umask has no say: the permissions are as configured. */
  #permit(): void {
    try {
      fchmodSync(this.#fd, this.#options.mode)
    } catch (error) {
      // Such as on a file system that knows no permissions.
      this.#options.warn(`cannot set the permissions of ${this.#path}: ${(error as Error).message}`)
    }
  }

  /** The newest file, if it may be added to and ends in a whole line; otherwise a new one. */
  #toGoOnIn(): string {
    const { fresh, limit } = this.#options
    const newest = this.#rotation.files().at(-1)
    if (newest !== undefined) {
      const { size } = statSync(newest)
      if (size === 0 || (!fresh && size < limit && endsInLine(newest, size))) return newest
    }
    return this.#rotation.next(new Date())
  }

  #removeOld(): void {
    for (const path of this.#rotation.files().slice(0, -this.#options.keep)) {
      try {
        unlinkSync(path)
      } catch (error) {
        this.#options.warn(`cannot remove the old output file ${path}: ${(error as Error).message}`)
      }
    }
  }
}

function endsInLine(path: string, size: number): boolean {
  const fd = openSync(path, 'r')
  try {
    const last = Buffer.alloc(1)
    readSync(fd, last, 0, 1, size - 1)
    return last[0] === 10
  } finally {
    closeSync(fd)
  }
}
