import { z } from 'zod'
import { formatString } from '../../events/format-string.js'
import { duration, MINUTE } from '../../options/duration.js'
import { nameList } from '../options.js'
import { regExpText } from '../regexp.js'
import type { IndexerName } from './indexers.js'

const none = z.strictObject({}).nullable().optional()

const indexer = z
  .strictObject({
    container: none.describe('By ids of containers.'),
    ip_port: none.describe('By addresses of pods, and those with ports of containers.'),
    pod_name: none.describe('By namespace/name.'),
    pod_uid: none.describe('By uid.'),
  } satisfies Record<IndexerName, z.ZodType>)
  .refine((entry) => Object.keys(entry).length === 1, { message: 'must be one indexer' })

const matcher = z
  .strictObject({
    fields: z
      .strictObject({
        lookup_fields: nameList.min(1).describe('Fields whose values are keys.'),
        regex_pattern: regExpText
          .optional()
          .describe('What of a value is the key: its group `key`, or its first one.'),
      })
      .optional()
      .describe('By values of fields.'),
    field_format: z
      .strictObject({ format: formatString.describe('Such as `%{[destination.ip]}:%{[destination.port]}`.') })
      .optional()
      .describe('By what a format string prints.'),
    logs_path: z
      .strictObject({
        logs_path: z.string().min(1).default('/var/lib/docker/containers/').describe('Where logs are.'),
        resource_type: z.enum(['container', 'pod']).default('container').describe('Whose id is in the path.'),
      })
      .nullable()
      .optional()
      .describe('By the path of a log file.'),
  })
  .refine((entry) => Object.keys(entry).length === 1, { message: 'must be one matcher' })

const enabled = (what: string, usual = true) =>
  z
    .strictObject({ enabled: z.boolean().default(usual).describe('Switches it on and off.') })
    .prefault({})
    .describe(what)

const dedot = (what: string) =>
  z
    .strictObject({
      dedot: z.boolean().default(true).describe('Puts underscores for dots; otherwise they are nested.'),
    })
    .prefault({})
    .describe(what)

export const options = z.strictObject({
  host: z.string().min(1).optional().describe('An older name of `node`.'),
  node: z
    .string()
    .min(1)
    .optional()
    .describe('The node whose pods are meant; the one this program runs on unless given.'),
  scope: z.enum(['node', 'cluster']).default('node').describe('Pods of one node, or of all.'),
  namespace: z.string().min(1).optional().describe('Only pods of this namespace.'),
  kube_config: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A kubeconfig file; that of KUBECONFIG, or what a pod has of its service account, unless given.',
    ),
  kube_client_options: z
    .strictObject({
      qps: z.number().optional().describe('Requests in a second.'),
      burst: z.number().optional().describe('Requests at once.'),
    })
    .optional()
    .describe('Accepted for upstream: a handful of requests needs no limit.'),
  add_resource_metadata: z
    .strictObject({
      node: enabled('What is known of the node.'),
      namespace: enabled('What is known of the namespace.'),
      deployment: z
        .boolean()
        .default(false)
        .describe('kubernetes.deployment.name, by the name of the replica set.'),
      cronjob: z
        .boolean()
        .default(false)
        .describe('Accepted for upstream; kubernetes.job.name is always told.'),
    })
    .prefault({})
    .describe('What is told beside the pod.'),
  use_kubeadm: z.boolean().default(true).describe('Asks for what kubeadm left in the cluster: its name.'),
  indexers: z
    .array(indexer)
    .default([])
    .describe('By what pods are found, beside the default: `container`, `ip_port`, `pod_name`, `pod_uid`.'),
  matchers: z.array(matcher).default([]).describe('What of an event finds a pod, before the default.'),
  default_indexers: enabled('ip_port.'),
  default_matchers: enabled(
    'destination.ip with destination.port, source.ip with source.port, destination.ip, source.ip.',
  ),
  include_labels: nameList.default([]).describe('Labels that are told; all unless given.'),
  exclude_labels: nameList.default([]).describe('Labels that are not.'),
  include_annotations: nameList.default([]).describe('Annotations that are told; none unless given.'),
  cleanup_timeout: duration().default(MINUTE).describe('How long a pod is known after its end.'),
  sync_period: duration()
    .default(10 * MINUTE)
    .describe('Accepted for upstream: a watch that ends is begun anew.'),
  labels: dedot('Names of labels.'),
  annotations: dedot('Names of annotations.'),
})

export type Options = z.output<typeof options>
