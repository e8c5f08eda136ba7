import { isObject } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import { keepTrying } from '../keep-trying.js'
import type { ProcessorContext } from '../processor.js'
import type { Access } from './access.js'
import type { KubernetesApi } from './api.js'
import { orchestrator, ownNode } from './cluster.js'
import type { Resource } from './describe.js'
import { follow } from './follow.js'
import { part, readPod, texts } from './pod.js'
import { MOST, type Pods } from './pods.js'

export interface WatcherOptions {
  access(): Access | undefined
  pods: Pods
  scope: 'node' | 'cluster'
  node: string | undefined
  namespace: string | undefined
  useKubeadm: boolean
  /** Which resources beside pods are followed. */
  resources: { node: boolean; namespace: boolean }
}

/** Follows what a cluster says of its pods, and of their nodes and namespaces. */
export class Watcher {
  readonly #options: WatcherOptions
  readonly #context: ProcessorContext
  readonly #nodes = new Map<string, Resource>()
  readonly #namespaces = new Map<string, Resource>()
  readonly #told = new Set<string>()
  #orchestrator: Document | undefined
  /** Settled when the first list is there, or cannot be had. */
  readonly known: Promise<void>
  #tellKnown: () => void = () => {}

  constructor(options: WatcherOptions, context: ProcessorContext) {
    this.#options = options
    this.#context = context
    this.known = new Promise((done) => {
      this.#tellKnown = done
    })
    const { run } = context
    for (const what of ['lists', 'failed_connections']) context.count(what, 0)
    run.onBegin(() => void this.#begin())
    run.signal.addEventListener('abort', () => this.#tellKnown())
  }

  readonly node = (name: string): Resource | undefined => this.#nodes.get(name)
  readonly namespace = (name: string): Resource | undefined => this.#namespaces.get(name)
  readonly orchestrator = (): Document | undefined => this.#orchestrator

  async #begin(): Promise<void> {
    const { signal, log } = this.#context.run
    await keepTrying((well) => this.#connect(well), {
      signal,
      failed: (error) => this.#failed('pods', error),
    })
    log.debug('add_kubernetes_metadata: ended')
  }

  /** Until something about the pods fails. */
  async #connect(well: () => void): Promise<void> {
    const access = this.#options.access()
    if (access === undefined) throw new Error('this is no pod, and there is no kube_config')
    const { KubernetesApi } = await import('./api.js')
    const api = new KubernetesApi(access)
    const over = new AbortController()
    const signal = AbortSignal.any([over.signal, this.#context.run.signal])
    try {
      const { scope, node, useKubeadm } = this.#options
      const own = scope === 'cluster' ? undefined : (node ?? (await ownNode(api, access, signal)))
      this.#orchestrator = await orchestrator(api, access, useKubeadm, signal)
      this.#followResources(api, own, signal)
      await this.#followPods(api, own, signal, well)
    } finally {
      over.abort()
      await api.close()
    }
  }

  #followPods(
    api: KubernetesApi,
    node: string | undefined,
    signal: AbortSignal,
    well: () => void,
  ): Promise<never> {
    const { pods, namespace } = this.#options
    return follow(api, {
      path: namespace === undefined ? '/api/v1/pods' : `/api/v1/namespaces/${namespace}/pods`,
      ...(node !== undefined && { parameters: { fieldSelector: `spec.nodeName=${node}` } }),
      most: MOST,
      signal,
      read: readPod,
      listed: (list) => pods.replace(list),
      changed: (pod) => pods.put(pod),
      deleted: ({ uid }) => pods.end(uid),
      well: () => {
        this.#context.count('lists')
        const where = node === undefined ? 'the cluster' : `node ${node}`
        this.#context.run.log.info(`add_kubernetes_metadata: ${pods.size} pods of ${where}`)
        this.#told.delete('pods')
        this.#tellKnown()
        well()
      },
    })
  }

  /** Where the program may not read them, events go without. */
  #followResources(api: KubernetesApi, node: string | undefined, signal: AbortSignal): void {
    const { resources, namespace } = this.#options
    const named = (name: string | undefined) =>
      name === undefined ? {} : { parameters: { fieldSelector: `metadata.name=${name}` } }
    const all = [
      { wanted: resources.node, what: 'nodes', known: this.#nodes, only: named(node) },
      { wanted: resources.namespace, what: 'namespaces', known: this.#namespaces, only: named(namespace) },
    ]
    for (const { wanted, what, known, only } of all) {
      if (!wanted) continue
      const put = ([name, resource]: Named) => {
        if (known.size < MOST || known.has(name)) known.set(name, resource)
        else this.#context.count('overflows')
      }
      const work = (well: () => void) =>
        follow(api, {
          path: `/api/v1/${what}`,
          ...only,
          most: MOST,
          signal,
          read: readResource,
          listed: (objects) => {
            known.clear()
            objects.forEach(put)
          },
          changed: put,
          deleted: ([name]) => void known.delete(name),
          well,
        })
      void keepTrying(work, { signal, failed: (error) => this.#failed(what, error) })
    }
  }

  /** Told once until all is well again. */
  #failed(what: string, error: Error): void {
    const { log, signal } = this.#context.run
    if (what === 'pods') this.#tellKnown()
    if (signal.aborted) return
    this.#context.count('failed_connections')
    if (this.#told.has(what)) return
    this.#told.add(what)
    log.warn(`add_kubernetes_metadata: ${what}: ${error.message}`)
  }
}

type Named = readonly [name: string, resource: Resource]

function readResource(object: Document): Named | undefined {
  const { name, uid, labels, annotations } = part(object, 'metadata')
  if (typeof name !== 'string') return undefined
  const { addresses } = part(object, 'status')
  const host: unknown = Array.isArray(addresses)
    ? addresses.find((one) => isObject(one) && one.type === 'Hostname')
    : undefined
  return [
    name,
    {
      uid: typeof uid === 'string' ? uid : undefined,
      labels: texts(labels),
      annotations: texts(annotations),
      hostname: isObject(host) && typeof host.address === 'string' ? host.address : undefined,
    },
  ]
}
