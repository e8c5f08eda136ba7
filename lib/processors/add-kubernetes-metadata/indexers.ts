import type { Pod, PodContainer } from './pod.js'

/** A key that finds a pod, and the container of it that the key means. */
export interface Key {
  key: string
  container: PodContainer | undefined
}

/** The keys that find a pod. */
export type Indexer = (pod: Pod) => Key[]

/** As the configuration calls them. */
export const indexers = {
  /** Ids of containers. */
  container: ({ containers }: Pod): Key[] =>
    containers.flatMap((container) => (container.id === undefined ? [] : { key: container.id, container })),
  /** Addresses, and those with ports of containers. Pods with the addresses of their node are found by ports only. */
  ip_port: ({ ips, hostNetwork, over, containers }: Pod): Key[] => {
    if (over) return []
    return ips.flatMap((ip) => [
      ...(hostNetwork ? [] : [{ key: ip, container: undefined }]),
      ...containers.flatMap((container) =>
        container.ports.map((port) => ({ key: `${ip}:${port}`, container })),
      ),
    ])
  },
  /** `namespace/name`. */
  pod_name: ({ namespace, name }: Pod): Key[] => [{ key: `${namespace}/${name}`, container: undefined }],
  pod_uid: ({ uid }: Pod): Key[] => [{ key: uid, container: undefined }],
} as const satisfies Record<string, Indexer>

export type IndexerName = keyof typeof indexers
