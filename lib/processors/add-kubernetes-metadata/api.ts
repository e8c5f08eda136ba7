import { isObject } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import { HttpClient } from '../../http/client.js'
import { linesOf } from '../../http/lines.js'
import { timeLimit } from '../../net/time-limit.js'
import { parseHost } from '../../outputs/hosts.js'
import type { Access } from './access.js'

// Milliseconds for an answer; objects of one page; bytes of one page, and of one object that is watched.
const TIMEOUT = 10_000
const PAGE = '250'
const LONGEST = 64 * 2 ** 20
const LONGEST_LINE = 4 * 2 ** 20
// Seconds that a watch lasts, after which the server ends it and another goes on.
const WATCH = 300

/** What becomes of a kind of objects. */
export interface Followed<T> {
  /** What is kept of an object, which is much less than all of it; undefined: nothing. */
  read(object: Document): T | undefined
  /** All there are. */
  listed(objects: readonly T[]): void
  changed(object: T): void
  deleted(object: T): void
}

/** Why the API server refused. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, path: string) {
    super(`${path}: status ${status}`)
    this.status = status
  }
}

/** The few things that we ask an API server of Kubernetes. */
export class KubernetesApi {
  readonly #client: HttpClient
  readonly #access: Access

  constructor(access: Access) {
    this.#access = access
    this.#client = new HttpClient({
      host: parseHost(access.server, { scheme: 'https', port: 443, setting: 'kube_config' }),
      tls: access.tls,
      timeout: TIMEOUT,
      longest: LONGEST,
    })
  }

  async get(path: string, signal: AbortSignal, parameters: Record<string, string> = {}): Promise<Document> {
    const headers = this.#access.headers()
    const { status, body } = await this.#client.request({ method: 'GET', path, parameters, headers, signal })
    if (status !== 200) throw new Refused(status, path)
    const said: unknown = JSON.parse(body)
    if (!isObject(said)) throw new SyntaxError(`${path}: the answer is no object`)
    return said
  }

  /** What is kept of all objects below `path`, page by page until there are more than `most`, and the version to watch from. */
  async list<T>(
    path: string,
    parameters: Record<string, string>,
    signal: AbortSignal,
    most: number,
    read: (object: Document) => T | undefined,
  ): Promise<{ objects: T[]; version: string }> {
    const objects: T[] = []
    let next = ''
    for (;;) {
      const more: Record<string, string> = next === '' ? {} : { continue: next }
      const page = await this.get(path, signal, { ...parameters, limit: PAGE, ...more })
      const { items, metadata } = page
      for (const item of Array.isArray(items) ? items.filter(isObject) : []) {
        const kept = read(item)
        if (kept !== undefined) objects.push(kept)
      }
      const about = isObject(metadata) ? metadata : {}
      next = typeof about.continue === 'string' ? about.continue : ''
      if (next === '' || objects.length > most)
        return { objects, version: String(about.resourceVersion ?? '') }
    }
  }

  /** Tells changes since `version` until the server ends the watch; answers the version to go on from, if there is one. */
  async watch<T>(
    path: string,
    parameters: Record<string, string>,
    version: string,
    followed: Followed<T>,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    // A server that has gone without a word would be waited for without end.
    const limit = timeLimit((WATCH + 30) * 1000, signal)
    try {
      return await this.#follow(path, parameters, version, followed, limit.signal)
    } finally {
      limit.end()
    }
  }

  async #follow<T>(
    path: string,
    parameters: Record<string, string>,
    version: string,
    { read, changed, deleted }: Followed<T>,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { status, body } = await this.#client.open({
      method: 'GET',
      path,
      parameters: {
        ...parameters,
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion: version,
        timeoutSeconds: String(WATCH),
      },
      headers: this.#access.headers(),
      signal,
    })
    if (status === 410) return undefined
    if (status !== 200) throw new Refused(status, path)
    let last = version
    for await (const line of linesOf(body, LONGEST_LINE)) {
      const said: unknown = JSON.parse(line)
      if (!isObject(said) || !isObject(said.object)) throw new SyntaxError(`${path}: a change that is none`)
      const { type, object } = said
      // The version is too old for the server to remember what came since (410), or the server is unwell.
      if (type === 'ERROR') return undefined
      const metadata = isObject(object.metadata) ? object.metadata : {}
      if (typeof metadata.resourceVersion === 'string') last = metadata.resourceVersion
      const kept = type === 'BOOKMARK' ? undefined : read(object)
      if (kept === undefined) continue
      if (type === 'ADDED' || type === 'MODIFIED') changed(kept)
      else if (type === 'DELETED') deleted(kept)
    }
    return last
  }

  close(): Promise<void> {
    return this.#client.destroy()
  }
}
