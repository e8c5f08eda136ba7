import { setTimeout as sleep } from 'node:timers/promises'
import type { Followed, KubernetesApi } from './api.js'

export interface FollowOptions<T> extends Followed<T> {
  path: string
  parameters?: Record<string, string>
  /** When there are more objects, the list is not read to its end. */
  most: number
  signal: AbortSignal
  /** Called when all is well, once a list. */
  well(): void
}

// Milliseconds: a watch that ends sooner is not begun anew at once.
const SHORT = 1000

/** Lists and watches until something fails or `signal`: it always throws. */
export async function follow<T>(api: KubernetesApi, options: FollowOptions<T>): Promise<never> {
  const { path, parameters = {}, most, signal, well } = options
  for (;;) {
    const { objects, version } = await api.list(path, parameters, signal, most, options.read)
    options.listed(objects)
    well()
    let from: string | undefined = version
    while (from !== undefined) {
      signal.throwIfAborted()
      const began = performance.now()
      from = await api.watch(path, parameters, from, options, signal)
      if (performance.now() - began < SHORT) await sleep(SHORT, undefined, { signal, ref: false })
    }
  }
}
