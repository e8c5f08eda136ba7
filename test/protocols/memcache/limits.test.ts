import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { memcache } from '../../../lib/protocols/memcache/index.js'
import { Dialogue } from '../../support/dialogue.js'
import { notes, pairs, put, request, response, short, value } from './said.js'

const MiB = 1024 * 1024

describe('memcache, limits and hostile input', () => {
  for (const hostile of [
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\n',
    '*1\r\n$4\r\nPING\r\n',
    'GET / HTTP/1.1\r\n',
    'SET key value\r\n',
    'get\0a\r\n'.padEnd(10, '\n'),
    '\x81'.repeat(30).concat('\n'),
    `get ${'k '.repeat(MiB / 2)}`,
    request(0, { key: 'k' }).fill(0xff, 2, 4),
    request(0).fill(0xff, 8, 12),
  ])
    it(`refuses ${JSON.stringify(String(hostile).slice(0, 20))} from a client`, () => {
      const dialogue = new Dialogue(memcache).client(hostile)
      assert.equal(dialogue.counts.malformed, 1)
      assert.equal(dialogue.close().memory.held, 0)
    })

  for (const hostile of [
    '+OK\r\n',
    'OK\0\r\n',
    'VALUE a 0\r\n',
    'VALUE a 0 -1\r\n',
    'VALUE a 0 99999999999\r\n',
    'VALUE a 0 1\r\nxyz',
    'VA x\r\n',
    'STAT a 1\r\nSTORED'.padEnd(20_000, 'x'),
    response(0, { key: 'k' }).fill(0xff, 2, 4),
    '\x80'.repeat(30).concat('\n'),
  ])
    it(`survives ${JSON.stringify(String(hostile).slice(0, 20))} from a server`, () => {
      const dialogue = new Dialogue(memcache).client('get a\r\n').server(hostile).close()
      assert.ok(short(dialogue).some(([asked]) => asked === 'get a'))
      assert.equal(dialogue.memory.held, 0)
    })

  it('takes any printable line for a command with parseunknown', () => {
    const dialogue = new Dialogue(memcache, { parseunknown: true })
    dialogue.client('GET / HTTP/1.1\r\n').server('ERROR\r\n').client('\0\r\n')
    assert.equal(pairs(dialogue)[0]?.[0].line, 'GET / HTTP/1.1')
    assert.equal(dialogue.counts.malformed, 1)
  })

  it('never holds a value that nobody wants', () => {
    const dialogue = new Dialogue(memcache)
    dialogue.client('get a\r\n', 'add b 0 0 100000000\r\n').server('VALUE a 0 100000000\r\n')
    const before = dialogue.memory.held
    for (let i = 0; i < 90; i++) dialogue.server(Buffer.alloc(MiB)).client(Buffer.alloc(MiB / 2))
    assert.equal(dialogue.memory.held, before)
    assert.deepEqual(dialogue.counts, {})
  })

  it('shows of values what the options say', () => {
    const texts = ['aaaa', 'bbbb', 'cc', '']
    const all = texts.map((text, index) => value(`k${index}`, text)).join('')
    const shown = (options: Record<string, unknown>) => {
      const dialogue = new Dialogue(memcache, options)
      dialogue
        .client(put('set x 0 0', 'stored value'), 'get k0 k1 k2 k3\r\n')
        .server(`STORED\r\n${all}END\r\n`)
      const [[set], [, get]] = pairs(dialogue) as [[{ values?: string[] }], [unknown, { values?: string[] }]]
      assert.equal(dialogue.close().memory.held, 0)
      return [set.values, get.values].map((values) =>
        values?.map((text) => String(Buffer.from(text, 'base64'))),
      )
    }
    assert.deepEqual(shown({}), [undefined, undefined])
    assert.deepEqual(shown({ maxvalues: -1 }), [undefined, texts]) // it may be a login
    assert.deepEqual(shown({ maxvalues: 2 }), [undefined, ['aaaa', 'bbbb']])
    assert.deepEqual(shown({ maxvalues: -1, maxbytespervalue: 3 }), [undefined, ['aaa', 'bbb', 'cc', '']])
    assert.deepEqual(shown({ maxvalues: -1, maxbytespervalue: 0 }), [undefined, undefined])
  })

  it('shows no value that may be a login over the text protocol', () => {
    const options = { maxvalues: -1 }
    const dialogue = new Dialogue(memcache, options)
      .client(put('set x 0 0', 'ann wrong word'))
      .server('CLIENT_ERROR authentication failure\r\n')
      .client(put('set x 0 0', 'ann secret word'))
      .server('STORED\r\n')
      .client(put('set x 0 0', 'two words'))
      .server('STORED\r\n')
    assert.deepEqual(
      dialogue.events.map(({ event, user }) => [(event as { action: string }).action, user]),
      [
        ['memcache.auth', { name: 'ann' }],
        ['memcache.auth', { name: 'ann' }],
        ['memcache.store', undefined],
      ],
    )
    assert.deepEqual(
      pairs(dialogue).map(([{ values }]) => values),
      [undefined, undefined, ['dHdvIHdvcmRz']],
    )
    const first = new Dialogue(memcache, options).client(put('set x 0 0', 'ann secret')).server('STORED\r\n')
    assert.equal(pairs(first)[0]?.[0].values, undefined)
    const refused = new Dialogue(memcache, options)
      .client('get a\r\n')
      .server('CLIENT_ERROR unauthenticated\r\n')
    refused.client(put('set x 0 0', 'ann secret')).server('STORED\r\n')
    assert.equal(pairs(refused)[1]?.[0].type, 'Auth')
    for (const { events, memory } of [dialogue, first, refused]) {
      assert.ok(!JSON.stringify(events).includes(Buffer.from('ann secret').toString('base64').slice(0, 12)))
      assert.equal(memory.held, 0)
    }
  })

  it('shows at most 1 MiB of a value', () => {
    const dialogue = new Dialogue(memcache, { maxvalues: -1 })
    dialogue.client(`set a 0 0 ${2 * MiB}\r\n`, Buffer.alloc(2 * MiB, 'x'), '\r\n').server('STORED\r\n')
    assert.equal(Buffer.from(pairs(dialogue)[0]?.[0].values[0], 'base64').length, MiB)
    assert.equal(dialogue.memory.held, 0)
  })

  it('shows nothing for want of memory, and goes on', () => {
    const dialogue = new Dialogue(memcache, { maxvalues: -1 })
    dialogue.memory.take(64 * MiB - 3000)
    dialogue
      .client(put('set a 0 0', 'x'.repeat(5000)), 'get a\r\n')
      .server('STORED\r\n', `${value('a', 'y'.repeat(5000))}END\r\n`)
    assert.deepEqual(short(dialogue), [
      ['set a', 'STORED', 'OK'],
      ['get a', 'VALUE', 'OK'],
    ])
    assert.equal(dialogue.close().memory.held, 64 * MiB - 3000)
  })

  it('lists at most 1024 keys, values and statistics, and says so', () => {
    const keys = Array.from({ length: 1500 }, (_, i) => `k${i}`)
    const dialogue = new Dialogue(memcache, { maxvalues: -1 })
      .client(`get ${keys.join(' ')}\r\n`)
      .server(`${keys.map((key) => value(key, 'x')).join('')}END\r\n`)
      .client('stats\r\n')
      .server(`${keys.map((key) => `STAT ${key} 1\r\n`).join('')}END\r\n`)
    const [[get, found], [, stats]] = pairs(dialogue) as unknown as [unknown[], unknown[]]
    const { keys: asked } = get as { keys: string[] }
    const {
      keys: known,
      values,
      count_values,
    } = found as { keys: string[]; values: string[]; count_values: number }
    assert.deepEqual([asked.length, known.length, values.length, count_values], [1024, 1024, 1024, 1500])
    assert.equal((stats as { stats: unknown[] }).stats.length, 1024)
    assert.deepEqual(dialogue.counts, { cut_lists: 3 })
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('bounds what waits, and keeps its place', () => {
    const many = 16_384
    const dialogue = new Dialogue(memcache).client('get k\r\n'.repeat(many + 2), 'incr n 1\r\n')
    assert.deepEqual(dialogue.counts, { unmatched_requests: 3, evicted_requests: 3 })
    assert.equal(notes(dialogue)[0], 'Too many requests without a response')
    dialogue.server('END\r\n'.repeat(many + 2), '7\r\n')
    assert.deepEqual(short(dialogue).at(-1), ['incr n', '<counter_op_res>', 'OK'])
    assert.equal(dialogue.events.length, many + 3)
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('gives up what is being answered when too many wait, and keeps its place', () => {
    const dialogue = new Dialogue(memcache)
      .client('get a b\r\n')
      .server(value('a', 'x'))
      .client('incr n 1\r\n'.repeat(16_384))
      .server(`${value('b', 'x')}END\r\n`, '5\r\n')
    assert.deepEqual(short(dialogue), [
      ['get a', 'VALUE', 'Server Error'],
      ['incr n', '<counter_op_res>', 'OK'],
    ])
    assert.equal(dialogue.close().memory.held, 0)
  })

  it('gives requests up when there is no memory for them', () => {
    const dialogue = new Dialogue(memcache)
    dialogue.memory.take(64 * MiB - 100)
    dialogue.client('get a\r\n', 'get b\r\n', 'get c\r\n').server('END\r\nEND\r\nEND\r\n')
    assert.deepEqual(short(dialogue).sort(), [
      ['get a', null, 'Server Error'],
      ['get b', null, 'Server Error'],
      ['get c', 'END', 'OK'],
    ])
    dialogue.memory.take(100)
    dialogue.client('get d\r\n', 'incr n 1\r\n').server('END\r\n', '5\r\n')
    assert.deepEqual(short(dialogue).slice(3), [
      ['get d', null, 'Server Error'],
      ['incr n', null, 'Server Error'],
    ])
    assert.deepEqual(dialogue.counts, { unmatched_requests: 4, evicted_requests: 4, unmatched_responses: 4 })
    dialogue.memory.give(100)
    assert.equal(dialogue.close().memory.held, 64 * MiB - 100)
  })

  it('takes bounded time for answers that nobody asked for', () => {
    const dialogue = new Dialogue(memcache)
    for (let i = 0; i < 16_000; i++) dialogue.client(request(0x09, { key: 'k', opaque: 1 }))
    const strange = Buffer.concat(Array.from({ length: 1000 }, () => response(0x09, { opaque: 2 })))
    const start = performance.now()
    for (let i = 0; i < 4; i++) dialogue.server(strange)
    assert.ok(performance.now() - start < 2000)
    assert.equal(dialogue.counts.unmatched_responses, 4000)
  })

  it('takes bounded time for a line in tiny pieces', () => {
    const line = Buffer.from(`get ${'key '.repeat(100_000)}\r\n`)
    const dialogue = new Dialogue(memcache)
    const start = performance.now()
    for (let at = 0; at < line.length; at += 3) dialogue.client(line.subarray(at, at + 3))
    assert.equal(dialogue.server('END\r\n').events.length, 1)
    assert.ok(performance.now() - start < 2000)
  })
})
