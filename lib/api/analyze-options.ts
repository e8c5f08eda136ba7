import { z } from 'zod'
import type { Plugin } from '../plugins/plugin.js'
import type { Log } from './analysis.js'
import { abortSignal, checkOptions } from './check-options.js'
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

const text = z.string().min(1)
// What is in them is checked with the configuration that they become part of.
const list = z.array(z.unknown())
const object = (be: string) => z.custom<object>((value) => typeof value === 'object' && value !== null, be)

const options = z
  .strictObject({
    file: text.optional(),
    device: text.optional(),
    configuration: object('must be an object like packetbeat.yml').optional(),
    configFile: z.union([text, z.array(text)], 'must be a path or a list of paths').optional(),
    protocols: list.optional(),
    flows: z.union([z.boolean(), object('')], 'must be true, false or an object').optional(),
    processors: object('must be a list of processors').optional(),
    plugins: list.optional(),
    realtime: z.boolean().optional(),
    signal: abortSignal().optional(),
    log: object('must be an object with functions, such as console').optional(),
  } satisfies Record<keyof AnalyzeOptions, z.ZodType>)
  .refine(({ file, device }) => file === undefined || device === undefined, {
    error: 'a file is read or a device captured on; leave out one of file and device',
  })

/** What the types say, for callers without them. @throws {UserError} 'ERR_OPTIONS' with everything that is wrong. */
export const checkAnalyzeOptions = (given: unknown): void => void checkOptions(options, given, 'analyze')
