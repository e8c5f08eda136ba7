import { z } from 'zod'
import { MINUTE, SECOND } from '../../options/duration.js'
import { flag, maps, number, section, text, texts, time } from './planned-options.js'
import { elasticsearch } from './planned-outputs.js'

const period = (seconds: number) => section('How often.', { period: time(seconds * SECOND, 'Interval.') })

const cloud = () => section('Elastic Cloud.', { id: text('Deployment.'), auth: text('`user:password`.') })

const monitoring = () =>
  section('Own metrics, sent to Elasticsearch.', {
    enabled: flag(false, 'Switches it on and off.'),
    cluster_uuid: text('Cluster.'),
    cloud: cloud(),
    elasticsearch: section('Where to.', { ...elasticsearch(), metrics: period(10), state: period(60) }),
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
  monitoring,
  instrumentation,
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
}

/** The same below `packetbeat`. */
export const plannedPacketbeat: Planned = {
  npcap: () => section('Npcap.', { never_install: flag(false, 'Do not install it.') }),
  id: () => text('Name of this input in metrics.'),
}
