import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { Document } from '../../lib/events/writer.js'
import { Store } from '../../lib/processors/cache/store.js'
import { createProcessors } from '../../lib/processors/index.js'
import { made, run, schema } from './support.js'

describe('cache', () => {
  const put = (id: string, more = {}) => ({
    cache: { backend: { memory: { id }, ...more }, put: { key_field: 'k', value_field: 'v', ttl: '1h' } },
  })
  const get = (id: string, more = {}) => ({
    cache: { backend: { memory: { id } }, get: { key_field: 'k', target_field: 'got.v' }, ...more },
  })
  it('gives an event what an earlier one had, to all that share its id', () => {
    made([put('one')], { k: 1, v: { a: [1] } })
    assert.deepEqual(made([get('one')], { k: '1' }), { k: '1', got: { v: { a: [1] } } })
    assert.deepEqual(made([get('other')], { k: '1' }), { k: '1' })
    made([{ cache: { backend: { memory: { id: 'one' } }, delete: { key_field: 'k' } } }], { k: 1 })
    assert.deepEqual(made([get('one')], { k: 1 }), { k: 1 })
  })
  it('keeps its values apart from events', () => {
    const value = { a: 1 }
    const [process] = createProcessors(schema.parse([put('apart')]))
    process?.({ k: 1, v: value })
    value.a = 2
    assert.deepEqual(made([get('apart')], { k: 1 })?.got, { v: { a: 1 } })
  })
  it('keeps the newest when it is full, and forgets what is old', async () => {
    for (const k of [1, 2, 3]) made([put('small', { capacity: 2 })], { k, v: k })
    assert.deepEqual(
      [1, 2, 3].map((k) => (made([get('small')], { k })?.got as Document | undefined)?.v),
      [undefined, 2, 3],
    )
    made([{ cache: { ...put('old').cache, put: { key_field: 'k', value_field: 'v', ttl: '1ms' } } }], {
      k: 1,
      v: 1,
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    assert.deepEqual(made([get('old')], { k: 1 }), { k: 1 })
  })
  it('replaces a field only when told to, and says what is missing when told to', () => {
    made([put('keys')], { k: 1, v: 1 })
    const event = { k: 1, got: { v: 0 } }
    assert.match(run([get('keys')], event).failures[0] as string, /got\.v exists already/)
    assert.deepEqual(made([get('keys', { overwrite_keys: true })], event), { k: 1, got: { v: 1 } })
    assert.match(
      run([get('keys', { ignore_missing: false })], { k: 9 }).failures[0] as string,
      /there is no value of 9/,
    )
  })
  it('needs a backend and one thing to do', () => {
    const forget = { delete: { key_field: 'k' } }
    assert.throws(
      () => made([{ cache: { backend: {}, ...forget } }], {}),
      /needs one of memory\.id and file\.id/,
    )
    assert.throws(
      () => made([{ cache: { backend: { memory: { id: 'x' } } } }], {}),
      /needs one of put, get and delete/,
    )
    assert.throws(
      () => made([{ cache: { backend: { file: { id: '../x' } }, ...forget } }], {}),
      /must be the name of a file/,
    )
  })
})

describe('a cache in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'packetbeat-cache-'))
  after(() => rmSync(folder, { recursive: true }))
  const counts: string[] = []
  const count = (name: string) => void counts.push(name)

  it('has what another run put there, and not what is too old', () => {
    const file = join(folder, 'sub/cache')
    const first = new Store(file)
    first.load({ count })
    first.put('a', { x: [1] }, 60_000, 10, { count })
    first.put('old', 1, 0, 10, { count })
    first.save()
    writeFileSync(file, `${readFileSync(file, 'utf8')}no JSON\n{"key":"b"}\n`)
    const second = new Store(file)
    second.load({ count })
    assert.deepEqual(second.get('a'), { x: [1] })
    assert.equal(second.get('old'), undefined)
    assert.deepEqual(counts, ['unreadable', 'unreadable'])
  })

  it('is written after its interval and not before', () => {
    const file = join(folder, 'interval')
    const store = new Store(file)
    store.load({ count })
    store.put('a', 1, 60_000, 10, { count })
    store.saveAfter(60_000)
    assert.equal(readFileSync(file, 'utf8'), '')
    const before = performance.now()
    while (performance.now() - before < 3);
    store.saveAfter(1)
    assert.match(readFileSync(file, 'utf8'), /^\{"key":"a","val":1,"expires":"[^"]+"\}\n$/)
  })

  it('that cannot be written ends the start', () => {
    writeFileSync(join(folder, 'file'), '')
    assert.throws(
      () => new Store(join(folder, 'file/below')).load({ count }),
      /cannot be used: .*; check path\.data/,
    )
  })
})
