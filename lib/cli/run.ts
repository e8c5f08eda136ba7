import { load } from '../config/load.js'
import { registries } from '../config/registries.js'
import type { OutputSettings, Settings } from '../config/settings.js'
import { UserError } from '../errors.js'
import type { Logger } from '../logging/logger.js'
import { MetricsLog } from '../logging/metrics.js'
import { openLog } from '../logging/open-log.js'
import type { Endpoint } from '../monitoring/endpoint.js'
import { MILLISECOND } from '../options/duration.js'
import { console } from '../outputs/console/index.js'
import type { OutputPlugin } from '../outputs/output.js'
import { terminal } from '../outputs/terminal/index.js'
import { packageVersion } from '../package.js'
import { StrayErrors } from '../plugins/stray-errors.js'
import { unseenProcesses } from '../procs/unseen.js'
import type { Running } from '../run.js'
import type { Rights } from '../run-as/rights.js'
import { checkCapture } from './check-capture.js'
import type { Command } from './command.js'
import { writeCompiled } from './compile-cache.js'
import { keepHeapSmall } from './heap.js'
import { coloured, type Io } from './io.js'
import type { Flags } from './parse.js'
import { Progress } from './progress.js'
import { request } from './request.js'
import { stopOnSignals } from './signals.js'

export const run: Command = {
  name: 'run',
  title: 'Capture and write events, until the file ends or a signal comes.',
  details:
    'Without a configuration file: all interfaces (or the file of -I), every protocol on its usual ports, and flows.\nWithout an output, events are shown on the terminal, or written as JSON lines when standard output is none.\nSIGHUP reads the configuration anew: a service that captures live goes on with it when it is right.',
  runs: true,
  execute: runCommand,
}

/** What a run shares with the one that a reload puts in its place. */
interface Session {
  io: Io
  /** Of the run that goes on. */
  logger: Logger | undefined
  /** Of the last run: a plug-in may still throw when that is over. */
  stray: StrayErrors | undefined
  /** What the next run is to log first. */
  complaint: string | undefined
  /** Root, for the captures alone; undefined: there is nothing to give up. */
  rights: Rights | undefined
}

async function runCommand(flags: Flags, _words: string[], io: Io): Promise<number> {
  const session: Session = {
    io,
    logger: undefined,
    stray: undefined,
    complaint: undefined,
    rights: undefined,
  }
  const read = () => readSettings(flags, session)
  let settings = read()
  if (settings.run_as !== undefined)
    session.rights = (await import('../run-as/rights.js')).Rights.begin(settings)
  let before: Settings | undefined
  let next: Settings | undefined
  let reloading = new AbortController()
  const stopping = stopOnSignals({
    told: (signal, again) =>
      again
        ? io.stderr.write(`\n${signal} again: ending at once.\n`)
        : session.logger?.info(`${signal}: ending`),
    reload: () => {
      if (!reloads(settings)) return false
      if (session.rights !== undefined) {
        session.logger?.warn(
          `SIGHUP: going on as before, for ${session.rights.name} (packetbeat.run_as) may not open captures anew; restart it to take the configuration over`,
        )
        return true
      }
      void checked(read).then(
        (changed) => {
          next = changed
          session.logger?.info('SIGHUP: the configuration is right, going on with it')
          reloading.abort()
        },
        (error: Error) =>
          session.logger?.error(
            `SIGHUP: going on as before, for the configuration is wrong: ${error.message}`,
          ),
      )
      return true
    },
  })
  try {
    for (;;) {
      const signal = AbortSignal.any([stopping.signal, reloading.signal])
      const { began, failure, lost } = await runOnce(settings, session, signal)
      if (failure !== undefined && (began || before === undefined)) throw failure
      if (lost > 0 && next === undefined) throw undelivered(lost)
      if (lost > 0) session.complaint = undelivered(lost).message
      if (failure !== undefined)
        session.complaint = `going back to the configuration before: ${failure.message}`
      if (stopping.signal.aborted || (failure === undefined && next === undefined)) return 0
      const following = failure === undefined ? next : before?.fresh()
      before = failure === undefined ? settings : undefined
      settings = following as Settings
      next = undefined
      reloading = new AbortController()
    }
  } catch (error) {
    throw session.rights?.explained(error) ?? error
  } finally {
    stopping.release()
  }
}

