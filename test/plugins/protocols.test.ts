import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { notBuilt } from '../support/command.js'
import { protocolModule, ran } from './support.js'

/** What is wrong, the module that does it, what is counted of it and what the log says first. */
const conversations: [string, string, RegExp][] = [
  ['throws in data', `data(s) { undefined.x }`, /data: TypeError: .*'x'.* at \S+own\.mjs:\d+$/],
  ['throws no error', `data() { throw 'up' }`, /data: it threw up/],
  ['is asynchronous', `async data() { throw new Error('late') }`, /data: it answered a promise, not at once/],
  ['throws when asked whether it is idle', `get idle() { throw new Error('busy') }`, /idle: busy/],
  ['throws when asked whether it is enough', `get enough() { throw new Error('more') }`, /enough: more/],
  ['throws at its close', `close() { throw new Error('open') }`, /close: open/],
  ['closes later', `async close() { throw new Error('open') }`, /close: it answered a promise/],
  [
    'counts what it has not declared',
    `data() { context.count('bytes') }`,
    /count: bytes is not among its counters/,
  ],
  ['counts no number', `data() { context.count('seen', '1') }`, /count: a string is no number/],
  ['emits nothing', `data() { context.emit(endpoints) }`, /emit: undefined is no transaction/],
  ['emits for nobody', `data(s) { context.emit({}, transaction(s.time)) }`, /emit: the first argument/],
  [
    'emits an event without a time',
    `data(s) { context.emit(endpoints, transaction()) }`,
    /emit: start must be a packet time, not undefined/,
  ],
  [
    'emits bytes that are no number',
    `data(s) { context.emit(endpoints, { ...transaction(s.time), sourceBytes: '1,"a":2' }) }`,
    /emit: sourceBytes must be a number, not a string/,
  ],
  [
    'emits a status of its own',
    `data(s) { context.emit(endpoints, { ...transaction(s.time), status: 'GOOD"' }) }`,
    /emit: status must be/,
  ],
  [
    'emits notes that are no texts',
    `data(s) { context.emit(endpoints, { ...transaction(s.time), notes: [1] }) }`,
    /emit: notes must be/,
  ],
  [
    'makes a room without anybody to tell',
    `data(s) { context.waitingRoom() }`,
    /waitingRoom: the first argument must be a function/,
  ],
]

describe('a protocol of a plug-in that', { skip: notBuilt }, () => {
  for (const [what, conversation, says] of conversations)
    it(`${what} loses its conversation, and nothing else`, async () => {
      const { counters, warnings, events } = await ran(protocolModule({ conversation }))
      assert.ok((counters['broken.defects'] ?? 0) > 0)
      assert.match(warnings[0] ?? '', /^plug-in \.\/own\.mjs: protocol broken: /)
      assert.match(warnings[0] ?? '', says)
      assert.ok(warnings.length <= 2, `${warnings.length} lines of the log`)
      assert.deepEqual(events, [])
      assert.equal(counters['batches.handed_over'], 1)
    })

  it('throws in a timeout loses the request', async () => {
    const start = `
      const room = context.waitingRoom(() => { throw new Error('too late') }, 1e6)
      return () => ({ data(segment) { room.enter({ start: segment.time }) } })`
    const { counters, warnings } = await ran(protocolModule({ start }))
    assert.ok((counters['broken.defects'] ?? 0) > 10)
    assert.match(warnings[0] ?? '', /protocol broken: timeout: too late at \S+own\.mjs:\d+$/)
    assert.equal(warnings.length, 1)
  })

  it('makes no conversation is told so with every segment, and the log once', async () => {
    const { counters, warnings } = await ran(protocolModule({ start: 'return () => undefined' }))
    assert.ok((counters['broken.defects'] ?? 0) > 10)
    assert.match(warnings[0] ?? '', /conversation: it answered undefined, not a conversation with `data`/)
    assert.equal(warnings.length, 1)
  })

  it('finds other bytes than its own has malformed ones', async () => {
    const { counters, warnings } = await ran(
      protocolModule({ conversation: `data() { throw new Malformed('no line', 0) }` }),
    )
    assert.ok((counters['broken.malformed'] ?? 0) > 10)
    assert.equal(counters['broken.defects'], undefined)
    assert.deepEqual(warnings, [])
  })

  it('has a parser that reads nothing goes on', async () => {
    const start = `return exchanges(context, { request: () => 1, response: () => 2 })`
    const { counters } = await ran(protocolModule({ start }))
    assert.ok((counters['broken.malformed'] ?? 0) > 10)
  })

  for (const [what, start, says] of [
    ['throws when it starts', `throw new Error('no licence')`, /start: no licence at \S+own\.mjs:\d+\.$/],
    ['starts without an answer', ``, /start: it answered undefined, not a function that makes conversations/],
    ['starts later', `return (async () => { throw 1 })()`, /start: it answered a promise, not a function/],
  ] as const)
    it(`${what} ends the start of the run with one sentence`, async () => {
      await assert.rejects(ran(protocolModule({ start })), { code: 'ERR_PLUGIN_FAILED', message: says })
    })
})

