import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import { load } from '../config/load.js'
import { registries } from '../config/registries.js'
import type { Settings } from '../config/settings.js'
import { ndjson, pages, savedObjects } from '../dashboards/index.js'
import { dashboardId, dataView } from '../dashboards/saved-objects.js'
import { type AssetOptions, policy, printed, template } from '../elasticsearch/assets.js'
import { UserError } from '../errors.js'
import { kibana } from '../kibana/client.js'
import { exportDashboard as fromKibana } from '../kibana/objects.js'
import { packageVersion } from '../package.js'
import type { Command } from './command.js'
import type { Io } from './io.js'
import type { Flags } from './parse.js'
import { request } from './request.js'

// A server that has all types there are.
const NEWEST = '9.0.0'

const exportTemplate: Command = {
  name: 'export template',
  title: 'Print the index template.',
  flags: ['es.version', 'dir', 'noilm'],
  execute(flags, _words, io) {
    const options = assets(flags, io)
    const { ilm } = options.setup
    const wanted = ilm.enabled !== false && !flags.noilm
    const { name, body } = template(options, { policy: wanted ? policy(options).name : undefined })
    return give(io, flags.dir, join('template', `${name}.json`), pretty(body))
  },
}

const exportPolicy: Command = {
  name: 'export ilm-policy',
  title: 'Print the lifecycle policy.',
  flags: ['es.version', 'dir'],
  execute(flags, _words, io) {
    const { name, body } = policy(assets(flags, io))
    return give(io, flags.dir, join('policy', `${name}.json`), pretty(body))
  },
}

const exportDataView: Command = {
  name: 'export index-pattern',
  title: 'Print the data view for Kibana.',
  flags: ['es.version', 'dir'],
  execute(flags, _words, io) {
    const { setup } = assets(flags, io)
    const view = dataView(printed(setup.dashboards.index, packageVersion))
    return give(io, flags.dir, join('index-pattern', 'packetbeat.ndjson'), ndjson([view]))
  },
}

const exportDashboard: Command = {
  name: 'export dashboard',
  title: 'Print dashboards: all of ours, or one, also of Kibana, with what it needs.',
  details:
    'Ours need no Kibana, and --id takes their names: `--id http`. A dashboard with another id is fetched from Kibana.',
  flags: ['id', 'yml', 'folder'],
  async execute(flags, _words, io) {
    const settings = load(request(flags, io.env), registries)
    const { id, yml, folder } = flags
    if (yml !== undefined) {
      if (id !== undefined || folder === undefined)
        throw new UserError('ERR_USAGE', 'export dashboard --yml FILE needs --folder DIR, and no --id.')
      const file = resolve(settings.path.config, yml)
      for (const entry of listed(file)) {
        give(io, folder, join('dashboard', entry.file), await dashboard(settings, entry.id))
      }
      return 0
    }
    const index = printed(settings.setup.dashboards.index, packageVersion)
    const text = id === undefined ? ndjson(savedObjects(index)) : await dashboard(settings, id)
    return give(io, folder, join('dashboard', `${fileName(id ?? 'packetbeat')}.ndjson`), text)
  },
}

export const exportAssets: readonly Command[] = [
  exportTemplate,
  exportPolicy,
  exportDataView,
  exportDashboard,
]

async function dashboard(settings: Settings, id: string): Promise<string> {
  const page = pages.find((each) => each.id === id || dashboardId(each) === id)
  if (page !== undefined)
    return ndjson(savedObjects(printed(settings.setup.dashboards.index, packageVersion), [page]))
  const client = await kibana(settings)
  try {
    return await fromKibana(client, id)
  } finally {
    await client.close()
  }
}

/** The dashboards that a file lists. */
function listed(file: string): { id: string; file: string }[] {
  let content: unknown
  try {
    content = parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new UserError('ERR_CONFIG_FILE', `--yml: cannot read ${file}: ${(cause as Error).message}.`, {
      cause,
    })
  }
  const list = (content as { dashboards?: unknown } | null)?.dashboards
  if (!Array.isArray(list) || list.length === 0)
    throw new UserError('ERR_CONFIG_FILE', `--yml: ${file} has no list \`dashboards\`.`)
  return list.map((entry: { id?: unknown; file?: unknown } | null) => {
    if (typeof entry?.id !== 'string' || typeof entry.file !== 'string')
      throw new UserError('ERR_CONFIG_FILE', `--yml: ${file}: each dashboard needs an id and a file.`)
    return { id: entry.id, file: fileName(entry.file) }
  })
}

/** A name that leads nowhere else. */
const fileName = (name: string): string => name.replace(/[^\w.-]/g, '_')

function assets(flags: Flags, io: Io): AssetOptions {
  const { setup, path } = load(request(flags, io.env), registries)
  const version = flags['es.version'] ?? NEWEST
  if (!/^\d+\.\d+/.test(version))
    throw new UserError('ERR_USAGE', `--es.version must be a version, such as 8.17.0, not ${version}.`)
  return {
    setup,
    version: packageVersion,
    folder: path.config,
    server: { product: 'elasticsearch', version },
  }
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** On standard output, or as a file below `folder`. */
function give(io: Io, folder: string | undefined, name: string, text: string): number {
  if (folder === undefined) {
    io.stdout.write(text)
    return 0
  }
  const file = resolve(folder, name)
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  } catch (cause) {
    throw new UserError('ERR_OUTPUT_WRITE', `cannot write ${file}: ${(cause as Error).message}.`, { cause })
  }
  io.stdout.write(`Wrote ${file}\n`)
  return 0
}
