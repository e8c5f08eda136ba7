import { statSync } from 'node:fs'
import type { Settings } from '../config/settings.js'
import type { Snapshot } from '../logging/metrics.js'
import type { Writer } from './io.js'

// Soon enough to tell that something happens, late enough for short files to show nothing.
const INTERVAL = 500

// pcap puts a header of 16 bytes before each packet, so this share of a file is close to what was read of it.
const RECORD_HEADER = 16

/** How far a long file is read, on one line of the terminal that standard error is. */
export class Progress {
  readonly #stderr: Writer
  readonly #size: number
  readonly #shown: boolean
  readonly #began = Date.now()
  #timer: NodeJS.Timeout | undefined
  #drawn = false

  constructor(stderr: Writer, { interfaces, output, logging }: Settings) {
    this.#stderr = stderr
    const file = interfaces[0]?.file
    // Lines of events or of the log on the same terminal would be torn apart.
    const quiet = !process.stdout.isTTY || (output !== undefined && output.plugin.name !== 'console')
    this.#shown =
      stderr.isTTY === true &&
      file !== undefined &&
      quiet &&
      !(logging.to_stderr && logging.level !== 'warning')
    this.#size = file === undefined || !this.#shown || file.endsWith('.gz') ? 0 : sizeOf(file)
  }

  start(counters: Snapshot): void {
    if (!this.#shown) return
    this.#timer = setInterval(() => this.#draw(counters()), INTERVAL)
    this.#timer.unref()
  }

  /** Leaves an empty line for what comes next. */
  end(): void {
    clearInterval(this.#timer)
    if (this.#drawn) this.#stderr.write('\r\x1b[K')
  }

  #draw(counters: Readonly<Record<string, number>>): void {
    this.#drawn = true
    const seconds = (Date.now() - this.#began) / 1000
    this.#stderr.write(`\r${progressLine(counters, seconds, this.#size)}\x1b[K`)
  }
}

function sizeOf(file: string): number {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat?.isFile() ? stat.size : 0
}

const NUMBER = new Intl.NumberFormat('en')

/** `size`: bytes of the file, 0 when they are not known. */
export function progressLine(
  counters: Readonly<Record<string, number>>,
  seconds: number,
  size: number,
): string {
  const packets = counters['capture.packets'] ?? 0
  const events = counters['pipeline.published'] ?? 0
  const read = (counters['capture.bytes'] ?? 0) + packets * RECORD_HEADER
  const share = size === 0 ? [] : [`${Math.min(99, Math.floor((read / size) * 100))} %`]
  const rate = `${NUMBER.format(Math.round(packets / Math.max(seconds, 0.001)))} packets/s`
  return [...share, `${NUMBER.format(packets)} packets`, `${NUMBER.format(events)} events`, rate].join('  ')
}
