import { z } from 'zod'
import { field, isObject } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import { duration, MINUTE } from '../../options/duration.js'
import { secret } from '../../options/kinds.js'
import { sslOption } from '../../outputs/ssl/options.js'
import { tlsOptions } from '../../outputs/ssl/tls-options.js'
import { containerOf } from '../../proc/cgroup.js'
import { labelFields } from '../labels.js'
import { copied, mergeAt } from '../merge.js'
import { onceKnown } from '../once-known.js'
import { nameList } from '../options.js'
import { defineProcessor, type ProcessorContext } from '../processor.js'
import { Remembered } from '../remembered.js'
import { Containers } from './containers.js'
import type { Container } from './docker.js'

// Processes whose container is remembered, and how long in milliseconds.
const MOST = 4096
const TTL = 30_000

const ssl = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Switches it on and off.'),
    certificate_authority: z
      .string()
      .min(1)
      .optional()
      .describe('The authority that is trusted: a file, or a PEM text.'),
    certificate: z.string().min(1).optional().describe('The own certificate: a file, or a PEM text.'),
    key: secret(z.string().min(1).optional().describe('Its private key: a file, or a PEM text.')),
  })
  .optional()
  .describe('Encryption, for `tcp` and `https`.')

/** Adds the container that an event is about: `container`. */
export const addDockerMetadata = defineProcessor({
  name: 'add_docker_metadata',
  title: 'adds what Docker says of containers',
  options: z.strictObject({
    host: z
      .string()
      .regex(/^(unix:\/\/\/|tcp:\/\/|https?:\/\/)./, {
        message:
          'must be a socket such as unix:///var/run/docker.sock, or a URL such as tcp://192.0.2.1:2376',
      })
      .default('unix:///var/run/docker.sock')
      .describe('Where Docker is.'),
    ssl,
    match_fields: nameList.default([]).describe('Fields with ids of containers.'),
    match_pids: nameList
      .default(['process.pid', 'process.parent.pid'])
      .describe('Fields with numbers of processes, whose control groups tell the container.'),
    match_source: z
      .boolean()
      .default(true)
      .describe('Takes the id from the path of a log file, in log.file.path or source.'),
    match_short_id: z.boolean().default(false).describe('Ids may be short, of twelve digits.'),
    match_source_index: z
      .int()
      .min(0)
      .default(4)
      .describe(
        'Which part of that path it is, the first being 0: 4 of /var/lib/docker/containers/ID/ID.log.',
      ),
    cleanup_timeout: duration().default(MINUTE).describe('How long a container is remembered after its end.'),
    labels: z
      .strictObject({
        dedot: z.boolean().default(true).describe('Puts underscores for dots; otherwise labels are nested.'),
      })
      .prefault({})
      .describe('Labels of containers.'),
  }),
  create(options, context) {
    const { host, match_short_id, cleanup_timeout, labels } = options
    const tls = tlsOf(options.ssl, context)
    const connect = async () => new (await import('./docker.js')).Docker(host, tls)
    const containers = new Containers({ connect, host, remembered: cleanup_timeout / 1e6 }, context)
    const ids = finder(options)
    const add = mergeAt('container')
    return onceKnown(containers.known, context.run, (event) => {
      for (const id of ids(event)) {
        const container = containers.get(id, match_short_id)
        if (container === undefined) continue
        if (!add(event, describe(container, labels.dedot)))
          context.failed('the field container is there and no object')
        break
      }
      return event
    })
  },
})

type Options = Parameters<(typeof addDockerMetadata)['create']>[0]

/** Ids of containers that an event may be about. */
function finder(options: Options): (event: Document) => Generator<string> {
  const named = options.match_fields.map(field)
  const pids = options.match_pids.map(field)
  const path = field('log.file.path')
  const containers = new Remembered<string>(MOST)
  const ofProcess = (pid: number): string => {
    const key = String(pid)
    const now = performance.now()
    const known = containers.get(key, now)
    if (known !== undefined) return known
    const id = containerOf(pid) ?? ''
    containers.set(key, id, now + TTL)
    return id
  }
  return function* (event) {
    const source = options.match_source ? (path.get(event) ?? event.source) : undefined
    if (typeof source === 'string') {
      const id = source.replace(/^[/\\]/, '').split(/[/\\]/)[options.match_source_index]
      if (id) yield id
    }
    for (const { get } of named) {
      const id = get(event)
      if (typeof id === 'string') yield id
    }
    for (const { get } of pids) {
      const pid = get(event)
      const id = typeof pid === 'number' && Number.isInteger(pid) && pid > 0 ? ofProcess(pid) : ''
      if (id !== '') yield id
    }
  }
}

const described = new WeakMap<Container, Document>()

function describe(container: Container, dedot: boolean): Document {
  let document = described.get(container)
  if (document === undefined) {
    const { id, name, image, labels } = container
    const own = labelFields(labels, dedot)
    document = {
      id,
      ...(name !== '' && { name }),
      ...(image !== '' && { image: { name: image } }),
      ...(isObject(own) && Object.keys(own).length > 0 && { labels: own }),
    }
    described.set(container, document)
  }
  return copied(document) as Document
}

function tlsOf(ssl: Options['ssl'], { run }: ProcessorContext) {
  if (ssl === undefined || !ssl.enabled) return undefined
  const { certificate_authority, certificate, key } = ssl
  const usual = sslOption().parse({
    ...(certificate_authority !== undefined && { certificate_authorities: [certificate_authority] }),
    certificate,
    key,
  })
  return tlsOptions(usual, run.facts.folder)
}
