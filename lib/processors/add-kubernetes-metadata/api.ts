import { isObject } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import { HttpClient } from '../../http/client.js'
import { linesOf } from '../../http/lines.js'
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
export interface Followed {
  /** All there are. */
  listed(objects: readonly Document[]): void
  changed(object: Document): void
  deleted(object: Document): void
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

  /** All objects below `path`, page by page, and the version to watch from. */
  async list(
    path: string,
    parameters: Record<string, string>,
    signal: AbortSignal,
    most: number,
  ): Promise<{ objects: Document[]; version: string }> {
    const objects: Document[] = []
    let next = ''
    for (;;) {
      const more: Record<string, string> = next === '' ? {} : { continue: next }
      const page = await this.get(path, signal, { ...parameters, limit: PAGE, ...more })
      const { items, metadata } = page
      if (Array.isArray(items)) objects.push(...items.filter(isObject))
      const about = isObject(metadata) ? metadata : {}
      next = typeof about.continue === 'string' ? about.continue : ''
      if (next === '' || objects.length >= most)
        return { objects: objects.slice(0, most), version: String(about.resourceVersion ?? '') }
    }
  }

  /** Tells changes since `version` until the server ends the watch; answers the version to go on from, if there is one. */
  async watch(
    path: string,
    parameters: Record<string, string>,
    version: string,
    { changed, deleted }: Followed,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    // A server that has gone without a word would be waited for without end.
    const limit = AbortSignal.any([signal, AbortSignal.timeout((WATCH + 30) * 1000)])
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
      signal: limit,
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
      if (type === 'ADDED' || type === 'MODIFIED') changed(object)
      else if (type === 'DELETED') deleted(object)
    }
    return last
  }

  close(): Promise<void> {
    return this.#client.destroy()
  }
}
