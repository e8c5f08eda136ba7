import { isObject } from '../../events/document.js'
import type { Document } from '../../events/writer.js'

/** What we keep of a container of a pod. */
export interface PodContainer {
  name: string
  image: string | undefined
  /** Without `containerd://` before it; undefined: it has not been started. */
  id: string | undefined
  runtime: string | undefined
  ports: readonly number[]
}

/** What we keep of a pod. */
export interface Pod {
  uid: string
  name: string
  namespace: string
  node: string | undefined
  ips: readonly string[]
  /** Its addresses are those of its node. */
  hostNetwork: boolean
  /** Its containers have ended for good: its addresses may be those of others. */
  over: boolean
  labels: Readonly<Record<string, string>>
  annotations: Readonly<Record<string, string>>
  /** Kind and name of what made it. */
  owner: { kind: string; name: string } | undefined
  containers: readonly PodContainer[]
}

/** Reads an object of the API, which may lack anything; undefined: without uid and name it is no pod. */
export function readPod(object: Document): Pod | undefined {
  const metadata = part(object, 'metadata')
  const spec = part(object, 'spec')
  const status = part(object, 'status')
  const { uid, name, namespace } = metadata
  if (typeof uid !== 'string' || typeof name !== 'string' || typeof namespace !== 'string') return undefined
  const ips = objects(status.podIPs).flatMap(({ ip }) => (typeof ip === 'string' ? ip : []))
  const first = typeof status.podIP === 'string' && status.podIP !== '' ? [status.podIP] : []
  const owner = objects(metadata.ownerReferences).find(({ controller }) => controller === true)
  return {
    uid,
    name,
    namespace,
    node: text(spec.nodeName),
    ips: [...new Set([...first, ...ips])],
    hostNetwork: spec.hostNetwork === true,
    over: status.phase === 'Succeeded' || status.phase === 'Failed',
    labels: texts(metadata.labels),
    annotations: texts(metadata.annotations),
    owner: owner && { kind: String(owner.kind), name: String(owner.name) },
    containers: containers(spec, status),
  }
}

function containers(spec: Document, status: Document): PodContainer[] {
  const lists = ['', 'init', 'ephemeral'].map((kind) => {
    const key = (name: string) => (kind === '' ? name : kind + name[0]?.toUpperCase() + name.slice(1))
    return { wanted: objects(spec[key('containers')]), running: objects(status[key('containerStatuses')]) }
  })
  return lists.flatMap(({ wanted, running }) =>
    wanted.flatMap((container) => {
      if (typeof container.name !== 'string') return []
      const state = running.find(({ name }) => name === container.name)
      const [, runtime, id] = /^([\w.-]+):\/\/(.+)$/.exec(String(state?.containerID ?? '')) ?? []
      const ports = objects(container.ports).flatMap(({ containerPort }) =>
        typeof containerPort === 'number' ? containerPort : [],
      )
      return { name: container.name, image: text(container.image), id, runtime, ports }
    }),
  )
}

export const part = (object: Document, key: string): Document => (isObject(object[key]) ? object[key] : {})

const objects = (value: unknown): Document[] => (Array.isArray(value) ? value.filter(isObject) : [])

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

export const texts = (value: unknown): Record<string, string> =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {}
