import { deepEqual, equal, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Done } from './clients/amqp.js'
import { amqplib, rabbitmq } from './support/amqp.js'
import { Capture, type Event, type Result } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { engines } from './support/matrix.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'

const protocols = [
  { type: 'amqp', hide_connection_information: false, send_request: true, send_response: true },
]

/** What sets a connection or a channel up, and what ends it: a driver does that by itself. */
const isOwn = ({ method, status }: Event) =>
  /^connection\.(?:start|tune|open|close)$|^channel\.(?:open|close)$/.test(method) && status === 'OK'

/** What an event says was done, as the client notes it. */
function seen({ method, status, amqp = {}, source, destination }: Event): Done {
  const { exchange, queue, headers } = amqp
  const isMessage =
    /^basic\.(?:publish|deliver|return|get)$/.test(method) && amqp['routing-key'] !== undefined
  return {
    method,
    exchange: method === 'basic.get' && isMessage ? '' : exchange,
    key: amqp['routing-key'],
    queue,
    bytes: isMessage ? ((method === 'basic.publish' ? source.bytes : destination.bytes) ?? 0) : undefined,
    messages: amqp['message-count'],
    headers,
    code: amqp['reply-code'],
    status: status === 'OK' ? undefined : status,
  } as Done
}

/** In an order of its own: what channels and connections do at once comes in any. */
const sorted = (done: readonly Done[]) =>
  done
    .map(({ method, exchange, key, queue, bytes, messages, headers, code, status }) =>
      JSON.stringify({ method, exchange, key, queue, bytes, messages, headers, code, status }),
    )
    .sort()

// A server takes long to start: one of them, on one link, and both engines capture at once.
describe('RabbitMQ on veth', { skip: lacking('rabbitmq-server') }, () => {
  let network: Network
  before(async () => {
    network = new Network('veth')
    await rabbitmq(network)
  })
  after(() => network?.remove())

  /** What the programs wrote while the client was at work, and what it did. */
  async function during(scenarios: readonly string[]): Promise<{ done: Done[]; results: Result[] }> {
    const captures = await Promise.all(engines.map((engine) => Capture.ready(network, { engine, protocols })))
    try {
      const done = await amqplib<Done>(network, ...scenarios)
      return { done, results: await Promise.all(captures.map((capture) => capture.stop())) }
    } finally {
      // Those that have ended do not mind.
      for (const capture of captures) capture.kill()
    }
  }

  for (const [what, scenarios, least, unmatched] of [
    [
      'queues and bindings of all kinds, messages got, delivered, refused, returned',
      ['topology', 'messages'],
      48,
      0,
    ],
    ['requests over queues, and many channels at once with bodies of many frames', ['rpc', 'crowd'], 680, 0],
    ['messages that are confirmed, and some that are not taken', ['confirms'], 505, 0],
    // What its server refuses, amqplib leaves without a word.
    ['calls that a channel is closed for, and logins that fail', ['refused', 'logins'], 14, 3],
    ['transactions, AMQPLAIN, calls that do not wait, another version, heartbeats', ['raw', 'quiet'], 10, 0],
  ] as const)
    test(what, async () => {
      const { done, results } = await during(scenarios)
      ok(done.length >= least, `${done.length}`)
      for (const result of results) {
        const events = result.events.filter((event) => !isOwn(event))
        deepEqual(sorted(events.map(seen)), sorted(done))
        const logins = events.filter(({ method, status }) => method === 'LOGIN' && status === 'OK')
        for (const { user, amqp } of logins) deepEqual([user.name, amqp['virtual-host']], ['guest', '/'])
        const opened = result.events.filter(({ method }) => method === 'connection.open')
        equal(opened.length, logins.length)
        ok(!JSON.stringify(events).includes('a-secret'))
        wentWell(result, unmatched > 0 ? { 'amqp.unmatched_requests': unmatched } : {})
      }
    })
})
