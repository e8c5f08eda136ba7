import type { Document } from '../../events/writer.js'
import { HttpClient } from '../../http/client.js'
import { timeLimit } from '../../net/time-limit.js'
import { parseHost } from '../../outputs/hosts.js'
import type { Get } from './answers.js'
import type { Provider } from './providers.js'

// GCP sends all that its users attached to an instance.
const LONGEST = 4 * 2 ** 20

export interface AskOptions {
  /** Milliseconds. */
  timeout: number
  /** `host:port` that stands for all services. */
  host: string | undefined
  signal: AbortSignal
}

/**
 * Asks all at once. The first good answer wins; that of an unsure one only when nobody else is left. undefined: this is
 * none of their machines.
 */
export async function askAll(
  providers: readonly Provider[],
  options: AskOptions,
): Promise<Document | undefined> {
  const enough = new AbortController()
  const signal = AbortSignal.any([enough.signal, options.signal])
  const asked = providers.map((provider) => ({ ...provider, answer: ask(provider, { ...options, signal }) }))
  for (const { answer } of asked) answer.catch(() => {})
  const groups = [
    asked.filter(({ unsure }) => !unsure).map(({ answer }) => answer),
    ...asked.filter(({ unsure }) => unsure).map(({ answer }) => [answer]),
  ]
  try {
    for (const group of groups) {
      const found = await Promise.any(group).catch(() => undefined)
      if (found !== undefined) return found
    }
    return undefined
  } finally {
    enough.abort()
  }
}

/** Rejects when it does not answer well. */
async function ask(provider: Provider, { timeout, host, signal }: AskOptions): Promise<Document> {
  const { protocol } = new URL(provider.base)
  const address = host === undefined ? provider.base : `${protocol}//${host}`
  const client = new HttpClient({
    host: parseHost(address, { scheme: 'http', port: protocol === 'https:' ? 443 : 80, setting: 'host' }),
    // Its certificate names no address that never leaves the machine.
    ...(protocol === 'https:' && { tls: { rejectUnauthorized: false } }),
    timeout,
    longest: LONGEST,
    // Such addresses are those of this machine, never to be asked for behind a proxy.
    proxy: false,
  })
  const limit = timeLimit(timeout, signal)
  const get: Get = async (path, { method = 'GET', headers = {} } = {}) => {
    const { status, body } = await client.request({ method, path, headers, signal: limit.signal })
    if (status !== 200) throw new Error(`status ${status}`)
    return body
  }
  try {
    const found = await provider.ask(get)
    if (found === undefined) throw new Error('no answer of a metadata service')
    return found
  } finally {
    limit.end()
    await client.destroy()
  }
}
