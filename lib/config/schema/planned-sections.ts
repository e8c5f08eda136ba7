import { z } from 'zod'
import { MINUTE, SECOND } from '../../options/duration.js'
import { flag, map, maps, number, oneOf, section, text, texts, time, whole } from './planned-options.js'
import { elasticsearch, ssl } from './planned-outputs.js'

const kibana = () =>
  section('The API of Kibana.', {
    host: text('Host and port.', 'localhost:5601'),
    protocol: oneOf(['http', 'https'], 'http', 'Scheme.'),
    username: text('User.'),
    password: text('Password.'),
    api_key: text('API key.'),
    path: text('Path before each request.'),
    space: section('Space.', { id: text('Its name.') }),
    headers: map('Headers of each request.'),
    ssl: ssl(),
  })

const lifecycle = {
  policy_file: text('File with a policy of your own.'),
  check_exists: flag(true, 'Look whether there is one.'),
  overwrite: flag(false, 'Replace what is there.'),
}

const setup = () =>
  section('What is loaded into Elasticsearch and Kibana.', {
    template: section('Index template.', {
      enabled: flag(true, 'Load it.'),
      name: text('Name.'),
      pattern: text('Indices it is for.'),
      fields: text('File with the fields.'),
      overwrite: flag(false, 'Replace what is there.'),
      append_fields: maps('Fields of your own.'),
      priority: whole(150, 'Priority.'),
      type: text('Kind of template.'),
      json: section('A template of your own.', {
        enabled: flag(false, 'Use it.'),
        path: text('File.'),
        name: text('Name.'),
        data_stream: flag(false, 'It is for data streams.'),
      }),
      settings: section('Settings of the index.', {
        index: map('As Elasticsearch has them.'),
        _source: map('Source.'),
      }),
    }),
    ilm: section('Lifecycle policy.', {
      enabled: z
        .union([z.boolean(), z.literal('auto')])
        .default(true)
        .describe('Load it.'),
      policy_name: text('Name.', 'packetbeat'),
      ...lifecycle,
    }),
    dsl: section('Lifecycle of data streams.', {
      enabled: flag(true, 'Load it.'),
      data_stream_pattern: text('Data streams it is for.'),
      ...lifecycle,
    }),
    dashboards: section('Dashboards.', {
      enabled: flag(false, 'Load them.'),
      directory: text('Directory to load from.'),
      url: text('Archive to load from, by URL.'),
      file: text('Archive to load from.'),
      beat: text('Directory in the archive.'),
      kibana_index: text('Index of Kibana.'),
      index: text('Index the dashboards read.'),
      always_kibana: flag(false, 'Always by the API of Kibana.'),
      retry: section('Attempts.', {
        enabled: flag(false, 'Try again.'),
        interval: time(SECOND, 'Wait between attempts.'),
        maximum: whole(0, 'How often; 0: no end.'),
      }),
    }),
    kibana: kibana(),
  })

const period = (seconds: number) => section('How often.', { period: time(seconds * SECOND, 'Interval.') })

const cloud = () => section('Elastic Cloud.', { id: text('Deployment.'), auth: text('`user:password`.') })

const monitoring = () =>
  section('Own metrics, sent to Elasticsearch.', {
    enabled: flag(false, 'Switches it on and off.'),
    cluster_uuid: text('Cluster.'),
    cloud: cloud(),
    elasticsearch: section('Where to.', { ...elasticsearch(), metrics: period(10), state: period(60) }),
  })

const pprof = () =>
  section('Profiles.', {
    enabled: flag(false, 'Switches it on and off.'),
    block_profile_rate: whole(0, 'Rate.'),
    mem_profile_rate: whole(524_288, 'Rate.'),
    mutex_profile_rate: whole(0, 'Rate.'),
  })

const http = () =>
  section('Own metrics, over HTTP.', {
    enabled: flag(false, 'Switches it on and off.'),
    host: text('Address, or `unix:///path`.', 'localhost'),
    port: z.int().min(0).max(65535).default(5066).describe('Port.'),
    named_pipe: section('Windows pipe.', {
      user: text('User.'),
      security_descriptor: text('Access rights.'),
    }),
    pprof: pprof(),
    buffer: section('History of metrics.', { enabled: flag(false, 'Switches it on and off.') }),
  })

const profiled = (description: string, more: Record<string, z.ZodType> = {}) =>
  section(description, { enabled: flag(false, 'Switches it on and off.'), ...more })

const instrumentation = () =>
  section('Traces of this program.', {
    enabled: flag(false, 'Switches it on and off.'),
    environment: text('Environment.'),
    hosts: texts('APM servers.'),
    api_key: text('API key.'),
    secret_token: text('Token.'),
    profiling: section('Profiles.', {
      cpu: profiled('Of the processor.', {
        interval: time(MINUTE, 'How often.'),
        duration: time(10 * SECOND, 'How long.'),
      }),
      heap: profiled('Of the memory.', { interval: time(MINUTE, 'How often.') }),
    }),
  })

// Made when they are asked for: a configuration has few of them, and there are hundreds of options.
type Planned = Readonly<Record<string, () => z.ZodType>>

/** Sections at the top of Packetbeat's configuration that mean nothing here yet. */
export const plannedSections: Planned = {
  setup,
  monitoring,
  http,
  instrumentation,
  cloud,
  max_procs: () => z.int().min(0).optional().describe('Threads.'),
  gc_percent: () => number('When memory is reclaimed.'),
  features: () =>
    section('Features.', {
      fqdn: section('Full host names.', {
        enabled: flag(false, 'Use the fully qualified name for `host.name`.'),
      }),
    }),
  migration: () =>
    section('Migration.', {
      '6_to_7': section('From version 6 to 7.', { enabled: flag(false, 'Old names of fields.') }),
    }),
  seccomp: () =>
    section('System calls that are allowed.', {
      enabled: flag(true, 'Switches it on and off.'),
      default_action: text('What happens to other calls.'),
      syscalls: maps('Rules.'),
    }),
  management: () => section('Run under an agent.', { enabled: flag(false, 'Switches it on and off.') }),
  keystore: () => section('A file with secrets.', { path: text('Its place.') }),
}

/** The same below `packetbeat`. */
export const plannedPacketbeat: Planned = {
  overwrite_pipelines: () => flag(false, 'Load ingest pipelines anew at each start.'),
  npcap: () => section('Npcap.', { never_install: flag(false, 'Do not install it.') }),
  id: () => text('Name of this input in metrics.'),
}
