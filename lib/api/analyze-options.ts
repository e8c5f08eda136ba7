import { among, nearestName } from '../config/nearest-name.js'
import { UserError } from '../errors.js'
import type { Plugin } from '../plugins/plugin.js'
import type { Log } from './analysis.js'
import type { Configuration, FlowOptions, OneOrMore, ProcessorEntry, ProtocolEntry } from './configuration.js'

/** What is analysed, and how. Without `configuration` and `configFile`: every protocol on its usual ports, and flows. */
export type AnalyzeOptions = Source & {
  /**
   * As in packetbeat.yml, nested; laid over `configFile`. The options below stand for parts of it and come last. What it
   * says of outputs, queues on disk, `setup`, `logging` and `http` concerns the command alone.
   */
  configuration?: Configuration | undefined
  /** Path of a packetbeat.yml, or several, later ones laid over earlier. */
  configFile?: string | readonly string[] | undefined
  /** Only these: names for their usual ports, or entries as in `packetbeat.protocols`. */
  protocols?: readonly (ProtocolEntry['type'] | ProtocolEntry)[] | undefined
  /** False: no flow events. Or how they are reported. */
  flows?: boolean | FlowOptions | undefined
  /** What to do with all events before they are handed over. */
  processors?: OneOrMore<ProcessorEntry> | undefined
  /** Protocols and processors of your own, beside those of the modules that `packetbeat.plugins` names. */
  plugins?: readonly Plugin[] | undefined
  /** A file at the pace it was recorded, with the current time; else as fast as it is read, with its own. */
  realtime?: boolean | undefined
  /** Ends it at once; its reason is thrown by the loop. */
  signal?: AbortSignal | undefined
  /** Told what the command writes to its log, such as `console`. Nobody is, unless given. */
  log?: Log | undefined
}

type Source =
  | {
      /** A capture file (pcap, pcapng, also gzipped); `-`: standard input. */
      file: string
      device?: undefined
    }
  | {
      /** The name of an interface, `any`, or `default_route`. Unless given, as configured, else `any`, on Linux. */
      device?: string | undefined
      file?: undefined
    }

interface Check {
  test(value: unknown): boolean
  /** What it must be. */
  be: string
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null
const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
// Also one of another realm, as in test runners.
const isSignal = (value: unknown): boolean =>
  isObject(value) &&
  typeof (value as AbortSignal).aborted === 'boolean' &&
  'addEventListener' in (value as object)
const text = { test: isText, be: 'a text' }
const truth = { test: (value: unknown) => typeof value === 'boolean', be: 'true or false' }

const checks: Readonly<Record<keyof AnalyzeOptions, Check>> = {
  file: text,
  device: text,
  configuration: { test: isObject, be: 'an object like packetbeat.yml' },
  configFile: { test: (value) => [value].flat().every(isText), be: 'a path or a list of paths' },
  protocols: { test: Array.isArray, be: 'a list of names or entries' },
  flows: { test: (value) => typeof value === 'boolean' || isObject(value), be: 'true, false or an object' },
  processors: { test: isObject, be: 'a list of processors' },
  plugins: { test: Array.isArray, be: 'a list of plug-ins' },
  realtime: truth,
  signal: { test: (value) => isSignal(value), be: 'an AbortSignal' },
  log: { test: isObject, be: 'an object with functions such as console' },
}

/** What the types say, for callers without them. @throws {UserError} 'ERR_OPTIONS'. */
export function checkOptions(options: AnalyzeOptions): void {
  if (!isObject(options)) throw wrong('needs an object with options, such as { file: "web.pcap" }')
  for (const [name, value] of Object.entries(options)) {
    const check = Object.hasOwn(checks, name) ? checks[name as keyof AnalyzeOptions] : undefined
    if (check === undefined) {
      const meant = nearestName(name, Object.keys(checks))
      const guess = meant === undefined ? '' : `did you mean ${meant}? `
      throw wrong(`has no option ${name}; ${guess}allowed: ${among(Object.keys(checks))}`)
    }
    if (value !== undefined && !check.test(value)) throw wrong(`needs ${name} to be ${check.be}`)
  }
  if (options.file !== undefined && options.device !== undefined)
    throw wrong('reads a file or captures on a device; leave out one of file and device')
}

const wrong = (message: string): UserError => new UserError('ERR_OPTIONS', `analyze() ${message}.`)
