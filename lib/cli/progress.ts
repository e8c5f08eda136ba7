import type { Settings } from '../config/settings.js'
import type { Snapshot } from '../logging/metrics.js'
import type { Writer } from './io.js'

// Soon enough to tell that something happens, late enough for short files to show nothing.
const INTERVAL = 500

/** How far a long file is read, on one line of the terminal that standard error is. */
export class Progress {
  readonly #stderr: Writer
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
    this.#stderr.write(`\r${progressLine(counters, seconds)}\x1b[K`)
  }
}

// A format of its own would be made at every start, which takes longer than the whole configuration.
const grouped = (number: number): string => number.toLocaleString('en')

/** Without the share of the file where its size is not known, as of standard input. */
export function progressLine(counters: Readonly<Record<string, number>>, seconds: number): string {
  const { 'file.bytes': size = 0, 'file.position': read = 0, 'capture.packets': packets = 0 } = counters
  const events = counters['pipeline.events.published'] ?? 0
  const share = size === 0 ? [] : [`${Math.floor((read / size) * 100)} %`]
  const rate = `${grouped(Math.round(packets / Math.max(seconds, 0.001)))} packets/s`
  return [...share, `${grouped(packets)} packets`, `${grouped(events)} events`, rate].join('  ')
}
