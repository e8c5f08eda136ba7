import { load } from '../config/load.js'
import { registries } from '../config/registries.js'
import type { Settings } from '../config/settings.js'
import { loadDashboards } from '../dashboards/load.js'
import { type LoadOptions, loadIndexManagement, loadPipelines } from '../elasticsearch/load.js'
import { UserError } from '../errors.js'
import { Connection } from '../outputs/elasticsearch/connection.js'
import { connections } from '../outputs/elasticsearch/open.js'
import type { Options } from '../outputs/elasticsearch/options.js'
import { packageVersion } from '../package.js'
import type { Command } from './command.js'
import type { Io } from './io.js'
import { request } from './request.js'

export const setup: Command = {
  name: 'setup',
  title: 'Load lifecycle policy, index template, ingest pipelines and dashboards.',
  details:
    'Without a flag all of them. An index template of the same name is replaced. Run it once, from any machine that\nreaches Elasticsearch and Kibana; for events that go elsewhere at first, name Elasticsearch by\n-E output.logstash.enabled=false -E "output.elasticsearch.hosts=[…]".',
  flags: ['index-management', 'pipelines', 'dashboards'],
  async execute(flags, _words, io) {
    const settings = load(request(flags, io.env), registries)
    const wanted = (['index-management', 'dashboards', 'pipelines'] as const).filter((name) => flags[name])
    const all = wanted.length === 0
    const wants = (name: (typeof wanted)[number]) => all || wanted.includes(name)
    for (const notice of settings.notices) io.stderr.write(`Note: ${notice}\n`)
    if (wants('index-management')) await indexManagement(settings, io)
    if (wants('dashboards')) await dashboards(settings, io)
    if (wants('pipelines')) await pipelines(settings, io)
    return 0
  },
}

async function indexManagement(settings: Settings, io: Io): Promise<void> {
  const { ilm } = settings.setup
  if (ilm.enabled !== false && !ilm.overwrite)
    io.stdout.write(
      'A lifecycle policy that is there stays as it is; setup.ilm.overwrite: true replaces it.\n',
    )
  await atElasticsearch(settings, '--index-management', io, (options) => loadIndexManagement(options, true))
  io.stdout.write('Index setup finished.\n')
}

async function pipelines(settings: Settings, io: Io): Promise<void> {
  await atElasticsearch(settings, '--pipelines', io, async (options) => {
    await loadPipelines(options, true)
  })
  io.stdout.write('Loaded the ingest pipelines.\n')
}

async function dashboards(settings: Settings, io: Io): Promise<void> {
  io.stdout.write('Loading dashboards (Kibana must be running and reachable)\n')
  const log = logTo(io)
  const count = await loadDashboards(settings, { version: packageVersion, log })
  io.stdout.write(`Loaded the dashboards: ${count} objects.\n`)
}

/** Does the work at the first of the servers that answers. */
async function atElasticsearch(
  settings: Settings,
  flag: string,
  io: Io,
  work: (options: LoadOptions) => Promise<void>,
): Promise<void> {
  const { output, path, setup: options } = settings
  if (output?.plugin.name !== 'elasticsearch')
    throw new UserError(
      'ERR_CONFIG_INVALID',
      `setup ${flag} needs output.elasticsearch; name it for this command by -E output.elasticsearch.hosts=[…]${output === undefined ? '' : ` -E output.${output.plugin.name}.enabled=false`}.`,
    )
  const log = logTo(io)
  let done = false
  const context = {
    path,
    log: { ...log, info: log.debug },
    connected: async (client: LoadOptions['client'], server: LoadOptions['server']) => {
      await work({ setup: options, version: packageVersion, folder: path.config, client, server, log })
      done = true
    },
  }
  let failure: unknown
  for (const each of connections(output.options as Options, context, 1)) {
    const connection = new Connection(each)
    try {
      await connection.ready(new AbortController().signal)
    } catch (error) {
      // What a server has refused, the others of its cluster would refuse as well.
      if (error instanceof UserError) throw error
      failure ??= new UserError('ERR_OUTPUT_OPEN', `${connection.name}: ${(error as Error).message}.`, {
        cause: error,
      })
    } finally {
      await connection.close()
    }
    if (done) return
  }
  throw failure
}

const logTo = (io: Io): LoadOptions['log'] => ({
  debug: () => undefined,
  info: (message) => io.stdout.write(`${message[0]?.toUpperCase()}${message.slice(1)}.\n`),
  warn: (message) => io.stderr.write(`Note: ${message}\n`),
})
