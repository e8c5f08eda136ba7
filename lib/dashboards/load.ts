import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Settings } from '../config/settings.js'
import { printed } from '../elasticsearch/assets.js'
import { UserError } from '../errors.js'
import { type Kibana, KibanaAway, kibana, kibanaVersion } from '../kibana/client.js'
import { importObjects } from '../kibana/objects.js'
import { MILLISECOND } from '../options/duration.js'
import { ndjson, savedObjects } from './index.js'

interface Load {
  version: string
  log: { info(message: string): void; warn(message: string): void }
  signal?: AbortSignal
}

/**
 * Loads the dashboards into Kibana; answers how many objects it has taken.
 * @throws {UserError} 'ERR_OUTPUT_OPEN' or 'ERR_CONFIG_…' in one sentence.
 */
export async function loadDashboards(
  settings: Pick<Settings, 'setup' | 'output' | 'path'>,
  { version, log, signal }: Load,
): Promise<number> {
  const { dashboards } = settings.setup
  const texts = dashboardTexts(settings, version)
  const client = await kibana(settings)
  try {
    await answering(client, dashboards.retry, { log, ...(signal !== undefined && { signal }) })
    let count = 0
    for (const text of texts) count += await importObjects(client, text)
    return count
  } finally {
    await client.close()
  }
}

/** What is to be loaded, as NDJSON: our own dashboards, or those of the files that are named. */
function dashboardTexts({ setup, path }: Pick<Settings, 'setup' | 'path'>, version: string): string[] {
  const { directory, file, index } = setup.dashboards
  const view = printed(index, version)
  if (file !== undefined) return [objectsOf(resolve(path.config, file), view)]
  if (directory === undefined) return [ndjson(savedObjects(view))]
  const folder = resolve(path.config, directory)
  const files = reading('directory', folder, () =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ndjson|json)$/.test(name))
      // What others refer to comes first.
      .sort((a, b) => Number(/dashboard/.test(a)) - Number(/dashboard/.test(b)) || (a < b ? -1 : 1)),
  )
  if (files.length === 0)
    throw new UserError(
      'ERR_CONFIG_FILE',
      `setup.dashboards.directory: ${folder} has no .ndjson and no .json.`,
    )
  return [files.map((name) => objectsOf(join(folder, name), view)).join('')]
}

/** The objects of a file: one a line, or one JSON text with one or, below `objects`, several. */
function objectsOf(file: string, view: string): string {
  const text = reading('file', file, () => readFileSync(file, 'utf8'))
  try {
    const found: unknown[] = file.endsWith('.ndjson')
      ? text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => JSON.parse(line))
      : [JSON.parse(text)].flatMap((value) => value.objects ?? value)
    // Dashboards of Packetbeat read `packetbeat-*`, whatever the index is called here.
    return ndjson(found).replaceAll('packetbeat-*', JSON.stringify(view).slice(1, -1))
  } catch (cause) {
    throw new UserError(
      'ERR_CONFIG_FILE',
      `setup.dashboards: ${file} is no JSON: ${(cause as Error).message}.`,
      {
        cause,
      },
    )
  }
}

function reading<T>(setting: string, path: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new UserError(
      'ERR_CONFIG_FILE',
      `setup.dashboards.${setting}: cannot read ${path}: ${(cause as Error).message}.`,
      { cause },
    )
  }
}

/** Resolves when Kibana has said that it can take dashboards. */
async function answering(
  client: Kibana,
  { enabled, interval, maximum }: Settings['setup']['dashboards']['retry'],
  { log, signal }: Pick<Load, 'log' | 'signal'>,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await kibanaVersion(client)
      return
    } catch (error) {
      if (!(error instanceof KibanaAway) || !enabled || (maximum > 0 && tries >= maximum)) throw error
      if (tries === 0) log.warn(`${error.message} Trying again.`)
      await wait(interval / MILLISECOND, undefined, signal === undefined ? {} : { signal })
    }
  }
}
