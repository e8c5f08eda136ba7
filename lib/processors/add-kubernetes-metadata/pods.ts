import type { ProcessorContext } from '../processor.js'
import type { Indexer } from './indexers.js'
import type { Pod, PodContainer } from './pod.js'

// Pods that are remembered: those of a large cluster. A node has a few hundred.
export const MOST = 20_000

/** A pod, and the container of it that was meant. */
export interface Found {
  pod: Pod
  container: PodContainer | undefined
}

interface Entry {
  pod: Pod
  keys: string[]
  /** When it may be forgotten; undefined: it is there. */
  until: number | undefined
}

/** The pods there are, and how they are found. */
export class Pods {
  readonly #indexers: readonly Indexer[]
  readonly #remembered: number
  readonly #context: ProcessorContext
  readonly #byUid = new Map<string, Entry>()
  readonly #byKey = new Map<string, Found>()

  /** `remembered`: milliseconds that a pod is known after its end. */
  constructor(indexers: readonly Indexer[], remembered: number, context: ProcessorContext) {
    this.#indexers = indexers
    this.#remembered = remembered
    this.#context = context
    context.count('overflows', 0)
  }

  get size(): number {
    return this.#byUid.size
  }

  find(keys: readonly string[]): Found | undefined {
    for (const key of keys) {
      const found = this.#byKey.get(key)
      if (found === undefined) continue
      const entry = this.#byUid.get(found.pod.uid)
      if (entry?.until === undefined || entry.until > performance.now()) return found
      this.#forget(found.pod.uid)
    }
    return undefined
  }

  /** Those there are; all others have ended. */
  replace(pods: readonly Pod[]): void {
    const uids = new Set(pods.map(({ uid }) => uid))
    for (const uid of this.#byUid.keys()) if (!uids.has(uid)) this.end(uid)
    for (const pod of pods) this.put(pod)
  }

  put(pod: Pod): void {
    const before = this.#byUid.get(pod.uid)
    if (before === undefined && this.#byUid.size >= MOST) {
      this.#purge()
      if (this.#byUid.size >= MOST) {
        this.#context.count('overflows')
        return
      }
    }
    const found = this.#indexers.flatMap((keys) => keys(pod))
    // An address may already be that of a younger pod.
    for (const key of before?.keys ?? [])
      if (this.#byKey.get(key)?.pod.uid === pod.uid) this.#byKey.delete(key)
    for (const { key, container } of found) this.#byKey.set(key, { pod, container })
    this.#byUid.set(pod.uid, { pod, keys: found.map(({ key }) => key), until: undefined })
  }

  /** It is forgotten in a while, for its last events are still to come. */
  end(uid: string): void {
    const entry = this.#byUid.get(uid)
    if (entry === undefined || entry.until !== undefined) return
    entry.until = performance.now() + this.#remembered
    this.#purge()
  }

  #purge(): void {
    const now = performance.now()
    for (const [uid, { until }] of this.#byUid) if (until !== undefined && until <= now) this.#forget(uid)
  }

  #forget(uid: string): void {
    const entry = this.#byUid.get(uid)
    this.#byUid.delete(uid)
    for (const key of entry?.keys ?? []) if (this.#byKey.get(key)?.pod.uid === uid) this.#byKey.delete(key)
  }
}
