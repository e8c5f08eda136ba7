import { hostname } from 'node:os'
import { parse } from 'yaml'
import { isObject } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import { machineId } from '../../machine/machine.js'
import type { Access } from './access.js'
import type { KubernetesApi } from './api.js'
import { part } from './pod.js'

/**
 * The node that this program runs on: that of its own pod, else the one with this machine's id, else the one with its
 * name. Rejects when there is none.
 */
export async function ownNode(
  api: KubernetesApi,
  { namespace }: Access,
  signal: AbortSignal,
): Promise<string> {
  if (namespace !== undefined) {
    const pod = await api
      .get(`/api/v1/namespaces/${namespace}/pods/${podName()}`, signal)
      .catch((): Document => ({}))
    const { nodeName } = part(pod, 'spec')
    if (typeof nodeName === 'string') return nodeName
  }
  const id = machineId()
  const { objects } = await api.list('/api/v1/nodes', {}, signal, 10_000, (node) => ({
    id: part(part(node, 'status'), 'nodeInfo').machineID,
    name: part(node, 'metadata').name,
  }))
  const name = hostname().toLowerCase()
  const own =
    objects.find((node) => id !== undefined && node.id === id) ?? objects.find((node) => node.name === name)
  const found = own?.name
  if (typeof found !== 'string') throw new Error('this machine is none of its nodes; name it in `node`')
  return found
}

/** In a pod of the host's network the machine's name is that of the node. */
const podName = (): string => process.env.POD_NAME ?? process.env.HOSTNAME ?? hostname()

/** What is known of the cluster itself: by the configuration, or by what kubeadm left in it. */
export async function orchestrator(
  api: KubernetesApi,
  { cluster, server }: Access,
  useKubeadm: boolean,
  signal: AbortSignal,
): Promise<Document | undefined> {
  if (cluster !== undefined) return { cluster: { name: cluster, url: new URL(server).host } }
  if (!useKubeadm) return undefined
  const map = await api
    .get('/api/v1/namespaces/kube-system/configmaps/kubeadm-config', signal)
    .catch((): Document => ({}))
  const said = part(map, 'data').ClusterConfiguration
  const config: unknown = typeof said === 'string' ? parsed(said) : undefined
  if (!isObject(config) || typeof config.clusterName !== 'string') return undefined
  const { clusterName: name, controlPlaneEndpoint: url } = config
  return { cluster: { name, ...(typeof url === 'string' && url !== '' && { url }) } }
}

function parsed(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
