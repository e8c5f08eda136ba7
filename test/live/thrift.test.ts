import { deepEqual, equal, notDeepEqual, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Done } from './clients/thrift.js'
import { Capture, type Event, type Result } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { engines } from './support/matrix.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'
import { generated, idl, thrift, withHeaders } from './support/thrift.js'

const client = join(import.meta.dirname, 'clients/thrift.ts')

const served = [
  '9090:buffered:binary',
  '9091:framed:binary',
  '9092:buffered:compact',
  '9093:framed:compact',
  '9094:framed:multiplexed',
]
const ports = served.map((server) => Number.parseInt(server, 10))
const WITH_HEADERS = 9095

// The machine may have other things to do.
const PATIENT = '120s'

/** What an event says, to be held against what the client did. */
const seen = ({ method, path, thrift: { params, return_value, exceptions } }: Event): Done => ({
  method,
  service: path,
  params,
  ...(return_value === undefined ? {} : { returned: return_value }),
  ...(exceptions === undefined ? {} : { exceptions }),
})

const sorted = (done: readonly Done[]) =>
  done
    .map(({ method, service, params, returned, exceptions }) =>
      JSON.stringify([method, service, params, returned, exceptions]),
    )
    .sort()

// One link will do: what differs between links is below any protocol. Both engines capture at once.
describe('Thrift on veth', { skip: lacking('thrift', 'python3') }, () => {
  let network: Network
  let code: string
  before(async () => {
    network = new Network('veth')
    code = generated()
    await thrift(network, code, ...served)
  })
  after(() => network?.remove())

  /** What the programs wrote while clients were at work, and what those did. */
  async function during(clients: () => Promise<Done[][]>, options: object) {
    const entry = { type: 'thrift', ports: [...ports, WITH_HEADERS], transaction_timeout: PATIENT }
    const protocols = [{ ...entry, ...options }]
    const captures = await Promise.all(engines.map((engine) => Capture.ready(network, { engine, protocols })))
    try {
      const all = await clients()
      const results: Result[] = await Promise.all(captures.map((capture) => capture.stop()))
      return { all, results }
    } finally {
      // Those that have ended do not mind.
      for (const capture of captures) capture.kill()
    }
  }

  /** What a client of each of these servers did. */
  const each = (scenario: string, servers: readonly string[]): Promise<Done[][]> =>
    Promise.all(
      servers.map(async (server) => {
        const words = [network.ip4, ...server.split(':'), code, scenario]
        return JSON.parse(
          await network.ask([process.execPath, '--import', 'tsx', client, ...words]),
        ) as Done[]
      }),
    )

  test('all that can be called, in every way it can be carried and written, with the names of interface files', async () => {
    const { all, results } = await during(() => each('day', served), { idl_files: [idl] })
    for (const result of results) {
      for (const [place, done] of all.entries()) {
        ok(done.length >= 13)
        const events = result.events.filter(({ destination }) => destination.port === ports[place])
        deepEqual(events.map(seen), done, served[place])
        for (const event of events) {
          equal(event.status, event.thrift.exceptions === undefined ? 'OK' : 'Error')
          equal(event.event.end === undefined, event.thrift.return_value === undefined)
          equal(event.query, event.method + event.thrift.params)
        }
      }
      wentWell(result)
    }
  })

  test('hundreds of calls at once on a connection, whose replies come in another order', async () => {
    const { all, results } = await during(
      () => each('crowd', ['9090:buffered:binary', '9093:framed:compact']),
      { idl_files: [idl] },
    )
    for (const result of results) {
      deepEqual(sorted(result.events.map(seen)), sorted(all.flat()))
      // An event is written when its reply comes.
      const first = result.events.filter(({ destination }) => destination.port === 9090)
      notDeepEqual(first.map(seen), all[0])
      wentWell(result)
    }
  })

  test('without interface files: numbers for names, and no texts when they are not to be seen', async () => {
    const clients = () => each('day', ['9090:buffered:binary', '9093:framed:compact'])
    const { all, results } = await during(clients, {
      obfuscate_strings: true,
      send_response: true,
    })
    for (const result of results) {
      equal(result.events.length, all.flat().length)
      const events = result.events.filter(({ destination }) => destination.port === 9093)
      deepEqual(
        events.slice(2, 8).map(({ query, path, response }) => [query, path, response]),
        [
          ['echo(1: "*")', '', '"*"'],
          ['echo(1: "*")', '', '"*"'],
          ['count(1: 100000)', '', '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, ...]'],
          ['add(1: -1, 2: 1099511627776)', '', '1099511627775'],
          ['get(1: (1: 7))', '', '(1: "*", 3: 1, 8: 1.5)'],
          ['get(1: (2: "*"))', '', 'Exceptions: (1: (1: "*", 2: 16))'],
        ],
      )
      ok(!JSON.stringify(result.events).includes('boot'))
      wentWell(result)
    }
  })

  test('headers, with what is in them and compressed', async () => {
    const ask = await withHeaders(network, WITH_HEADERS)
    const clients = async () => [
      await ask('binary', 'plain'),
      await ask('compact', 'plain'),
      await ask('binary', 'zlib'),
      await ask('compact', 'zlib'),
    ]
    const { all, results } = await during(clients, { idl_files: [idl] })
    for (const result of results) {
      deepEqual(result.events.map(seen), all.flat())
      wentWell(result)
    }
  })
})
