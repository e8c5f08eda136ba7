import { load } from '../config/load.js'
import { registries } from '../config/registries.js'
import type { OutputSettings, Settings } from '../config/settings.js'
import type { Logger } from '../logging/logger.js'
import { MetricsLog } from '../logging/metrics.js'
import { openLog } from '../logging/open-log.js'
import { console } from '../outputs/console/index.js'
import type { OutputPlugin } from '../outputs/output.js'
import { terminal } from '../outputs/terminal/index.js'
import { packageVersion } from '../package.js'
import type { Command } from './command.js'
import { coloured, type Io } from './io.js'
import type { Flags } from './parse.js'
import { Progress } from './progress.js'
import { request } from './request.js'
import { stopOnSignals } from './signals.js'

const MILLISECOND = 1e6

export const run: Command = {
  name: 'run',
  title: 'Capture and write events, until the file ends or a signal comes.',
  details:
    'Without a configuration file: all interfaces (or the file of -I), every protocol on its usual ports, and flows.\nWithout an output, events are shown on the terminal, or written as JSON lines when standard output is none.',
  runs: true,
  execute: runCommand,
}

async function runCommand(flags: Flags, _words: string[], io: Io): Promise<number> {
  let logger: Logger | undefined
  const settings = load(
    {
      ...request(flags, io.env),
      processorFailed: (name, reason) =>
        logger?.debugs && logger.named('processors').debug(`${name}: ${reason}`),
    },
    registries,
  )
  const log = openLog(settings.logging, io.stderr, coloured(io.stderr, io.env))
  logger = log.logger
  const stopping = stopOnSignals((signal, again) =>
    again ? io.stderr.write(`\n${signal} again: ending at once.\n`) : logger?.info(`${signal}: ending`),
  )
  let metrics: MetricsLog | undefined
  const progress = new Progress(io.stderr, settings)
  try {
    greet(settings, logger, io)
    // The addon is loaded last: what is wrong with the configuration is told without it.
    const { run: capture } = await import('../run.js')
    const totals = await capture(settings, {
      defaultOutput: defaultOutput(),
      signal: stopping.signal,
      log: logger,
      started: (counters) => {
        for (const { device, file, engine } of settings.interfaces)
          logger?.info(file === undefined ? `capturing on ${device} with ${engine}` : `reading ${file}`)
        progress.start(counters)
        const { enabled, period } = settings.logging.metrics
        if (enabled && logger)
          metrics = new MetricsLog(logger.named('monitoring'), period / MILLISECOND, counters)
      },
    })
    progress.end()
    metrics?.close(totals)
    logger.info('packetbeat-native stopped')
    return 0
  } catch (error) {
    progress.end()
    metrics?.close()
    // Whoever reads the log and not the terminal should know as well.
    if (settings.logging.to_files) logger.error(`Exiting: ${(error as Error).message}`)
    throw error
  } finally {
    stopping.release()
    log.close()
  }
}

/** What a run says first. Notices are never lost, wherever the log goes. */
function greet(settings: Settings, logger: Logger, io: Io): void {
  const { files, notices, logging } = settings
  const from = files.length === 0 ? 'built-in defaults' : files.join(', ')
  logger.info(`packetbeat-native ${packageVersion} started with ${from}`)
  for (const notice of notices) {
    logger.warn(notice)
    if (!logging.to_stderr || logging.level === 'error') io.stderr.write(`Note: ${notice}\n`)
  }
}

/** Events for people on a terminal, for programs everywhere else. */
function defaultOutput(): OutputSettings {
  const plugin = (process.stdout.isTTY ? terminal : console) as unknown as OutputPlugin
  return { plugin, options: plugin.options.parse({}) }
}
