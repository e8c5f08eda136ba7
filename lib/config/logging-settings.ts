import { resolve } from 'node:path'
import type { LoadRequest } from './load.js'
import type { Configuration } from './schema/index.js'
import type { Level, LogFileSettings, LoggingSettings } from './settings.js'

/** Where the log goes and what is in it: as configured, unless flags say otherwise. */
export function logging(
  configured: Configuration['logging'],
  { logging: flags = {} }: LoadRequest,
  hasFile: boolean,
  logs: string,
): LoggingSettings {
  const toStderr = flags.stderr ?? (configured.to_stderr || (configured.to_files === undefined && !hasFile))
  const toFiles = !toStderr && (configured.to_files ?? true)
  const { event_data: events } = configured
  return {
    // Who runs this without any configuration looks at the events, not at the log.
    level:
      flags.level ?? configured.level ?? (hasFile || flags.stderr ? 'info' : ('warning' satisfies Level)),
    selectors: flags.selectors ?? configured.selectors,
    to_stderr: toStderr,
    to_files: toFiles,
    files: files(configured.files, logs),
    metrics: { enabled: configured.metrics.enabled, period: configured.metrics.period },
    event_data: {
      to_stderr: events.to_stderr,
      files: toFiles && events.to_files && !events.to_stderr ? files(events.files, logs) : undefined,
    },
  }
}

const files = (
  { path, redirect_stderr: _, ...others }: Configuration['logging']['files'],
  logs: string,
): LogFileSettings => ({ path: path === undefined ? logs : resolve(logs, path), ...others })
