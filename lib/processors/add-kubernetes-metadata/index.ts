import { resolve } from 'node:path'
import { mergeAt } from '../merge.js'
import { onceKnown } from '../once-known.js'
import { defineProcessor } from '../processor.js'
import { access } from './access.js'
import { type DescribeOptions, describe } from './describe.js'
import { type IndexerName, indexers } from './indexers.js'
import { endpointsMatcher, fieldsMatcher, formatMatcher, logsMatcher, type Matcher } from './matchers.js'
import { type Options, options } from './options.js'
import { Pods } from './pods.js'
import { Watcher } from './watcher.js'

/** Adds the pod that an event is about: `kubernetes`, and its container. */
export const addKubernetesMetadata = defineProcessor({
  name: 'add_kubernetes_metadata',
  title: 'adds what Kubernetes says of pods',
  options,
  create(options, context) {
    const { run } = context
    const { add_resource_metadata: more, kube_config } = options
    const pods = new Pods(indexersOf(options), options.cleanup_timeout / 1e6, context)
    const watcher = new Watcher(
      {
        access: () =>
          access({
            file: kube_config === undefined ? undefined : resolve(run.facts.folder, kube_config),
            env: process.env,
          }),
        pods,
        scope: options.scope,
        node: options.node ?? options.host ?? process.env.NODE_NAME,
        namespace: options.namespace,
        useKubeadm: options.use_kubeadm,
        resources: { node: more.node.enabled, namespace: more.namespace.enabled },
      },
      context,
    )
    const matchers = matchersOf(options)
    const told: DescribeOptions = {
      labels: {
        dedot: options.labels.dedot,
        include: options.include_labels,
        exclude: options.exclude_labels,
      },
      annotations: { dedot: options.annotations.dedot, include: options.include_annotations },
      deployment: more.deployment,
      node: watcher.node,
      namespace: watcher.namespace,
      orchestrator: watcher.orchestrator,
    }
    const add = mergeAt('')
    return onceKnown(watcher.known, run, (event) => {
      for (const matcher of matchers) {
        const found = pods.find(matcher(event))
        if (found === undefined) continue
        add(event, describe(found, told))
        break
      }
      return event
    })
  },
})

function indexersOf({ indexers: wanted, default_indexers }: Options) {
  const names = wanted.flatMap((entry) => Object.keys(entry)) as IndexerName[]
  const usual: IndexerName[] = default_indexers.enabled ? ['ip_port'] : []
  return [...new Set([...names, ...usual])].map((name) => indexers[name])
}

function matchersOf({ matchers, default_matchers }: Options): Matcher[] {
  const configured = matchers.map(({ fields, field_format, logs_path }) => {
    if (fields) return fieldsMatcher(fields.lookup_fields, fields.regex_pattern)
    if (field_format) return formatMatcher(field_format.format)
    return logsMatcher(
      logs_path?.logs_path ?? '/var/lib/docker/containers/',
      logs_path?.resource_type ?? 'container',
    )
  })
  return default_matchers.enabled ? [...configured, endpointsMatcher] : configured
}
