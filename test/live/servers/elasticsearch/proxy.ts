// Stands before a real server and does what it would not do when it is asked to. Arguments: its port, the server's port,
// and faults by number of the bulk request, as JSON: `{"0": "lose"}`. Tells each fault in a line of JSON, with the events
// that the server has and the client does not know of.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'

const [port, to, plan] = process.argv.slice(2).map((word) => JSON.parse(word)) as [
  number,
  number,
  Record<string, Fault>,
]

type Fault =
  /** The connection is reset when half of the request is with the server. */
  | 'half'
  /** The server takes the request, and its answer is lost. */
  | 'lose'
  /** The answer comes later than anybody waits. */
  | 'slow'
  /** Every third event is put off with 429; the server gets the others. */
  | 'items'
  /** The same, of the server's own accord. */
  | 'late'
  /** Nothing listens for a while. */
  | 'down'
  /** A page with that status. */
  | number

const DOWN = 1500
const SLOW = 4000
let requests = 0

const server = createServer((client, response) => {
  const pieces: Buffer[] = []
  client.on('error', () => undefined)
  client.on('data', (piece: Buffer) => pieces.push(piece))
  client.on('end', () =>
    pass(client, Buffer.concat(pieces), response).catch((error: unknown) => {
      console.error(error)
      client.socket.destroy()
    }),
  )
})

async function pass(client: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
  const fault = client.method === 'POST' ? plan[requests++] : undefined
  if (fault === undefined) {
    const answered = await ask(client, body)
    // On a busy machine even the real server may be too late.
    if (client.socket.destroyed && client.method === 'POST') tell('late', events(client, body), answered)
    else answer(response, answered)
    return
  }
  if (typeof fault === 'number') {
    tell(fault)
    return answer(response, { status: fault, body: Buffer.from('<html>try again') })
  }
  switch (fault) {
    case 'half': {
      const half = request(options(client, body.length))
      half.on('error', () => undefined)
      half.write(body.subarray(0, body.length >> 1), () => half.destroy())
      tell(fault)
      client.socket.resetAndDestroy()
      return
    }
    case 'lose':
      tell(fault, events(client, body), await ask(client, body))
      client.socket.resetAndDestroy()
      return
    case 'slow': {
      const late = await ask(client, body)
      tell(fault, events(client, body), late)
      await sleep(SLOW)
      return answer(response, late)
    }
    case 'items':
      return putOff(client, body, response)
    case 'down':
      tell(fault)
      server.close()
      server.closeAllConnections()
      setTimeout(listen, DOWN)
  }
}

/** Lets the server have what is not put off, and makes one answer of both. */
async function putOff(client: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
  const lines = text(client, body).split('\n').slice(0, -1)
  const kept = lines.filter((_, at) => (at >> 1) % 3 !== 0)
  client.headers['content-encoding'] = undefined
  const { status, body: answered } = await ask(client, Buffer.from(`${kept.join('\n')}\n`))
  const { items } = JSON.parse(answered.toString()) as { items: object[] }
  const busy = { create: { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'busy' } } }
  const all = Array.from({ length: lines.length / 2 }, (_, item) => (item % 3 === 0 ? busy : items.shift()))
  tell('items')
  answer(response, { status, body: Buffer.from(JSON.stringify({ errors: true, items: all })) })
}

interface Answered {
  status: number
  body: Buffer
}

const options = ({ method, url, headers }: IncomingMessage, length: number) => ({
  host: '127.0.0.1',
  port: to,
  method,
  path: url,
  headers: {
    ...Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined)),
    'content-length': length,
    connection: 'close',
  },
})

function ask(client: IncomingMessage, body: Buffer): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const own = request(options(client, body.length), (answered) => {
      const pieces: Buffer[] = []
      answered.on('data', (piece: Buffer) => pieces.push(piece))
      answered.on('end', () => resolve({ status: answered.statusCode ?? 0, body: Buffer.concat(pieces) }))
    })
    own.on('error', reject)
    own.end(body)
  })
}

function answer(response: ServerResponse, { status, body }: Answered): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(body)
}

function text(client: IncomingMessage, body: Buffer): string {
  return (client.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()
}

const events = (client: IncomingMessage, body: Buffer): unknown[] =>
  text(client, body)
    .split('\n')
    .filter((_, at) => at % 2 === 1)
    .map((line) => JSON.parse(line))

function tell(fault: Fault, unknown: unknown[] = [], answered?: Answered): void {
  console.log(JSON.stringify({ fault, unknown, status: answered?.status }))
}

const listen = () => server.listen(port, '127.0.0.1')
listen()