const field = (type: string, value: string, more = ''): string =>
  `'broken.own': { type: '${type}', description: 'Own.', value: () => ${value}, ${more} }`

/** A field, and what the log says of it. */
const fields: [string, string, RegExp][] = [
  ['a keyword that is a number', field('keyword', '7'), /it answered the number 7, not a text/],
  [
    'a number that is a text',
    field('long', `'1,"status":"OK"'`),
    /it answered a string, not a finite number/,
  ],
  ['a number that is none', field('double', 'Number.NaN'), /it answered the number NaN/],
  ['a big number', field('long', '7n'), /it answered a bigint/],
  ['a truth value that is a text', field('boolean', `'true'`), /not true or false/],
  ['a date that no clock has', field('date', 'Infinity'), /not a finite number/],
  ['a date that is one', field('date', 'new Date()'), /it answered an object, not a finite number/],
  ['a plain date that is a number', field('date', '7', 'plain: true'), /not a text/],
  ['a list that is none', field('keyword', `'a'`, 'list: true'), /it answered a string, not a list/],
  [
    'a list of something else',
    field('ip', `['10.0.0.1', 7]`, 'list: true'),
    /it answered the number 7, not a text/,
  ],
  ['an object that is none', field('object', `'a'`), /it answered a string, not an object/],
  ['an object with a function', field('object', '({ a: { b() {} } })'), /a\.b is a function/],
  ['an object in itself', field('object', '(() => { const a = {}; a.a = a; return a })()'), /is too deep/],
  ['a promise', field('keyword', `Promise.resolve('a')`), /it answered a promise/],
  ['nothing, for it throws', field('keyword', `undefined.x`), /TypeError: .* at \S+own\.mjs:\d+$/],
  ['of a part that throws', field('keyword', `'a'`, `of: () => undefined.x`), /TypeError/],
  [
    'of a conversation, of another type',
    field('keyword', '7', 'ofConversation: true'),
    /it answered the number 7, not a text/,
  ],
  [
    'of its own transaction, of another type',
    field('keyword', `'a'`, 'ofConversation: true, own: () => 7'),
    /it answered the number 7, not a text/,
  ],
]

const emitting = `data(segment) { context.emit(endpoints, transaction(segment.time)) }`

describe('a field of a plug-in that answers', { skip: notBuilt }, () => {
  for (const [what, fields_, says] of fields)
    it(`${what} is left out of its event`, async () => {
      const { events, counters, warnings } = await ran(
        protocolModule({ fields: fields_, conversation: emitting }),
      )
      assert.ok(events.length > 10)
      assert.ok((counters['broken.wrong_fields'] ?? 0) > 0)
      assert.equal(counters['broken.defects'], undefined)
      for (const event of events) {
        assert.equal(event.type, 'broken')
        if (!what.startsWith('of its own')) assert.equal(event.broken, undefined)
      }
      assert.match(warnings[0] ?? '', /^plug-in \.\/own\.mjs: broken: field broken\.own: /)
      assert.match(warnings[0] ?? '', says)
      assert.equal(warnings.length, 1)
    })

  it('what its type says is in the event, however it would print itself', async () => {
    const right = [
      `'broken.text': { type: 'text', description: 'Own.', value: () => 'a "b"\\n', plain: true, json: () => 'rubbish' }`,
      `'broken.number': { type: 'double', description: 'Own.', value: () => 1.5 }`,
      `'broken.flag': { type: 'boolean', description: 'Own.', value: () => false }`,
      `'broken.date': { type: 'date', description: 'Own.', value: (transaction) => transaction.start }`,
      `'broken.day': { type: 'date', description: 'Own.', value: () => '2026-11-30', plain: true }`,
      `'broken.ips': { type: 'ip', description: 'Own.', value: () => ['10.0.0.1'], list: true }`,
      `'broken.one': { type: 'keyword', description: 'Own.', value: () => 'one', list: 'or one' }`,
      `'broken.whole': { type: 'object', description: 'Own.', value: () => ({ a: [{ b: null }] }) }`,
      `'broken.part': { type: 'long', description: 'Own.', of: () => ({ n: 7 }), value: ({ n }) => n }`,
      `'broken.none': { type: 'long', description: 'Own.', of: () => undefined, value: ({ n }) => n }`,
    ].join(', ')
    const { events, warnings } = await ran(protocolModule({ fields: right, conversation: emitting }))
    assert.deepEqual(warnings, [])
    const [event] = events
    assert.deepEqual(event?.broken, {
      text: 'a "b"\n',
      number: 1.5,
      flag: false,
      date: event?.['@timestamp'],
      day: '2026-11-30',
      ips: ['10.0.0.1'],
      one: 'one',
      whole: { a: [{ b: null }] },
      part: 7,
    })
  })
})
