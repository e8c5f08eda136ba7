import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { Document } from '../../lib/events/writer.js'
import { createProcessors } from '../../lib/processors/index.js'
import { schema } from './support.js'

interface Script {
  (event: Document): Promise<Document | null>
  readonly failures: string[]
  readonly counters: Record<string, number>
}

const folder = mkdtempSync(join(tmpdir(), 'packetbeat-script-'))
after(() => rmSync(folder, { recursive: true }))

/** A script that has been started as a run does. */
async function started(options: string | object): Promise<Script> {
  const failures: string[] = []
  const counters: Record<string, number> = {}
  const starts: (() => Promise<void>)[] = []
  // A machine that is busy with other tests must not look like a script that does not end.
  const its = {
    lang: 'javascript',
    timeout: '20s',
    ...(typeof options === 'string' ? { source: options } : options),
  }
  const [process] = createProcessors(schema.parse([{ script: its }]), {
    failed: (_, reason) => failures.push(reason),
    counters,
    starts,
    configPath: folder,
  })
  for (const start of starts) await start()
  const run = async (event: Document) => (await process?.(event)) ?? null
  return Object.assign(run, { failures, counters })
}

const made = async (source: string, event: Document) => (await started(source))(structuredClone(event))

const event = { type: 'http', tags: ['a'], http: { response: { status_code: 200 } } }

describe('a script', () => {
  it('gets, puts, renames, deletes and appends', async () => {
    const source = `
      function process(event) {
        var code = event.Get('http.response.status_code')
        event.Put('answers', [code, String(event.Get('nothing')), event.Put('type', 'https')])
        event.Put('done', [event.Rename('http.response', 'old.answer'), event.Rename('nothing', 'x'),
          event.Rename('old', 'tags'), event.Delete('http'), event.Delete('http')])
        event.Tag('b'); event.Tag('b')
        event.AppendTo('one', 'x'); event.AppendTo('one', 'y')
        event.Put('copy', event.Get('old'))
        event.Put('names', Object.keys(event.Get()).sort())
      }`
    assert.deepEqual(await made(source, event), {
      type: 'https',
      tags: ['a', 'b'],
      old: { answer: { status_code: 200 } },
      answers: [200, 'null', 'http'],
      done: [true, false, false, true, false],
      one: ['x', 'y'],
      copy: { answer: { status_code: 200 } },
      names: ['answers', 'copy', 'done', 'old', 'one', 'tags', 'type'],
    })
  })

  it('drops an event', async () => {
    const script = await started(`function process(event) { if (event.Get('n') > 1) event.Cancel() }`)
    assert.deepEqual(await script({ n: 1 }), { n: 1 })
    assert.equal(await script({ n: 2 }), null)
    assert.deepEqual(await script({ n: 0 }), { n: 0 })
  })

  it('remembers from event to event, and is given params', async () => {
    const script = await started({
      source: `var n, by; function register(params) { n = params.first; by = params.by[0] }
        function process(event) { event.Put('n', n += by) }`,
      params: { first: 10, by: [5] },
    })
    assert.deepEqual(await script({}), { n: 15 })
    assert.deepEqual(await script({}), { n: 20 })
  })

  it('uses other processors, alone and in chains', async () => {
    const source = `
      var processor = require('processor')
      var chain = new processor.Chain()
        .AddFields({ target: 'f', fields: { a: 1 } })
        .Add(function (event) { event.Put('b', event.Get('f.a') + 1) })
        .Add(new processor.Lowercase({ values: ['u'] }))
        .Build()
      var keep = new processor.IncludeFields({ fields: ['f', 'u'] })
      function process(event) { chain.Run(event); keep.Run(event); event.Put('after', true) }`
    assert.deepEqual(await made(source, { u: 'ABC' }), { f: { a: 1 }, u: 'abc', after: true })
    await assert.rejects(
      started(`new (require('processor').Rename)({}); function process() {}`),
      /rename: .*fields/s,
    )
    await assert.rejects(
      started(`require('fs'); function process() {}`),
      /there is no module fs; a script has processor and console/,
    )
  })

  it('is read from files, together', async () => {
    writeFileSync(join(folder, '1.js'), 'var word = "from files"\n')
    writeFileSync(join(folder, '2.js'), 'function process(event) { event.Put("a", word) }\n')
    for (const options of [{ file: '*.js' }, { files: ['1.js', join(folder, '2.js')] }])
      assert.deepEqual(await (await started(options))({}), { a: 'from files' })
  })

  it('works without a start, from its first event on', async () => {
    const [process] = createProcessors(
      schema.parse([{ script: { lang: 'javascript', source: 'function process(e) { e.Put("a", 1) }' } }]),
    )
    assert.deepEqual(await Promise.all([{}, {}].map((event) => process?.(event))), [{ a: 1 }, { a: 1 }])
  })
})

