import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Document } from '../../../lib/events/writer.js'
import { type Processing, processing } from '../support.js'
import { a, asks, type FakeServer, nameServer, ptr, reply } from './server.js'

const names: Readonly<Record<string, string>> = {
  '1.2.0.192.in-addr.arpa': 'one.example',
  '2.2.0.192.in-addr.arpa': 'two.example',
}
const known = (message: Buffer, name: string): Buffer =>
  names[name] === undefined
    ? reply(message, { code: 3 })
    : reply(message, { records: [ptr(name, names[name])] })

const fields = { 'source.ip': 'source.domain' }

function asking(t: TestContext, servers: readonly FakeServer[], more: object = {}): Processing {
  const nameservers = servers.map(({ address }) => address)
  const made = processing([
    { dns: { type: 'PTR', fields, nameservers, tag_on_failure: ['no_name'], ...more } },
  ])
  t.after(made.end)
  return made
}

const from = (ip: string): Document => ({ source: { ip } })
const counted = ({ run }: Processing, what: string) => run.counters[`processors.dns.${what}`]

describe('dns', () => {
  it('puts the names of addresses, in several fields at once', async (t) => {
    const server = await nameServer(t, known)
    const more = { fields: { source: { ip: 'source.domain' }, 'destination.ip': 'destination.domain' } }
    const { of, failures } = asking(t, [server], more)
    const event = { source: { ip: '192.0.2.1' }, destination: { ip: '192.0.2.2' } }
    assert.deepEqual(await of(event), {
      source: { ip: '192.0.2.1', domain: 'one.example' },
      destination: { ip: '192.0.2.2', domain: 'two.example' },
    })
    assert.deepEqual(await of({ type: 'flow' }), { type: 'flow' })
    assert.deepEqual(failures, [])
  })

  it('asks for a name once, and answers at once from then on', async (t) => {
    const server = await nameServer(t, known)
    const made = asking(t, [server])
    await Promise.all(Array.from({ length: 50 }, () => made.of(from('192.0.2.1'))))
    assert.ok(!(made.now(from('192.0.2.1')) instanceof Promise))
    assert.deepEqual(server.asked, ['1.2.0.192.in-addr.arpa'])
    assert.deepEqual([counted(made, 'queries'), counted(made, 'cache_hits')], [1, 1])
  })

  it('tags events without an answer, once, and remembers that there is none', async (t) => {
    const server = await nameServer(t, known)
    const made = asking(t, [server])
    const event = { ...from('192.0.2.9'), tags: ['a'] }
    assert.deepEqual(await made.of(event), { ...event, tags: ['a', 'no_name'] })
    assert.deepEqual(await made.of(event), { ...event, tags: ['a', 'no_name'] })
    assert.deepEqual(made.failures, Array(2).fill('dns: source.ip: NXDOMAIN'))
    assert.deepEqual([server.asked.length, counted(made, 'lookup_failures')], [1, 1])
  })

  it('asks again when an answer is too old', async (t) => {
    const short = (message: Buffer, name: string) => reply(message, { records: [ptr(name, 'x.example', 0)] })
    const server = await nameServer(t, short)
    const { of } = asking(t, [server], { success_cache: { min_ttl: '30ms' } })
    await of(from('192.0.2.1'))
    await of(from('192.0.2.1'))
    await sleep(40)
    await of(from('192.0.2.1'))
    assert.equal(server.asked.length, 2)
  })

  it('remembers only so many', async (t) => {
    const server = await nameServer(t, (message, name) =>
      reply(message, { records: [ptr(name, 'x.example')] }),
    )
    const { of } = asking(t, [server], { success_cache: { capacity: { max: 2 } } })
    for (const last of [1, 2, 3, 3, 2, 1]) await of(from(`192.0.2.${last}`))
    assert.equal(server.asked.length, 4)
  })

  it('appends or replaces, single names and lists', async (t) => {
    const server = await nameServer(t, (message, name) =>
      name.endsWith('arpa')
        ? reply(message, { records: [ptr(name, 'one.example')] })
        : reply(message, { records: [a(name, '192.0.2.1'), a(name, '192.0.2.2')] }),
    )
    const said = { source: { ip: '192.0.2.1', domain: 'old.example' } }
    const appended = asking(t, [server])
    assert.deepEqual(((await appended.of(said)) as typeof said).source.domain, ['old.example', 'one.example'])
    const replaced = asking(t, [server], { action: 'replace' })
    assert.deepEqual(((await replaced.of(said)) as typeof said).source.domain, 'one.example')
    const addresses = asking(t, [server], { type: 'A', fields: { name: 'ips' } })
    assert.deepEqual(await addresses.of({ name: 'www.example', ips: '192.0.2.9' }), {
      name: 'www.example',
      ips: ['192.0.2.9', '192.0.2.1', '192.0.2.2'],
    })
  })

  it('is not taken in by forged answers', async (t) => {
    const server = await nameServer(t, (message, name) => [
      reply(message, { id: message.readUInt16BE(0) ^ 1, records: [ptr(name, 'evil.example')] }),
      reply(message, {
        question: Buffer.from('\x04evil\0\0\x0c\0\x01', 'latin1'),
        records: [ptr('evil', 'evil')],
      }),
      reply(message, { records: [ptr(name, 'one.example')] }).subarray(0, -4),
      Buffer.from([1]),
      reply(message, { records: [ptr(name, 'one.example')] }),
    ])
    const made = asking(t, [server])
    assert.deepEqual(await made.of(from('192.0.2.1')), { source: { ip: '192.0.2.1', domain: 'one.example' } })
    assert.deepEqual([counted(made, 'unexpected'), counted(made, 'malformed')], [3, 1])
  })

  it('asks from several ports, with ids that do not follow each other', async (t) => {
    const ids = new Set<number>()
    const server = await nameServer(t, (message, name) => {
      ids.add(message.readUInt16BE(0))
      return reply(message, { records: [ptr(name, 'x.example')] })
    })
    const { of } = asking(t, [server])
    await Promise.all(Array.from({ length: 200 }, (_, i) => of(from(`10.0.0.${i}`))))
    assert.ok(new Set(server.from.map(({ port }) => port)).size >= 4)
    assert.ok(ids.size > 190)
  })

  it('asks again when a datagram was lost', async (t) => {
    let lost = 0
    const server = await nameServer(t, (message, name) => (lost++ < 1 ? undefined : known(message, name)))
    const made = asking(t, [server])
    assert.deepEqual(await made.of(from('192.0.2.1')), { source: { ip: '192.0.2.1', domain: 'one.example' } })
    assert.deepEqual([server.asked.length, counted(made, 'timeouts')], [2, 0])
  })

  it('turns to TCP for an answer that is too long', async (t) => {
    const server = await nameServer(t, (message) => reply(message, { truncated: true }))
    const stream = createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', (data) => {
        const message = data.subarray(2)
        const long = Array.from({ length: 100 }, (_, i) => a(asks(message), `10.0.0.${i}`))
        const answer = reply(message, { records: long })
        const length = Buffer.from([answer.length >> 8, answer.length & 255])
        // In pieces, as TCP may.
        socket.write(Buffer.concat([length.subarray(0, 1)]))
        setTimeout(() => socket.write(Buffer.concat([length.subarray(1), answer.subarray(0, 500)])), 5)
        setTimeout(() => socket.write(answer.subarray(500)), 10)
      })
    })
    await new Promise<void>((done) => stream.listen(Number(server.address.split(':')[1]), '127.0.0.1', done))
    t.after(() => stream.close())
    const { of } = asking(t, [server], { type: 'A', fields: { name: 'ips' } })
    const event = (await of({ name: 'long.example' })) as { ips: string[] }
    assert.equal(event.ips.length, 100)
  })

  it('costs the timeout while a name server is dead, however many names there are, and then nothing', async (t) => {
    const server = await nameServer(t, () => undefined)
    const made = asking(t, [server], { timeout: '200ms' })
    const events = Array.from({ length: 1000 }, (_, i) => from(`10.0.${i >> 8}.${i & 255}`))
    const began = performance.now()
    const done = await Promise.all(events.map((event) => made.of(event)))
    const took = performance.now() - began
    assert.ok(took >= 195 && took < 600, `${took} ms`)
    assert.deepEqual(
      done,
      events.map((event) => ({ ...event, tags: ['no_name'] })),
    )
    const again = performance.now()
    for (const event of events) assert.ok(!(made.now(event) instanceof Promise))
    assert.ok(performance.now() - again < 100)
  })

  it('turns to the next server, and stays with the one that answers', async (t) => {
    const dead = await nameServer(t, () => undefined)
    const living = await nameServer(t, known)
    const made = asking(t, [dead, living], { timeout: '100ms' })
    assert.deepEqual(await made.of(from('192.0.2.1')), { source: { ip: '192.0.2.1', domain: 'one.example' } })
    const began = performance.now()
    assert.deepEqual(await made.of(from('192.0.2.2')), { source: { ip: '192.0.2.2', domain: 'two.example' } })
    assert.ok(performance.now() - began < 90)
  })

  it('does not wait where nobody listens', async (t) => {
    const gone = { address: '127.0.0.1:9', asked: [], from: [] }
    const made = asking(t, [gone], { timeout: '5s' })
    const began = performance.now()
    assert.deepEqual((await made.of(from('192.0.2.1')))?.tags, ['no_name'])
    assert.ok(performance.now() - began < 1000)
  })

  it('fails for what is no address, and asks nobody', async (t) => {
    const server = await nameServer(t, known)
    const { of, failures } = asking(t, [server])
    for (const ip of ['', 'x', 5, ['192.0.2.1'], null]) await of({ source: { ip } })
    assert.deepEqual([server.asked, failures.length], [[], 5])
  })

  it('answers what waits when the run ends', async (t) => {
    const server = await nameServer(t, () => undefined)
    const { of, end } = asking(t, [server], { timeout: '10s' })
    const waiting = of(from('192.0.2.1'))
    await sleep(20)
    end()
    assert.deepEqual((await waiting)?.tags, ['no_name'])
  })

  it('refuses what cannot be asked', () => {
    const refused: [object, RegExp][] = [
      [{ type: 'MX', fields }, /A|AAAA/],
      [{ type: 'A', fields: {} }, /needs the name of a field/],
      [{ type: 'A', fields: { a: 1 } }, /must be names of fields/],
      [{ type: 'A', fields, nameservers: ['ns.example'] }, /must be addresses of name servers/],
      [{ type: 'A', fields, transport: 'tls' }, /needs nameservers/],
    ]
    for (const [options, message] of refused) assert.throws(() => processing([{ dns: options }]), message)
  })
})
