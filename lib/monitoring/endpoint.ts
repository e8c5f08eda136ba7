import { rmSync, statSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UserError } from '../errors.js'
import { CONTENT_TYPE, prometheusText } from './prometheus.js'
import type { Source } from './source.js'
import { info, inputs, state, stats } from './stats.js'

const UNIX = 'unix://'

export interface Endpoint {
  /** Where it listens: `http://127.0.0.1:5066` or the path of a socket. */
  readonly address: string
  close(): Promise<void>
}

export interface EndpointOptions {
  /** A name or address, `http://…` before it or not, or `unix:///path`. */
  host: string
  port: number
  /** What it tells of; until there is one it says that the program is starting. */
  source(): Source | undefined
  /** Names whose counters get a label of their own. */
  protocols: ReadonlySet<string>
}

/**
 * Opens `http.*`: counters over HTTP, for whoever may reach the address.
 * @throws {UserError} 'ERR_ENDPOINT' when it cannot listen there.
 */
export async function openEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { host, port } = options
  const socket = host.startsWith(UNIX) ? host.slice(UNIX.length) : undefined
  const name = host.replace(/^https?:\/\//, '').replace(/^\[|\]$/g, '')
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 10_000, keepAliveTimeout: 5000 })
  server.maxConnections = 64
  server.on('request', ({ method = '', url = '/' }, response) =>
    send(response, answerTo(method, url, options)),
  )
  if (socket !== undefined) removeStale(socket)
  try {
    await listening(server, socket === undefined ? { host: name, port } : { path: socket })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const why = code === 'EADDRINUSE' ? 'it is in use; choose another http.port' : message
    throw new UserError(
      'ERR_ENDPOINT',
      `cannot listen on ${socket ?? `${name}:${port}`} (http.host, http.port): ${why}.`,
      {
        cause,
      },
    )
  }
  server.unref()
  const { address, port: bound } =
    socket === undefined ? (server.address() as AddressInfo) : { address: '', port: 0 }
  return {
    address: socket ?? `http://${address.includes(':') ? `[${address}]` : address}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listening(server: Server, where: { host: string; port: number } | { path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(where, () => {
      server.off('error', reject)
      server.on('error', () => undefined)
      resolve()
    })
  })
}

/** A socket that a program left behind when it was killed is in the way of the next one; other files are not ours. */
function removeStale(path: string): void {
  try {
    if (statSync(path).isSocket()) rmSync(path)
  } catch {
    // Nothing is there.
  }
}

const pages: Readonly<Record<string, (source: Source) => unknown>> = {
  '/': info,
  '/stats': stats,
  '/state': state,
  '/inputs': inputs,
  '/dataset': inputs,
}

interface Answer {
  status: number
  type: string
  body: string
}

function answerTo(method: string, target: string, options: EndpointOptions): Answer {
  const { pathname, searchParams } = new URL(target, 'http://localhost')
  const path = pathname.length > 1 ? pathname.replace(/\/$/, '') : pathname
  const json = (status: number, value: unknown): Answer => ({
    status,
    type: 'application/json; charset=utf-8',
    body: `${JSON.stringify(value, null, searchParams.has('pretty') ? 2 : undefined)}\n`,
  })
  if (method !== 'GET' && method !== 'HEAD') return json(405, { error: 'only GET is answered here' })
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined
  if (page === undefined && path !== '/metrics')
    return json(404, { error: `there are ${[...Object.keys(pages), '/metrics'].join(', ')}` })
  const source = options.source()
  if (source === undefined) return json(503, { error: 'starting' })
  if (page === undefined)
    return { status: 200, type: CONTENT_TYPE, body: prometheusText(source, options.protocols) }
  const type = searchParams.get('type')
  const value = page(source)
  return json(
    200,
    type !== null && Array.isArray(value) ? value.filter(({ input }) => input === type) : value,
  )
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
