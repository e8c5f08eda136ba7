import { withoutSecrets } from '../config/secrets.js'
import type { LoggingSettings } from '../config/settings.js'
import { humanLine, jsonLine } from './lines.js'
import { LogFile } from './log-file.js'
import { type Logger, makeLogger, type Sink, silent } from './logger.js'

export interface Stderr {
  write(text: string): unknown
  /** A terminal gets lines for people, everything else JSON. */
  isTTY?: boolean | undefined
}

export interface OpenLog {
  logger: Logger
  close(): void
}

/**
 * Opens the log that the settings ask for.
 * @throws {UserError} 'ERR_OUTPUT_OPEN' when its files cannot be written.
 */
export function openLog(settings: LoggingSettings, stderr: Stderr, coloured: boolean): OpenLog {
  const toStderr: Sink = (entry) => {
    stderr.write(`${stderr.isTTY ? humanLine(entry, coloured) : jsonLine(entry)}\n`)
  }
  const make = (sink: Sink): Logger =>
    makeLogger('packetbeat', {
      level: settings.level,
      selectors: settings.selectors,
      sink: (entry) => sink({ ...entry, message: withoutSecrets(entry.message) }),
    })
  if (settings.to_stderr) return { logger: make(toStderr), close: () => {} }
  if (!settings.to_files) return { logger: silent, close: () => {} }
  const file = new LogFile(settings.files, (error) =>
    toStderr({
      time: new Date(),
      level: 'error',
      logger: 'log',
      message: `cannot write the log: ${error.message}`,
    }),
  )
  return { logger: make((entry) => file.write(entry)), close: () => file.close() }
}
