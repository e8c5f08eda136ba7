import { load, rememberedSchema } from '../config/load.js'
import { registries } from '../config/registries.js'
import { truth } from '../config/scalar.js'
import type { Registries } from '../config/schema/index.js'
import { withoutSecrets } from '../config/secrets.js'
import type { Settings } from '../config/settings.js'
import { extend } from '../plugins/extend.js'
import type { Analysis, Log } from './analysis.js'
import { AnalysisRun } from './analysis-run.js'
import { type AnalyzeOptions, checkAnalyzeOptions } from './analyze-options.js'

/**
 * Captures, decodes and pairs as the command does, and hands over its events as objects: transactions and flows, told
 * apart by `type`. Each event is the reader's own, to change or to keep.
 *
 * A capture file waits for a reader that is slow; a live capture drops events then, and counts them as
 * `pipeline.events.dropped`. Nothing is captured before the first event is asked for. Leaving the loop ends the capture, and
 * so does `signal`, whose reason is then thrown.
 *
 * ```ts
 * for await (const event of analyze({ file: 'web.pcap', protocols: ['http', 'dns'] }))
 *   if (event.type === 'http') console.log(event.http?.response?.status_code, event.url?.path)
 * ```
 *
 * @throws {UserError} 'ERR_OPTIONS' for options, 'ERR_CONFIG_…' for a configuration that is wrong, 'ERR_PLUGIN_…'. What goes wrong later, such as
 * a file that is not there, is thrown by the loop.
 */
export function analyze(options: AnalyzeOptions): Analysis {
  checkAnalyzeOptions(options)
  const log = maskedLog(options.log)
  const settings = settingsOf(options, (processor, reason) => log.debug(`${processor}: ${reason}`))
  return new AnalysisRun({ settings: contained(settings), log, signal: options.signal })
}

// A program that reads many captures configures all of them alike.
const makeSchema = rememberedSchema()

function settingsOf(
  options: AnalyzeOptions,
  processorFailed: (name: string, reason: string) => void,
): Settings {
  const { file, device, configuration, configFile, protocols, flows, processors, realtime, plugins } = options
  const packetbeat = {
    protocols: protocols?.map((entry) => (typeof entry === 'string' ? { type: entry } : entry)),
    flows: typeof flows === 'boolean' ? { enabled: flows } : flows,
  }
  return load(
    {
      files: configFile === undefined ? [] : [configFile].flat(),
      search: false,
      overrides: [],
      objects: [
        ...(configuration === undefined ? [] : [{ name: 'configuration', value: configuration }]),
        { name: 'options', value: { packetbeat, processors } },
      ],
      path: {},
      strictPermissions: truth(process.env.BEAT_STRICT_PERMS ?? '') ?? true,
      env: process.env,
      capture: {
        ...(file !== undefined && { file }),
        ...(device !== undefined && { device }),
        ...(realtime !== undefined && { realtime }),
      },
      processorFailed,
    },
    withPlugins(plugins),
    makeSchema,
  )
}

function withPlugins(plugins: AnalyzeOptions['plugins'] = []): Registries {
  if (plugins.length === 0) return registries
  return extend(
    registries,
    plugins.map((plugin, index) => ({ name: `plugins[${index}]`, plugin })),
  )
}

/** Without what belongs to the command: its data folder, its queue on disk, what it loads into servers. */
const contained = (settings: Settings): Settings => ({
  ...settings,
  // A run without files keeps nobody else from the data folder.
  files: [],
  queue: { ...settings.queue, disk: undefined },
  setup: { ...settings.setup, dashboards: { ...settings.setup.dashboards, enabled: false } },
  // The reader may take its time at the end as well.
  shutdown_timeout: 0,
})

function maskedLog(log: Log = {}): Required<Log> {
  const masked = (level: keyof Log) => (message: string) => log[level]?.(withoutSecrets(message))
  return { debug: masked('debug'), info: masked('info'), warn: masked('warn') }
}
