import type { Level } from '../config/settings.js'

/** One line of the log. */
export interface Entry {
  time: Date
  level: Level
  logger: string
  message: string
  /** More for machines, by full field name. */
  fields?: Readonly<Record<string, unknown>>
}

/** Where lines go. */
export type Sink = (entry: Entry) => void

type Write = (message: string, fields?: Readonly<Record<string, unknown>>) => void

/** Writes lines under one name. A level that is off costs a call of an empty function; ask `debugs` before making texts. */
export interface Logger {
  readonly name: string
  /** True when `debug` writes. */
  readonly debugs: boolean
  debug: Write
  info: Write
  warn: Write
  error: Write
  /** One with another name, which selectors know it by. */
  named(name: string): Logger
}

export interface LoggerOptions {
  level: Level
  /** Names that may write at level debug; `*` or none: all. */
  selectors: readonly string[]
  sink: Sink
  now?: () => Date
}

const order: readonly Level[] = ['debug', 'info', 'warning', 'error']

const nothing: Write = () => {}

export function makeLogger(name: string, options: LoggerOptions): Logger {
  const { level, selectors, sink, now = () => new Date() } = options
  const selected = selectors.length === 0 || selectors.includes('*') || selectors.includes(name)
  const writes = (wanted: Level): boolean =>
    order.indexOf(wanted) >= order.indexOf(level) && (wanted !== 'debug' || selected)
  const write = (wanted: Level): Write =>
    writes(wanted)
      ? (message, fields) =>
          sink({ time: now(), level: wanted, logger: name, message, ...(fields && { fields }) })
      : nothing
  return {
    name,
    debugs: writes('debug'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warning'),
    error: write('error'),
    named: (other) => makeLogger(other, options),
  }
}

/** Writes nothing. */
export const silent: Logger = {
  name: '',
  debugs: false,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  named: () => silent,
}
