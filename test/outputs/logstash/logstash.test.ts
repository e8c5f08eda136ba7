import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { afterEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { logstash } from '../../../lib/outputs/logstash/index.js'
import { pipelineTo } from '../../pipeline/fake-output.js'
import { outputContext } from '../../support/output-context.js'
import { FakeServer } from '../support/fake-server.js'
import { ack, LumberjackReader } from '../support/lumberjack.js'
import { reporter } from '../support/reporter.js'
import { socksServer } from '../support/socks.js'

const servers: FakeServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

interface Connected {
  socket: Socket
  reader: LumberjackReader
  /** Events of the window. */
  events: number
}

/** A server that calls `answer` with each window that is whole, and with the number of its connection. */
async function serve(answer: (connected: Connected, number: number) => void) {
  const readers: LumberjackReader[] = []
  const server = await FakeServer.start((socket, number) => {
    const reader = new LumberjackReader()
    readers.push(reader)
    let answered = 0
    let before = 0
    socket.on('data', (bytes: Buffer) => {
      reader.read(bytes)
      const { windows, events } = reader.received
      for (; answered < windows.length; answered++) {
        const window = windows[answered] as number
        if (events.length < before + window) return
        before += window
        answer({ socket, reader, events: window }, number)
      }
    })
  })
  servers.push(server)
  return { server, readers, host: server.host }
}

const acknowledge = ({ socket, events }: Connected) => void socket.write(ack(events))

const event = (id: number) => `{"@metadata":{"beat":"packetbeat","type":"_doc"},"id":${id},"text":"a<b>&é"}`
const idOf = (text: string): number => JSON.parse(text).id
const ids = (readers: readonly LumberjackReader[]) =>
  readers.map(({ received }) => received.events.map(({ text }) => idOf(text)))
const upTo = (count: number, first = 0) => Array.from({ length: count - first }, (_, index) => first + index)

/** Sends events as a run does, and closes; returns counters and everything that was warned of. */
async function send(hosts: string[], count: number, options: object = {}, batch = 10) {
  const context = outputContext()
  const parsed = logstash.options.parse({ hosts, bulk_max_size: batch, ...options })
  const output = await logstash.open(parsed, context)
  const { pipeline, warnings } = pipelineTo(output, {
    delivery: { ...logstash.delivery?.(parsed), backoff: { init: 1, max: 4 } },
    queue: { events: 1000, flush: { min_events: batch, timeout: 60e9 } },
  })
  const sink = pipeline.sink('wait')
  for (const id of upTo(count)) sink.text(event(id))
  await pipeline.close()
  return { counters: pipeline.counters(), warnings: [...warnings, ...context.warnings] }
}

describe('the logstash output', () => {
  for (const compression_level of [0, 1, 9])
    it(`sends windows of numbered events with compression_level ${compression_level}`, async () => {
      const { readers, host } = await serve(acknowledge)
      const { counters, warnings } = await send([host], 25, { compression_level, pipelining: 0 })
      const { windows, events, compressed } = (readers[0] as LumberjackReader).received
      assert.deepEqual(windows, [10, 10, 5])
      assert.deepEqual(
        events.map(({ sequence }) => sequence),
        [...upTo(11, 1), ...upTo(11, 1), ...upTo(6, 1)],
      )
      assert.deepEqual(
        events.map(({ text }) => text),
        upTo(25).map(event),
      )
      assert.equal(compressed > 0, compression_level > 0)
      assert.equal(counters['pipeline.events.acked'], 25)
      assert.deepEqual(warnings, [])
    })

  it('says in the events which index they are for, in lower case', async () => {
    const { readers, host } = await serve(acknowledge)
    await send([host], 3, { index: 'My"Shop' })
    const texts = (readers[0] as LumberjackReader).received.events.map(({ text }) => JSON.parse(text))
    assert.deepEqual(
      texts.map(({ id }) => id),
      [0, 1, 2],
    )
    for (const text of texts) assert.deepEqual(text['@metadata'], { beat: 'my"shop', type: '_doc' })
  })

  it('escapes the signs of HTML when it is told to, and nothing else', async () => {
    const { readers, host } = await serve(acknowledge)
    await send([host], 3, { escape_html: true })
    const { events } = (readers[0] as LumberjackReader).received
    assert.deepEqual(
      events.map(({ text }) => text),
      upTo(3).map((id) => event(id).replace('a<b>&é', 'a\\u003cb\\u003e\\u0026é')),
    )
  })

  it('has as many batches under way as pipelining says', async () => {
    const held: Connected[] = []
    const { readers, host } = await serve((connected) => held.push(connected))
    const sent = send([host], 50, { pipelining: 3 })
    while (held.length < 3) await sleep(2)
    await sleep(50)
    assert.deepEqual((readers[0] as LumberjackReader).received.windows, [10, 10, 10])
    const { socket } = held[0] as Connected
    // The answers to all three may come at once; from then on each window is answered as it comes.
    for (const _ of [0, 1, 2]) socket.write(ack(10))
    while (held.length < 5) await sleep(2)
    socket.write(Buffer.concat([ack(10), ack(10)]))
    assert.equal((await sent).counters['pipeline.events.acked'], 50)
    assert.equal(readers.length, 1)
  })

  it('begins with small windows when told to start slowly', async () => {
    const { readers, host } = await serve(acknowledge)
    await send([host], 200, { slow_start: true, pipelining: 0 }, 100)
    assert.deepEqual((readers[0] as LumberjackReader).received.windows, [10, 20, 40, 30, 100])
  })

  it('sends again only what was not acknowledged when the connection is lost', async () => {
    const { readers, host } = await serve((connected, number) => {
      if (number > 0) acknowledge(connected)
      else connected.socket.end(ack(7))
    })
    const { counters, warnings } = await send([host], 10)
    assert.deepEqual(ids(readers), [upTo(10), [7, 8, 9]])
    assert.equal(counters['pipeline.events.acked'], 10)
    assert.equal(counters['pipeline.events.retried'], 3)
    assert.match(warnings.join(), /acknowledged 7 of 10 events: the server closed the connection/)
  })

  it('waits for partial acknowledgements to become whole', async () => {
    const { readers, host } = await serve(({ socket }) => {
      for (const number of [0, 3, 3, 0, 9, 10]) socket.write(ack(number))
    })
    await send([host], 10)
    assert.deepEqual(ids(readers), [upTo(10)])
  })

  it('keeps waiting as long as the server says that it is alive, and no longer', async () => {
    const { readers, host } = await serve((connected, number) => {
      if (number > 0) return acknowledge(connected)
      for (const after of [60, 120, 180]) setTimeout(() => connected.socket.write(ack(0)), after)
    })
    const before = performance.now()
    const { warnings } = await send([host], 10, { timeout: '0.1s' })
    assert.ok(performance.now() - before >= 270, 'the timeout began anew with each sign of life')
    assert.deepEqual(ids(readers), [upTo(10), upTo(10)])
    assert.match(warnings.join(), /no acknowledgement in 0.1 s/)
  })

  const hostile: Record<string, Buffer> = {
    'more than was sent': ack(11),
    'a huge number': ack(0xffffffff),
    'fewer than before': Buffer.concat([ack(5), ack(4)]),
    'more than all': Buffer.concat([ack(10), ack(10)]),
    HTTP: Buffer.from('HTTP/1.1 200 OK\r\n\r\n'),
    'half an answer and the end': ack(10).subarray(0, 3),
  }
  for (const [what, answer] of Object.entries(hostile))
    it(`closes the connection when the answer is ${what}, and loses nothing`, async () => {
      const { readers, host, server } = await serve((connected, number) => {
        if (number > 0) acknowledge(connected)
        else if (what.startsWith('half')) connected.socket.end(answer)
        else connected.socket.write(answer)
      })
      const { counters } = await send([host], 20, { pipelining: 0 })
      assert.equal(counters['pipeline.events.acked'], 20)
      assert.ok((server.sockets[0] as Socket).destroyed || (server.sockets[0] as Socket).readableEnded)
      const taken = what === 'more than all' ? 10 : what === 'fewer than before' ? 5 : 0
      assert.deepEqual(ids(readers), [upTo(10), upTo(20, taken)])
    })

  it('makes no connection before there is something to send, and a new one when the server has closed it', async () => {
    const { readers, host, server } = await serve((connected) => {
      acknowledge(connected)
      connected.socket.end()
    })
    const output = await logstash.open(logstash.options.parse({ hosts: [host] }), outputContext())
    const { pipeline, warnings } = pipelineTo(output)
    await sleep(30)
    assert.equal(server.sockets.length, 0)
    for (const id of [0, 1, 2]) {
      pipeline.sink('wait').text(event(id))
      pipeline.flush()
      while (pipeline.counters()['pipeline.events.acked'] !== id + 1) await sleep(2)
      await sleep(20)
    }
    await pipeline.close()
    assert.deepEqual(ids(readers), [[0], [1], [2]])
    assert.deepEqual(warnings, [])
  })

  for (const pipelining of [0, 2])
    it(`makes a new connection after its ttl, with pipelining ${pipelining}`, async () => {
      const { readers, host } = await serve((connected) => setTimeout(acknowledge, 10, connected))
      const { counters } = await send([host], 100, { ttl: '25ms', pipelining })
      assert.ok(readers.length > 1)
      assert.deepEqual(
        ids(readers)
          .flat()
          .sort((a, b) => a - b),
        upTo(100),
      )
      assert.equal(counters['pipeline.events.retried'], 0)
    })

  it('shares the work among all hosts only when told to', async () => {
    const one = await serve(acknowledge)
    const other = await serve(acknowledge)
    await send([one.host, other.host], 200)
    assert.deepEqual([one, other].map(({ readers }) => ids(readers).flat().length).sort(), [0, 200])
    await send([one.host, other.host], 200, { loadbalance: true })
    const shares = [one, other].map(({ readers }) => ids(readers).flat().length)
    assert.equal((shares[0] as number) + (shares[1] as number), 400)
    assert.ok(shares.every((share) => share > 0))
  })

  it('goes on with the other host when one is down', async () => {
    const down = await serve(acknowledge)
    await down.server.stop()
    servers.splice(servers.indexOf(down.server), 1)
    const up = await serve(acknowledge)
    for (const loadbalance of [false, true]) {
      up.readers.length = 0
      const { counters } = await send([down.host, up.host], 100, { loadbalance })
      assert.equal(counters['pipeline.events.acked'], 100)
      assert.deepEqual(
        ids(up.readers)
          .flat()
          .sort((a, b) => a - b),
        upTo(100),
      )
    }
  })

  it('gives up a batch after max_retries, and says how many events that were', async () => {
    const { host } = await serve(({ socket }) => socket.destroy())
    const { counters, warnings } = await send([host], 10, { max_retries: 2 })
    assert.equal(counters['pipeline.events.abandoned'], 10)
    assert.equal(counters['output.failures'], 3)
    assert.match(warnings.join(), /took nothing of 10 events: the server closed the connection|reset/)
  })

  for (const local of [false, true])
    it(`goes through a SOCKS5 proxy, which is given ${local ? 'addresses' : 'names'}`, async () => {
      const { readers, server } = await serve(acknowledge)
      const asked: { to: string; user: string }[] = []
      const proxy = await socksServer(asked)
      servers.push(proxy)
      const options = { proxy_url: `socks5://${proxy.host}`, proxy_use_local_resolver: local }
      const { warnings } = await send([`localhost:${server.port}`], 10, options)
      assert.deepEqual(warnings, [])
      assert.deepEqual(ids(readers), [upTo(10)])
      assert.equal(asked.length, 1)
      assert.match(asked[0]?.to ?? '', local ? /^127\.0\.0\.1:/ : /^localhost:/)
    })

  it('says so when the proxy or the server behind it cannot be reached', async () => {
    const proxy = await socksServer([])
    const options = { proxy_url: `socks5://${proxy.host}`, max_retries: 0 }
    const { warnings } = await send(['localhost:1'], 1, options)
    assert.match(warnings.join(), /cannot connect to localhost:1 through the proxy 127/)
    await proxy.stop()
    const without = await send(['localhost:1'], 1, options)
    assert.match(without.warnings.join(), /through the proxy .*: nothing listens there/)
  })

  it('is tested step by step, and fails when the server hangs up', async () => {
    const { host } = await serve(acknowledge)
    const good = reporter()
    await logstash.check?.(logstash.options.parse({ hosts: [host] }), outputContext(), good.report)
    assert.ok(good.steps.includes('talk to server OK'))
    const shy = await FakeServer.start((socket) => void socket.end())
    servers.push(shy)
    const bad = reporter()
    await assert.rejects(
      async () =>
        logstash.check?.(logstash.options.parse({ hosts: [shy.host] }), outputContext(), bad.report),
      /the server closed the connection/,
    )
    assert.ok(bad.steps.includes('dial up OK') && bad.steps.includes('talk to server ERROR'))
  })
})
