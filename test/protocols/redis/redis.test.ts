import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { redis } from '../../../lib/protocols/redis/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { splits } from '../../support/splits.js'

/** A command as clients send it. */
const sent = (...words: string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`

/** What a test usually wants to see of an event. */
const seen = ({ events }: Dialogue) =>
  events.map((event) => {
    const { return_value, error } = (event.redis ?? {}) as Record<string, string>
    return [event.query, return_value ?? error ?? null, event.status]
  })

describe('redis', () => {
  it('pairs a command with its reply', () => {
    const dialogue = new Dialogue(redis, { send_request: true, send_response: true })
    dialogue.client(sent('set', 'key3', 'me')).server('+OK\r\n')
    assert.deepEqual(dialogue.events, [
      {
        type: 'redis',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: {
          action: 'redis.set',
          start: '2023-11-14T22:13:20.001Z',
          end: '2023-11-14T22:13:20.002Z',
          duration: 1_000_000,
        },
        method: 'SET',
        resource: 'key3',
        query: 'set key3 me',
        request: 'set key3 me',
        response: 'OK',
        redis: { return_value: 'OK' },
        status: 'OK',
        source: { ip: '10.0.0.1', port: 40000, bytes: 31 },
        destination: { ip: '10.0.0.2', port: 6379, bytes: 5 },
        client: { ip: '10.0.0.1', port: 40000, bytes: 31 },
        server: { ip: '10.0.0.2', port: 6379, bytes: 5 },
        network: { type: 'ipv4', transport: 'tcp', community_id: '1:id', direction: 'unknown', bytes: 36 },
        related: { ip: ['10.0.0.1', '10.0.0.2'] },
      },
    ])
  })

  it('reads pipelined commands and nested replies, however TCP cuts them', () => {
    const commands = Buffer.from(sent('LRANGE', 'l', '0', '-1') + sent('EVAL', 'x') + sent('GET', 'ü'))
    const replies = Buffer.from('*3\r\n$1\r\na\r\n$-1\r\n:5\r\n*2\r\n*2\r\n:1\r\n:2\r\n*0\r\n-ERR no\r\n')
    for (const chunks of splits(commands))
      for (const answers of chunks.length > 2 ? splits(replies) : [[replies]]) {
        const dialogue = new Dialogue(redis).client(...chunks).server(...answers)
        assert.deepEqual(seen(dialogue), [
          ['LRANGE l 0 -1', '[a, nil, 5]', 'OK'],
          ['EVAL x', '[[1, 2], []]', 'OK'],
          ['GET ü', 'ERR no', 'Error'],
        ])
        assert.equal(dialogue.close().memory.held, 0)
      }
  })

  it('reads RESP3', () => {
    const dialogue = new Dialogue(redis)
    const values = ['_', '#t', ',1.5', '(123456789012345678901', '=6\r\ntxt:ab', '!5\r\nERR x', '~1\r\n+a']
    for (const value of values) dialogue.client(sent('GET', 'k')).server(`${value}\r\n`)
    dialogue.client(sent('HGETALL', 'h')).server('|1\r\n+ttl\r\n:1\r\n%1\r\n+f\r\n*1\r\n+v\r\n')
    assert.deepEqual(
      seen(dialogue).map(([, value]) => value),
      ['nil', 'true', '1.5', '123456789012345678901', 'ab', 'ERR x', '[a]', '[f, [v]]'],
    )
  })

  it('reads inline commands and commands no list has', () => {
    const dialogue = new Dialogue(redis).client('\r\nset k "a b"\r\nPING\n').server('+OK\r\n+PONG\r\n')
    dialogue.client(sent('FT.SEARCH', 'idx', '*')).server('*1\r\n:0\r\n')
    assert.deepEqual(seen(dialogue), [
      ['set k a b', 'OK', 'OK'],
      ['PING', 'PONG', 'OK'],
      ['FT.SEARCH idx *', '[0]', 'OK'],
    ])
  })

  it('names two-word commands by both', () => {
    const { events } = new Dialogue(redis).client(sent('config', 'get', 'save')).server('*0\r\n')
    assert.deepEqual([events[0]?.method, events[0]?.resource], ['CONFIG GET', 'save'])
  })

  it('tells subscriptions from what is pushed to subscribers', () => {
    for (const type of ['*', '>']) {
      const dialogue = new Dialogue(redis)
        .client(sent('SUBSCRIBE', 'a', 'b'))
        .server(`${type}3\r\n+subscribe\r\n+a\r\n:1\r\n`, `${type}3\r\n+subscribe\r\n+b\r\n:2\r\n`)
        .server(`${type}3\r\n+message\r\n+a\r\n+hello\r\n`)
        .client(sent('UNSUBSCRIBE'))
        .server(`${type}3\r\n+unsubscribe\r\n+a\r\n:1\r\n${type}3\r\n+unsubscribe\r\n+b\r\n:0\r\n`)
        .client(sent('PING'))
        .server('+PONG\r\n')
      assert.deepEqual(seen(dialogue), [
        ['SUBSCRIBE a b', '[[subscribe, a, 1], [subscribe, b, 2]]', 'OK'],
        ['message a hello', null, 'OK'],
        ['UNSUBSCRIBE', '[[unsubscribe, a, 1], [unsubscribe, b, 0]]', 'OK'],
        ['PING', 'PONG', 'OK'],
      ])
      assert.equal(dialogue.events[1]?.method, 'MESSAGE')
    }
  })

  it('keeps its place while the client wants no answers', () => {
    const dialogue = new Dialogue(redis)
      .client(
        sent('CLIENT', 'REPLY', 'OFF'),
        sent('SET', 'a', '1'),
        sent('CLIENT', 'REPLY', 'ON'),
        sent('PING'),
      )
      .server('+OK\r\n+PONG\r\n')
    assert.deepEqual(
      seen(dialogue).map(([query, value]) => [query, value]),
      [
        ['CLIENT REPLY OFF', null],
        ['SET a 1', null],
        ['CLIENT REPLY ON', 'OK'],
        ['PING', 'PONG'],
      ],
    )
  })

  it('leaves replication alone, and counts it', () => {
    const dialogue = new Dialogue(redis).client(sent('PSYNC', '?', '-1')).server('+FULLRESYNC 8f 0\r\n')
    dialogue.server('$5\r\nREDIS').client(sent('REPLCONF', 'ACK', '0'))
    assert.equal(dialogue.events.length, 1)
    assert.deepEqual(dialogue.counts, { replication_bytes: 9 + 34 })
  })

  it('does not mistake MONITOR for answers', () => {
    const dialogue = new Dialogue(redis)
      .client(sent('MONITOR'))
      .server('+OK\r\n+1700.5 [0 lua] "get" "k"\r\n')
    assert.equal(dialogue.events.length, 1)
    assert.deepEqual(dialogue.counts, { monitor_lines: 1 })
  })

  it('reports a command that is never answered', () => {
    const dialogue = new Dialogue(redis).client(sent('BLPOP', 'q', '0')).close('reset')
    const [event] = dialogue.events
    assert.equal(event?.status, 'Error')
    assert.deepEqual(event?.error, { message: 'Unmatched request' })
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1 })
  })

  it('reports a command at its timeout, and the answer that comes later', () => {
    const dialogue = new Dialogue(redis)
      .client(sent('BLPOP', 'q', '0'))
      .wait(11)
      .server('*1\r\n+x\r\n')
      .close()
    assert.deepEqual(seen(dialogue), [
      ['BLPOP q 0', null, 'Error'],
      ['BLPOP q 0', '[x]', 'OK'],
    ])
    assert.equal(dialogue.counts.late_responses, 1)
  })

  it('bounds what waits, and keeps its place', () => {
    const dialogue = new Dialogue(redis, { queue_max_messages: 2 })
    dialogue.client(sent('GET', 'a'), sent('GET', 'b'), sent('GET', 'c')).server('+1\r\n+2\r\n+3\r\n')
    assert.deepEqual(seen(dialogue), [
      ['GET a', null, 'Error'],
      ['GET b', '2', 'OK'],
      ['GET c', '3', 'OK'],
    ])
  })

  it('begins anew after a hole', () => {
    const dialogue = new Dialogue(redis)
      .client(sent('GET', 'a'))
      .gap(1, 100)
      .client(sent('GET', 'b'))
      .server('+2\r\n')
    assert.deepEqual(seen(dialogue), [
      ['GET a', null, 'Error'],
      ['GET b', '2', 'OK'],
    ])
  })

  for (const hostile of [
    '*9999999\r\n',
    '*1\r\n$-7\r\n',
    '*1\r\n:1\r\n',
    '\x16\x03\x01',
    `*1\r\n$99999999999\r\n`,
    '$5x',
  ])
    it(`refuses ${JSON.stringify(hostile)} from a client`, () => {
      assert.equal(new Dialogue(redis).client(hostile).counts.malformed, 1)
    })

  for (const hostile of [
    '*1\r\n'.repeat(40),
    '*-7\r\n',
    ':1',
    '$12345678901234567\r\n',
    '|99\r\n',
    'HTTP/1.1 200 OK\r\n',
  ])
    it(`survives ${JSON.stringify(hostile.slice(0, 20))} from a server`, () => {
      const dialogue = new Dialogue(redis).client(sent('GET', 'a')).server(hostile).close()
      assert.equal(dialogue.events.length, 1)
      assert.equal(dialogue.memory.held, 0)
    })

  it('takes bounded time for a reply in tiny pieces', () => {
    const reply = Buffer.from(`*20000\r\n${':1\r\n'.repeat(20_000)}`)
    const dialogue = new Dialogue(redis).client(sent('LRANGE', 'l', '0', '-1'))
    const start = performance.now()
    for (let at = 0; at < reply.length; at += 3) dialogue.server(reply.subarray(at, at + 3))
    assert.equal(dialogue.events.length, 1)
    assert.ok(performance.now() - start < 2000)
  })
})
