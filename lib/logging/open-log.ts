import { withoutSecrets } from '../config/secrets.js'
import type { LoggingSettings } from '../config/settings.js'
import { humanLine, jsonLine } from './lines.js'
import { LogFile } from './log-file.js'
import { type Entry, type Logger, makeLogger, type Sink, silent } from './logger.js'

export interface Stderr {
  write(text: string): unknown
  /** A terminal gets lines for people, everything else JSON. */
  isTTY?: boolean | undefined
}

export interface OpenLog {
  logger: Logger
  /** Writes an event that the output refused for good, as JSON text, where such events are to go. */
  rejected(event: string, reason: string): void
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
  const events = eventLog(settings.event_data, toStderr)
  const { rejected } = events
  if (settings.to_stderr) return { logger: make(toStderr), rejected, close: events.close }
  if (!settings.to_files) return { logger: silent, rejected, close: events.close }
  const file = new LogFile(settings.files, (error) => toStderr(unwritable('the log', error)))
  return {
    logger: make((entry) => file.write(entry)),
    rejected,
    close: () => {
      file.close()
      events.close()
    },
  }
}

/** Opens its file with the first event, for most runs have none. */
function eventLog(
  { to_stderr, files }: LoggingSettings['event_data'],
  toStderr: Sink,
): Pick<OpenLog, 'rejected' | 'close'> {
  let file: LogFile | undefined
  let broken = false
  const complain = (error: Error) => toStderr(unwritable('refused events', error))
  const write = (entry: Entry): void => {
    if (to_stderr) toStderr(entry)
    if (to_stderr || files === undefined || broken) return
    try {
      file ??= new LogFile(files, complain)
      file.write(entry)
    } catch (error) {
      broken = true
      complain(error as Error)
    }
  }
  return {
    rejected: (event, reason) =>
      write({
        time: new Date(),
        level: 'warning',
        logger: 'event-data',
        message: `the output refused this event: ${reason}`,
        fields: { 'event.original': event },
      }),
    close: () => file?.close(),
  }
}

const unwritable = (what: string, error: Error): Entry => ({
  time: new Date(),
  level: 'error',
  logger: 'log',
  message: `cannot write ${what}: ${error.message}`,
})
