import { deepEqual, equal, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Told } from './clients/mongodb.js'
import { Capture, type Event } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { engines } from './support/matrix.js'
import { compressing, mongodb, PORT } from './support/mongodb.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'

const client = join(import.meta.dirname, 'clients/mongodb.ts')

// Where the relay listens that compresses, and what it speaks to.
const RELAY = PORT + 1

const everything = { send_request: true, send_response: true, max_docs: 0, max_doc_length: 0 }

// One link will do: what differs between links is below any protocol, and the server takes long to start.
describe('MongoDB', { skip: lacking('java', 'javac', 'mvn'), timeout: 300_000 }, () => {
  let network: Network
  before(async () => {
    network = new Network('veth')
    await mongodb(network)
    await compressing(network, RELAY, PORT)
  })
  after(() => network?.remove())

  /** What the driver told of a scenario, and what we made of it. */
  async function during(engine: (typeof engines)[number], scenario: string, port = PORT, ...more: string[]) {
    let told: Told[] = []
    const protocols = [{ type: 'mongodb', ports: [port], ...everything }]
    const result = await Capture.during(network, { engine, protocols }, async () => {
      const command = [process.execPath, '--import', 'tsx', client, network.ip4, scenario, String(port)]
      told = JSON.parse(await network.ask([...command, ...more])) as Told[]
    })
    const isHello = ({ method }: Event) => method === 'ismaster' || method === 'hello'
    const hellos = result.events.filter(isHello)
    const events = result.events.filter((event) => !isHello(event))
    return { told, events, hellos, result }
  }

  for (const engine of engines)
    describe(`by ${engine}`, () => {
      test('each command of a driver gives an event, with all that the driver says of it', async () => {
        const { told, events, hellos, result } = await during(engine, 'day')
        ok(told.length > 35)
        deepEqual(events.map(seen), told.map(expected))
        // Of each connection the first message tells who it is.
        const metadata = hellos.map(({ mongodb: { application, driver } }) => `${application}, ${driver}`)
        ok(metadata.filter((text) => /^live-test, nodejs \d/.test(text)).length >= 2, metadata.join('; '))
        wentWell(result)
      })

      test('thousands of commands on some connections: none is missing, none doubled', async () => {
        const { told, events, result } = await during(engine, 'load')
        ok(told.length >= 6000)
        const sorted = (texts: unknown[]) => texts.map((text) => JSON.stringify(text)).sort()
        deepEqual(sorted(events.map(seen)), sorted(told.map(expected)))
        wentWell(result)
      })

      for (const compressor of ['snappy', 'zlib'])
        test(`a driver that compresses with ${compressor} is seen as well as one that does not`, async () => {
          const { told, events, result } = await during(engine, 'few', RELAY, compressor)
          deepEqual(events.map(seen), told.map(expected))
          for (const { mongodb } of events) equal(mongodb.compressor, compressor)
          wentWell(result)
        })
    })
})

/** What is to be compared of an event. */
function seen({ method, resource, request, response, status, mongodb }: Event) {
  const { error, code, n, numberReturned } = mongodb ?? {}
  const named = `${resource}.${method}`
  ok(request.startsWith(`${named}(`), request)
  return {
    command: method,
    resource,
    sent: JSON.parse(request.slice(named.length + 1, -1)),
    reply: response === undefined ? undefined : JSON.parse(response),
    status,
    error,
    code,
    n,
    numberReturned,
  }
}

/** The same, from what the driver told. */
function expected({ command, database, sent, reply, failure }: Told) {
  const { [command]: first, $db: _, ...rest } = normal(sent) as Record<string, unknown>
  const collection = command === 'getMore' ? rest.collection : first
  const unanswered = (rest.writeConcern as { w?: number } | undefined)?.w === 0
  const answer = unanswered ? undefined : (normal(reply) as Answer | undefined)
  const writeError = answer?.writeErrors?.[0]
  const batch = answer?.cursor?.firstBatch ?? answer?.cursor?.nextBatch
  return {
    command,
    resource: `${database}.${typeof collection === 'string' ? collection : '$cmd'}`,
    sent: rest,
    reply: answer,
    status: failure === undefined && writeError === undefined ? 'OK' : 'Error',
    error: failure ?? writeError?.errmsg,
    code: answer?.code ?? writeError?.code,
    n: answer?.n,
    numberReturned: batch?.length,
  }
}

interface Answer {
  n?: number
  code?: number
  writeErrors?: { errmsg: string; code: number }[]
  cursor?: { firstBatch?: unknown[]; nextBatch?: unknown[] }
}

/** The driver's Extended JSON with UUIDs in the short form. */
function normal(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(normal)
  const { $binary } = value as { $binary?: { base64: string; subType: string } }
  if ($binary?.subType === '04') {
    const hex = Buffer.from($binary.base64, 'base64').toString('hex')
    return { $uuid: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') }
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, normal(inner)]))
}
