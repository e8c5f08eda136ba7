import type { HttpClient, HttpResponse } from '../http/client.js'
import type { SearchServer } from '../outputs/output.js'
import { printable, refusal } from './refusal.js'

/**
 * Which product answers, and its version: `GET /`.
 * @throws {Error} in one sentence, for no answer, a refusal, and for what is neither Elasticsearch nor OpenSearch.
 */
export async function identify(client: HttpClient, signal?: AbortSignal): Promise<SearchServer> {
  const answer = await client.request({ method: 'GET', path: '/', ...(signal !== undefined && { signal }) })
  if (answer.status !== 200) throw new Error(refusal(answer))
  const server = serverOf(answer)
  if (server === undefined)
    throw new Error('what answers there is neither Elasticsearch nor OpenSearch; check host, port and path')
  return server
}

/** OpenSearch says so in `version.distribution`, and where that is made to look like Elasticsearch, in its motto. */
function serverOf({ body }: HttpResponse): SearchServer | undefined {
  const said = parsed(body)
  const version = said?.version
  if (typeof version !== 'object' || version === null) return undefined
  const { number, distribution } = version as { number?: unknown; distribution?: unknown }
  if (typeof number !== 'string' || !/^\d+\.\d+/.test(number)) return undefined
  const open = distribution === 'opensearch' || String(said?.tagline).includes('OpenSearch')
  return { product: open ? 'opensearch' : 'elasticsearch', version: printable(number, 40) }
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Negative: `a` is the older version, such as `7.17.0` of `8.0`. What follows a hyphen does not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.split('-')[0] as string).split('.').map(Number))
  for (let part = 0; part < 3; part++) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** For people: `Elasticsearch 8.19.21`. */
export const serverName = ({ product, version }: SearchServer): string =>
  `${product === 'opensearch' ? 'OpenSearch' : 'Elasticsearch'} ${version}`
