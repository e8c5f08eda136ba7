import type { Document } from '../../events/writer.js'
import { labelFields } from '../labels.js'
import type { Pod } from './pod.js'
import type { Found } from './pods.js'

/** What is known of a node or a namespace. */
export interface Resource {
  uid: string | undefined
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  /** The address by name, of a node. */
  hostname: string | undefined
}

export interface DescribeOptions {
  labels: { dedot: boolean; include: readonly string[]; exclude: readonly string[] }
  annotations: { dedot: boolean; include: readonly string[] }
  /** Tells the deployment of pods that a replica set made. */
  deployment: boolean
  node(name: string): Resource | undefined
  namespace(name: string): Resource | undefined
  /** `orchestrator`, once known. */
  orchestrator(): Document | undefined
}

const CONTROLLERS = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'])

/** What an event says of a pod. */
export function describe({ pod, container }: Found, options: DescribeOptions): Document {
  const orchestrator = options.orchestrator()
  return {
    kubernetes: {
      pod: { name: pod.name, uid: pod.uid, ...(pod.ips[0] !== undefined && { ip: pod.ips[0] }) },
      namespace: pod.namespace,
      ...namespaceFields(pod, options),
      ...nodeFields(pod, options),
      ...filled('labels', labelsOf(pod.labels, options)),
      ...filled('annotations', annotationsOf(pod.annotations, options)),
      ...controller(pod, options),
      ...(container !== undefined && { container: { name: container.name } }),
    },
    ...(container !== undefined && {
      container: {
        ...(container.id !== undefined && { id: container.id }),
        ...(container.runtime !== undefined && { runtime: container.runtime }),
        ...(container.image !== undefined && { image: { name: container.image } }),
      },
    }),
    ...(orchestrator !== undefined && { orchestrator }),
  }
}

const filled = (name: string, fields: Document): Document =>
  Object.keys(fields).length > 0 ? { [name]: fields } : {}

function labelsOf(labels: Readonly<Record<string, string>>, { labels: options }: DescribeOptions): Document {
  const { include, exclude, dedot } = options
  const wanted = Object.entries(labels).filter(
    ([name]) => (include.length === 0 || include.includes(name)) && !exclude.includes(name),
  )
  return labelFields(Object.fromEntries(wanted), dedot)
}

function annotationsOf(
  annotations: Readonly<Record<string, string>>,
  { annotations: { include, dedot } }: DescribeOptions,
): Document {
  const wanted = Object.entries(annotations).filter(([name]) => include.includes(name))
  return labelFields(Object.fromEntries(wanted), dedot)
}

function namespaceFields({ namespace }: Pod, options: DescribeOptions): Document {
  const known = options.namespace(namespace)
  if (known === undefined) return {}
  return {
    ...(known.uid !== undefined && { namespace_uid: known.uid }),
    ...filled('namespace_labels', labelsOf(known.labels, options)),
    ...filled('namespace_annotations', annotationsOf(known.annotations, options)),
  }
}

function nodeFields({ node }: Pod, options: DescribeOptions): Document {
  if (node === undefined) return {}
  const known = options.node(node)
  return {
    node: {
      name: node,
      ...(known?.uid !== undefined && { uid: known.uid }),
      ...(known?.hostname !== undefined && { hostname: known.hostname }),
      ...(known !== undefined && filled('labels', labelsOf(known.labels, options))),
      ...(known !== undefined && filled('annotations', annotationsOf(known.annotations, options))),
    },
  }
}

function controller({ owner, labels }: Pod, { deployment }: DescribeOptions): Document {
  if (owner === undefined || !CONTROLLERS.has(owner.kind)) return {}
  const fields: Document = { [owner.kind.toLowerCase()]: { name: owner.name } }
  // A deployment calls its replica sets by its own name and the hash of their template.
  const hash = labels['pod-template-hash']
  if (deployment && owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`))
    fields.deployment = { name: owner.name.slice(0, -hash.length - 1) }
  return fields
}
