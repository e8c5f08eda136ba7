import type { ConnectionOptions } from 'node:tls'
import { isObject } from '../../events/document.js'
import { HttpClient } from '../../http/client.js'
import { linesOf } from '../../http/lines.js'
import { parseHost } from '../../outputs/hosts.js'

/** What is known of a container. */
export interface Container {
  id: string
  name: string
  image: string
  labels: Readonly<Record<string, string>>
}

/** What happened to one. */
export interface Happening {
  action: string
  container: Container
}

// Milliseconds for an answer, and bytes of one: a thousand containers with many labels each.
const TIMEOUT = 5000
const LONGEST = 32 * 2 ** 20
const LONGEST_LINE = 2 ** 20

/** The API of Docker, which Podman has as well. */
export class Docker {
  readonly #client: HttpClient

  /** `host`: `unix:///var/run/docker.sock`, `tcp://host:port`, `https://host:port`. */
  constructor(host: string, tls: ConnectionOptions | undefined) {
    const socketPath = /^unix:\/\/(\/.*)$/.exec(host)?.[1]
    const scheme = tls === undefined ? 'http' : 'https'
    const url = socketPath === undefined ? host.replace(/^tcp:/, `${scheme}:`) : 'http://docker'
    this.#client = new HttpClient({
      host: parseHost(url, { scheme, port: tls === undefined ? 2375 : 2376, setting: 'host' }),
      timeout: TIMEOUT,
      longest: LONGEST,
      proxy: false,
      ...(tls !== undefined && { tls }),
      ...(socketPath !== undefined && { socketPath }),
    })
  }

  /** Containers that are running. */
  async running(signal: AbortSignal): Promise<Container[]> {
    const { status, body } = await this.#client.request({ method: 'GET', path: '/containers/json', signal })
    if (status !== 200) throw new Error(`status ${status}`)
    const list: unknown = JSON.parse(body)
    if (!Array.isArray(list)) throw new SyntaxError('the list of containers is none')
    return list.flatMap((each) => {
      if (!isObject(each) || typeof each.Id !== 'string') return []
      const [name] = Array.isArray(each.Names) ? each.Names : []
      return {
        id: each.Id,
        name: typeof name === 'string' ? name.replace(/^\//, '') : '',
        image: typeof each.Image === 'string' ? each.Image : '',
        labels: texts(each.Labels),
      }
    })
  }

  /** What happens to containers since then, seconds since 1970; ends when the connection does. */
  async *events(since: number, signal: AbortSignal): AsyncGenerator<Happening> {
    const filters = { type: ['container'], event: ['start', 'die', 'rename', 'update', 'destroy'] }
    const parameters = { since: String(since), filters: JSON.stringify(filters) }
    // Podman begins this answer when it has something to tell.
    const { status, body } = await this.#client.open({ method: 'GET', path: '/events', parameters, signal })
    if (status !== 200) throw new Error(`status ${status}`)
    yield* happenings(body)
  }

  close(): Promise<void> {
    return this.#client.destroy()
  }
}

async function* happenings(body: AsyncIterable<Buffer>): AsyncGenerator<Happening> {
  for await (const line of linesOf(body, LONGEST_LINE)) {
    const said: unknown = JSON.parse(line)
    if (!isObject(said) || !isObject(said.Actor) || typeof said.Actor.ID !== 'string') continue
    const { name = '', image = '', exitCode: _, ...labels } = texts(said.Actor.Attributes)
    yield { action: String(said.Action), container: { id: said.Actor.ID, name, image, labels } }
  }
}

const texts = (value: unknown): Record<string, string> =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    : {}
