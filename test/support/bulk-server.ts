import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

/** One event of a bulk request. */
export interface Item {
  op: string
  meta: { _index?: string; _id?: string; pipeline?: string }
  event: Record<string, unknown> | undefined
}

export interface Answer {
  status?: number
  headers?: Record<string, string>
  /** An object is sent as JSON. */
  body?: unknown
  /** The connection is cut instead of an answer. */
  cut?: boolean
  /** Milliseconds before the answer. */
  wait?: number
}

export interface BulkServer {
  url: string
  port: number
  /** Bulk requests in their order, answered or not. */
  requests: { items: Item[]; url: string; headers: IncomingMessage['headers'] }[]
  /** How many times it was asked who it is. */
  asked: number
  /** Says how a bulk request is answered; undefined: everything was taken. */
  answer: (items: Item[], request: number) => Answer | undefined
  /** What `GET /` is answered with. */
  root: Answer
  close(): Promise<void>
}

export const elasticsearchRoot = {
  version: { number: '8.19.21' },
  tagline: 'You Know, for Search',
}

/** A stand-in for what a real server does not do when it is asked to: it keeps requests and answers as it is told. */
export async function bulkServer(): Promise<BulkServer> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('error', () => undefined)
    request.on('end', () => respond(request, response, Buffer.concat(pieces)))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const self: BulkServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: [],
    asked: 0,
    answer: () => undefined,
    root: { body: elasticsearchRoot },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }

  function respond(request: IncomingMessage, response: ServerResponse, content: Buffer): void {
    if (request.method === 'GET') {
      self.asked++
      send(response, self.root)
      return
    }
    const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(content) : content
    const items = itemsOf(text.toString())
    self.requests.push({ items, url: request.url ?? '', headers: request.headers })
    send(response, self.answer(items, self.requests.length - 1) ?? taken(items))
  }
  return self
}

function send(response: ServerResponse, { status = 200, headers = {}, body, cut, wait = 0 }: Answer): void {
  if (cut) {
    response.socket?.resetAndDestroy()
    return
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const timer = setTimeout(() => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(text)
  }, wait)
  // A request that waits keeps the process alive as long as its connection is there.
  timer.unref()
}

/** The answer for events that were all taken; `statuses` and `errors` by position for those that were not. */
export function taken(
  items: Item[],
  errors: Record<number, { status: number; error?: unknown }> = {},
): Answer {
  return {
    body: {
      errors: Object.keys(errors).length > 0,
      items: items.map(({ op }, position) => ({ [op]: errors[position] ?? { status: 201 } })),
    },
  }
}

/** What a bulk body says; rejects what is none. */
export function itemsOf(text: string): Item[] {
  if (!text.endsWith('\n')) throw new Error('a bulk body ends with a line end')
  const lines = text.slice(0, -1).split('\n')
  const items: Item[] = []
  for (let at = 0; at < lines.length; at++) {
    const [[op, meta] = assertAction()] = Object.entries(JSON.parse(lines[at] as string)) as [
      string,
      Item['meta'],
    ][]
    items.push({ op, meta, event: op === 'delete' ? undefined : JSON.parse(lines[++at] as string) })
  }
  return items
}

const assertAction = (): never => {
  throw new Error('an action line is empty')
}