describe('a script is not started', () => {
  const wrong: [what: string, options: string | object, message: RegExp][] = [
    ['that is no JavaScript', 'var a\nfunctio process(e) {}', /source:2 is wrong: Unexpected identifier/],
    ['without process', 'var a', /has no function process\(event\)/],
    ['that throws', 'throw new Error("no"); function process() {}', /source failed: Error: no/],
    [
      'with params and without register',
      { source: 'function process() {}', params: {} },
      /no function register/,
    ],
    [
      'whose register throws',
      { source: 'function register() { throw "no" } function process() {}', params: {} },
      /register\(\) failed: no/,
    ],
    [
      'whose test fails',
      `function process(event) { event.Put('a', 1) }
       function test() { var e = new Event({}); process(e); if (e.Get('a') !== 2) throw new Error('a is ' + e.Get('a')) }`,
      /test\(\) failed: Error: a is 1 \(source:2:/,
    ],
    ['that cannot be read', { file: 'missing.js' }, /missing\.js cannot be read: ENOENT/],
    ['that no file fits', { file: '*.none' }, /no file fits the pattern/],
    ['of another language', { lang: 'lua', source: 'x' }, /javascript/],
    ['from two places', { source: 'x', file: 'y' }, /needs one of source, file and files/],
  ]
  for (const [what, options, message] of wrong)
    it(what, async () => {
      await assert.rejects(started(options), message)
    })
})

describe('a script that fails', () => {
  const failing: [what: string, body: string, message: RegExp][] = [
    ['throws', `event.Put('kept', 1); throw new Error('no')`, /^Error: no \(source:1:/],
    ['throws a text', `throw 'no'`, /^no$/],
    ['throws what cannot be told', `throw { get message() { throw 1 } }`, /./],
    ['uses what is not there', `event.Get('x').y`, /TypeError/],
    ['puts below a text', `event.Put('type.a', 1)`, /a part of type\.a is a field that is no object/],
    ['puts a function', `event.Put('a', process)`, /a function is no value of a field/],
    ['puts no number', `event.Put('a', 0 / 0)`, /NaN is no value/],
    [
      'puts too deep a value',
      `var a = []; for (var i = 0; i < 100; i++) a = [a]; event.Put('a', a)`,
      /64 levels at most/,
    ],
    ['puts too much', `var text = 'x'.repeat(1e5); for (;;) event.Put('a', text)`, /10485760 characters/],
    ['appends to an object', `event.AppendTo('http', 'x')`, /http is no list of texts/],
    ['recurses without end', `process(event)`, /stack overflow/],
    ['keeps without end', `var a = []; for (;;) a.push(new Array(1e4).fill(1))`, /out of memory/],
    [
      'asks for another processor for each event',
      `for (;;) new (require('processor').DropEvent)()`,
      /1000 processors at most/,
    ],
    [
      'uses a processor that is not there',
      `new (require('processor').Nothing)()`,
      /there is no processor Nothing/,
    ],
  ]
  for (const [what, body, message] of failing)
    it(`because it ${what} has its event tagged, and goes on`, async () => {
      const script = await started({
        source: `function process(event) { if (event.Get('ok')) return; ${body} }`,
      })
      const left = (await script(structuredClone(event))) as { tags: string[]; error: { message: string } }
      assert.deepEqual(left.tags, ['a', '_js_exception'])
      assert.match(left.error.message, /^script: /)
      assert.match(script.failures[0] as string, message)
      assert.equal(script.counters['processors.script.exceptions'], 1)
      assert.deepEqual(await script({ ok: true }), { ok: true })
    })

  it('has another tag when told to, or none', async () => {
    const source = 'function process() { throw 1 }'
    assert.deepEqual((await (await started({ source, tag_on_exception: 'bad' }))({}))?.tags, ['bad'])
    assert.equal((await (await started({ source, tag_on_exception: '' }))({}))?.tags, undefined)
  })
})

describe('a script that does not end', () => {
  const endless: [what: string, body: string][] = [
    ['a loop', 'for (;;);'],
    ['a loop that catches everything', 'for (;;) try { for (;;); } catch (e) {}'],
    ['slow steps', `for (;;) 'x'.repeat(1e6)`],
    ['a search', `'a'.repeat(4e6).indexOf('a'.repeat(2e6) + 'b')`],
    ['a list of nothing', 'Array.prototype.indexOf.call({ length: Math.pow(2, 53) - 1 }, 1)'],
    ['a regular expression', '/(a+)+b/.test("a".repeat(40))'],
    ['a getter', 'event.Put("a", { get x() { for (;;); } })'],
    ['toJSON', 'Object.prototype.toJSON = function () { for (;;); }; event.Put("a", {})'],
  ]
  for (const [what, body] of endless)
    it(`because of ${what} is stopped in time, and goes on`, async () => {
      const script = await started({
        source: `function process(event) { if (event.Get('ok')) return event.Put('did', 1); ${body} }`,
        timeout: '30ms',
      })
      const before = performance.now()
      const left = (await script({ n: 1 })) as { error: { message: string } }
      const took = performance.now() - before
      assert.equal(left.error.message, 'script: took more than 30 ms')
      // The machine may be busy with other tests.
      assert.ok(took < 1000, `${took} ms`)
      assert.equal(script.counters['processors.script.timeouts'], 1)
      assert.deepEqual(await script({ ok: true }), { ok: true, did: 1 })
    })

  it('is left out for a while when it never ends', async () => {
    const script = await started({ source: 'function process() { for (;;); }', timeout: '1ms' })
    const all = await Promise.all(Array.from({ length: 40 }, () => script({})))
    assert.ok(all.every((event) => (event as { tags: string[] }).tags[0] === '_js_exception'))
    assert.equal(script.counters['processors.script.timeouts'], 16)
    assert.equal(script.counters['processors.script.suspended'], 24)
  })
})

it('many events at once all come back, in order where they wait', async () => {
  const script = await started(`var n = 0; function process(event) { event.Put('n', n++) }`)
  const all = await Promise.all(Array.from({ length: 5000 }, (_, id) => script({ id })))
  assert.equal(new Set(all.map((event) => event?.n)).size, 5000)
  assert.deepEqual(
    all.map((event) => event?.id),
    Array.from({ length: 5000 }, (_, id) => id),
  )
})

it('a script cannot reach this program', async () => {
  const source = `
    function process(event) {
      event.Put('there', ['process', 'global', 'fetch', 'Buffer', 'WebAssembly', 'setTimeout', 'host']
        .filter(function (name) { return typeof globalThis[name] !== 'undefined' && name !== 'process' }))
      event.Put('made', event.Get.constructor('return typeof globalThis.process')())
      event.Put('__proto__.polluted', 1)
      event.Put('json', JSON.parse('{"__proto__":{"polluted":1}}'))
      Object.getPrototypeOf(event).Get = null
    }`
  const left = await made(source, {})
  assert.deepEqual(left?.there, [])
  // Its own function of that name.
  assert.equal(left?.made, 'function')
  assert.equal(({} as Document).polluted, undefined)
})
