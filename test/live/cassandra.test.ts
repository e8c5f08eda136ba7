import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Done } from './clients/cassandra.js'
import { Capture, type Event, type Result } from './support/capture.js'
import { cassandra, node, python } from './support/cassandra.js'
import { wentWell } from './support/losses.js'
import { engines } from './support/matrix.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'

const protocols = [{ type: 'cassandra' }]
const statements = new Set(['QUERY', 'EXECUTE', 'BATCH'])

/** What the events say was done, but for what drivers do by themselves: ask the system's tables, and USE "in quotes". */
function seen(events: readonly Event[]): Done[] {
  return events
    .filter(
      ({ cassandra: { request }, path = '', query }) =>
        statements.has(request?.headers.op) && !path.startsWith('system') && !query.startsWith('USE "'),
    )
    .map(({ query, params, cassandra: { request, response } }) => ({
      operation: request.headers.op,
      query,
      ...(params === undefined ? {} : { params }),
      ...(response.result?.rows === undefined ? {} : { rows: response.result.rows.num_rows }),
      ...(response.error === undefined ? {} : { error: response.error.code }),
    }))
}

/** In an order of its own: answers of what is done at once come in any. */
const sorted = (done: readonly Done[]) =>
  done
    .map(({ operation, query, params, rows, error }) =>
      JSON.stringify({ operation, query, params, rows, error }),
    )
    .sort()

const count = (events: readonly Event[], operation: string) =>
  events.filter(({ cassandra: { request } }) => request?.headers.op === operation).length

// A server takes long to start and much memory: one of them, on one link, and both engines capture at once.
describe('Cassandra on veth', { skip: lacking('java', 'mvn', 'python3') }, () => {
  let network: Network
  before(async () => {
    network = new Network('veth')
    await cassandra(network)
  })
  after(() => network?.remove())

  /** What the programs wrote while `client` was at work, and what it did. */
  async function during(client: () => Promise<Done[]>): Promise<{ done: Done[]; results: Result[] }> {
    const captures = await Promise.all(engines.map((engine) => Capture.ready(network, { engine, protocols })))
    try {
      const done = await client()
      return { done, results: await Promise.all(captures.map((capture) => capture.stop())) }
    } finally {
      // Those that have ended do not mind.
      for (const capture of captures) capture.kill()
    }
  }

  test('what the driver for Node did: statements, values, batches, pages, errors and what the server pushed', async () => {
    const { done, results } = await during(() => node(network, 'session'))
    ok(done.length > 60)
    for (const result of results) {
      const { events } = result
      deepEqual(sorted(seen(events)), sorted(done))
      const prepared = new Set(
        done.filter(({ operation }) => operation !== 'QUERY').flatMap(({ query }) => query.split('; ')),
      )
      // The literal statement of a batch is not prepared.
      equal(count(events, 'PREPARE'), [...prepared].filter((query) => query.includes('?')).length)
      const created = events
        .map(({ cassandra: { response } }) => response.event?.schema_change)
        .filter((change) => change?.change === 'CREATED')
        .map(({ target, keyspace, object, name }) => [target, keyspace, object ?? name])
      deepEqual(created, [
        ['KEYSPACE', 'live', undefined],
        ['TABLE', 'live', 'people'],
        ['TABLE', 'live', 'visits'],
        ['TYPE', 'live', 'place'],
        ['FUNCTION', 'live', 'fails'],
      ])
      const unavailable = events.find(({ cassandra: { response } }) => response.error?.code === 0x1000)
      deepEqual(unavailable.cassandra.response.error.details, {
        read_consistency: 'TWO',
        required: 2,
        alive: 1,
      })
      const warned = events.filter(({ cassandra: { response } }) => response.warnings?.length > 0)
      ok(warned.some(({ method }) => method === 'BATCH'))
      const users = new Set(events.filter(({ method }) => method === 'BATCH').map(({ user }) => user.name))
      deepEqual([...users], ['cassandra'])
      wentWell(result)
    }
  })

  test('bound values of all types read as cqlsh shows them', async () => {
    const { done, results } = await during(() => node(network, 'types'))
    for (const result of results) {
      deepEqual(sorted(seen(result.events)), sorted(done))
      wentWell(result)
    }
  })

  test('four thousand requests, dozens under way at once, each get their own answer', async () => {
    const { done, results } = await during(() => node(network, 'load'))
    equal(done.length, 4003)
    for (const result of results) {
      deepEqual(sorted(seen(result.events)), sorted(done))
      wentWell(result)
    }
  })

  test('a login that is refused is an event with the user, and without the password', async () => {
    const { results } = await during(() => node(network, 'denied'))
    for (const result of results) {
      const failed = result.events.filter(({ cassandra: { response } }) => response.error?.code === 0x100)
      deepEqual(
        failed.map(({ method, status, user }) => [method, status, user.name]),
        [['AUTH_RESPONSE', 'Error', 'nobody']],
      )
      ok(!JSON.stringify(result.events).includes('a secret'))
      wentWell(result)
    }
  })

  for (const [version, compression] of [
    ['3', 'none'],
    ['4', 'lz4'],
    ['4', 'snappy'],
    ['5', 'none'],
    ['5', 'lz4'],
  ] as const)
    test(`what the driver for Python did in version ${version}, compression ${compression}`, async () => {
      const { done, results } = await during(() => python(network, version, compression, 'much'))
      for (const result of results) {
        const { events } = result
        deepEqual(sorted(seen(events)), sorted(done))
        const asked = events.filter(({ cassandra: { request } }) => statements.has(request?.headers.op))
        for (const { cassandra } of asked) equal(cassandra.request.headers.version, version)
        const compressed = asked.filter(({ cassandra }) => cassandra.request.headers.flags === 'Compress')
        equal(compressed.length > 0, version === '4')
        equal(events.filter(({ cassandra: { response } }) => response.tracing_id !== undefined).length, 1)
        wentWell(result)
      }
    })
})