function readSettings(flags: Flags, session: Session): Settings {
  const processorFailed = (name: string, reason: string) =>
    session.logger?.debugs && session.logger.named('processors').debug(`${name}: ${reason}`)
  return load({ ...request(flags, session.io.env), processorFailed }, registries)
}

async function checked(read: () => Settings): Promise<Settings> {
  const settings = read()
  await checkCapture(settings)
  return settings
}

/** A terminal that hangs up is no wish for other settings, and a capture file would be read twice. */
const reloads = ({ files, interfaces }: Settings): boolean =>
  files.length > 0 && interfaces.every(({ file }) => file === undefined) && process.stdin.isTTY !== true

interface Outcome {
  /** Its captures were open, so a failure is not one of the configuration. */
  began: boolean
  /** Events that the output had not taken at the end. */
  lost: number
  failure?: Error
}

const undelivered = (events: number): UserError =>
  new UserError(
    'ERR_OUTPUT_WRITE',
    `${events} events were given up, for the output did not take them; see the log for its reason, and queue.disk to keep events for the next start.`,
  )

/** One run with one configuration. */
async function runOnce(settings: Settings, session: Session, signal: AbortSignal): Promise<Outcome> {
  const { io, rights } = session
  const log = openLog(settings.logging, io.stderr, coloured(io.stderr, io.env))
  const { logger } = log
  session.logger = logger
  let metrics: MetricsLog | undefined
  let running: Running | undefined
  let endpoint: Endpoint | undefined
  const started = Date.now()
  const progress = new Progress(io.stderr, settings)
  session.stray?.end()
  const stray = new StrayErrors(settings.plugins, (message) => logger.warn(message))
  session.stray = stray
  try {
    greet(settings, logger, io)
    if (session.complaint !== undefined) logger.error(session.complaint)
    session.complaint = undefined
    endpoint = await openCounters(settings, started, () => running)
    if (endpoint !== undefined) logger.info(`counters are told at ${endpoint.address}`)
    // The addon is loaded last: what is wrong with the configuration is told without it.
    const { run: capture } = await import('../run.js')
    // Before the flags below, which what is compiled after them remembers and a start without them refuses.
    writeCompiled()
    keepHeapSmall()
    const totals = await capture(settings, {
      defaultOutput: defaultOutput(),
      signal,
      log: logger,
      rejected: log.rejected,
      ...(rights && { opening: (open) => rights.opening(open) }),
      counters: () => stray.counters(),
      started: (given) => {
        running = given
        if (rights !== undefined) giveUp(rights, logger)
        const unseen = unseenProcesses(settings)
        if (unseen !== undefined) logger.warn(unseen)
        for (const { device, file, engine } of settings.interfaces)
          logger.info(file === undefined ? `capturing on ${device} with ${engine}` : `reading ${file}`)
        progress.start(given.counters)
        const { enabled, period } = settings.logging.metrics
        if (enabled)
          metrics = new MetricsLog(logger.named('monitoring'), period / MILLISECOND, given.counters)
      },
    })
    progress.end()
    metrics?.close(totals)
    logger.info('packetbeat-native stopped')
    return { began: true, lost: totals['pipeline.events.abandoned'] ?? 0 }
  } catch (error) {
    progress.end()
    metrics?.close()
    // Whoever reads the log and not the terminal should know as well.
    if (settings.logging.to_files) logger.error(`Exiting: ${(error as Error).message}`)
    return { began: running !== undefined, lost: 0, failure: error as Error }
  } finally {
    await endpoint?.close()
    log.close()
  }
}

function giveUp(rights: Rights, logger: Logger): void {
  rights.giveUp()
  logger.info(`goes on as ${rights.name} (packetbeat.run_as); a changed configuration needs a restart`)
}

async function openCounters(
  { http, output, protocols }: Settings,
  started: number,
  running: () => Running | undefined,
): Promise<Endpoint | undefined> {
  if (http === undefined) return undefined
  const { openEndpoint } = await import('../monitoring/endpoint.js')
  return openEndpoint({
    ...http,
    protocols: new Set(['flow', ...protocols.map(({ protocol }) => protocol.name)]),
    source: () => {
      const run = running()
      return run && { ...run, started, queue: 'mem', output: output?.plugin.name ?? run.output }
    },
  })
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
