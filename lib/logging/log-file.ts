import type { LoggingSettings } from '../config/settings.js'
import { UserError } from '../errors.js'
import { MILLISECOND } from '../options/duration.js'
import { RotatingFile, type RotatingFileOptions } from '../outputs/file/rotating-file.js'
import { jsonLine } from './lines.js'
import type { Entry } from './logger.js'

/** The log in files: `<name>-<yyyymmdd>[-<n>].ndjson`, rotated by size, and by time where that is configured. */
export class LogFile {
  readonly #options: RotatingFileOptions
  /** Milliseconds; 0: never. */
  readonly #interval: number
  readonly #failed: (error: Error) => void
  #file: RotatingFile
  #opened = Date.now()
  #failing = false

  /** `failed`: told once when lines can no longer be written. @throws {UserError} 'ERR_OUTPUT_OPEN' */
  constructor(settings: LoggingSettings['files'], failed: (error: Error) => void) {
    this.#options = {
      folder: settings.path,
      name: settings.name,
      limit: settings.rotateeverybytes,
      keep: settings.keepfiles,
      mode: settings.permissions,
      fresh: settings.rotateonstartup,
      warn: () => {},
    }
    this.#interval = settings.interval / MILLISECOND
    this.#failed = failed
    this.#file = open(this.#options)
  }

  write(entry: Entry): void {
    const bytes = Buffer.from(`${jsonLine(entry)}\n`)
    try {
      if (this.#interval > 0 && entry.time.getTime() - this.#opened >= this.#interval) this.#renew()
      this.#file.write({ count: 1, bytes, length: bytes.length, ends: [bytes.length] })
      this.#failing = false
    } catch (error) {
      // The work goes on without a log; a full disk is told once, not with every line.
      if (!this.#failing) this.#failed(error as Error)
      this.#failing = true
    }
  }

  close(): void {
    this.#file.close()
  }

  #renew(): void {
    this.#opened = Date.now()
    this.#file.close()
    this.#file = open({ ...this.#options, fresh: true })
  }
}

function open(options: RotatingFileOptions): RotatingFile {
  try {
    return new RotatingFile(options)
  } catch (cause) {
    const reason = (cause as Error).message.replace(/^.*?: /, '')
    throw new UserError(
      'ERR_OUTPUT_OPEN',
      `cannot write log files to ${options.folder}: ${reason}; -e logs to standard error, --path.logs to another folder.`,
      { cause },
    )
  }
}
