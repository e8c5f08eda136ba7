import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { Document } from '../../lib/events/writer.js'
import { xxhash64 } from '../../lib/processors/xxhash64.js'
import { made, run } from './support.js'

describe('fingerprint', () => {
  const of = (options: object, event: Document) =>
    made([{ fingerprint: { fields: ['field1'], ...options } }], event)?.fingerprint

  it('is that of upstream', () => {
    const hashes: Record<string, string> = {
      sha256: '4cf8b768ad20266c348d63a6d1ff5d6f6f9ed0f59f5c68ae031b78e3e04c5144',
      // Of the text |field1|foo| by md5sum and sha1sum; the first is of upstream's own test.
      md5: '3455d980d9c2a5a1c2c0b090a929aa3a',
      sha1: '46de5d8225e75aeedd559c953f100dca41612b18',
    }
    for (const [method, hash] of Object.entries(hashes))
      assert.equal(of({ method }, { field1: 'foo' }), hash, method)
  })

  it('does not depend on the order of the fields, nor on one that is named twice', () => {
    const event = { a: { b: 1 }, c: true }
    const hash = made([{ fingerprint: { fields: ['c', 'a.b', 'c'] } }], event)?.fingerprint
    assert.equal(made([{ fingerprint: { fields: ['a.b', 'c'] } }], event)?.fingerprint, hash)
  })

  it('writes bytes as hex, base32 and base64', () => {
    const event = { field1: 'foo' }
    const hex = Buffer.from(String(of({ method: 'md5' }, event)), 'hex')
    assert.equal(of({ method: 'md5', encoding: 'base64' }, event), hex.toString('base64'))
    assert.equal(of({ method: 'md5', encoding: 'base32' }, event), 'GRK5TAGZYKS2DQWAWCIKSKNKHI======')
  })

  it('hashes values as Go prints them', () => {
    const same = (value: unknown, printed: string, name = 'field1') =>
      assert.equal(
        made([{ fingerprint: { fields: [name] } }], { [name]: value })?.fingerprint,
        createHash('sha256').update(`|${name}|${printed}|`).digest('hex'),
        printed,
      )
    same(200, '200')
    same(true, 'true')
    same(0.5, '0.5')
    same(0.00001, '1e-05')
    same(1234567.5, '1.2345675e+06')
    same(['a', 'b'], '[a b]')
    same('2024-01-01T10:00:00.120Z', '2024-01-01 10:00:00.12 +0000 UTC', 'event.start')
  })

  it('says what is missing, and leaves it out when told to', () => {
    assert.deepEqual(run([{ fingerprint: { fields: ['a', 'b'] } }], { a: 1 }), {
      event: { a: 1 },
      failures: ['fingerprint: there is no field b'],
    })
    assert.equal(
      made([{ fingerprint: { fields: ['a', 'b'], ignore_missing: true } }], { a: 1 })?.fingerprint,
      made([{ fingerprint: { fields: ['a'] } }], { a: 1 })?.fingerprint,
    )
    assert.deepEqual(run([{ fingerprint: { fields: ['a'] } }], { a: { b: 1 } }).failures, [
      'fingerprint: a is an object',
    ])
  })
})

it('xxhash64 fits the vectors of xxhsum', () => {
  const vectors: [text: string, hash: string][] = [
    ['', 'ef46db3751d8e999'],
    ['a', 'd24ec4f1a98c6e5b'],
    ['abc', '44bc2cf5ad770999'],
    ['as', '1c330fb2d66be179'],
    ['asd', '631c37ce72a97393'],
    ['asdf', '415872f599cea71e'],
    ['Call me Ishmael. Some years ago--never mind how long precisely-', '02a2e85470d6fd96'],
  ]
  for (const [text, hash] of vectors) assert.equal(xxhash64(Buffer.from(text)).toString('hex'), hash, text)
})

describe('community_id', () => {
  const id = (event: Document, options = {}) =>
    (made([{ community_id: options }], event)?.network as Document | undefined)?.community_id
  const tcp = (from: [string, number], to: [string, number]) => ({
    source: { ip: from[0], port: from[1] },
    destination: { ip: to[0], port: to[1] },
    network: { transport: 'tcp' },
  })

  // Of the baseline of github.com/corelight/community-id-spec.
  it('is that of the specification, in both directions', () => {
    assert.equal(id(tcp(['128.232.110.120', 34855], ['66.35.250.204', 80])), '1:LQU9qZlK+B5F3KDmev6m5PMibrg=')
    assert.equal(id(tcp(['66.35.250.204', 80], ['128.232.110.120', 34855])), '1:LQU9qZlK+B5F3KDmev6m5PMibrg=')
    assert.equal(
      id(tcp(['128.232.110.120', 34855], ['66.35.250.204', 80]), { seed: 1 }),
      '1:3V71V58M3Ksw/yuFALMcW0LAHvc=',
    )
    const icmp = { source: { ip: '192.168.0.89' }, destination: { ip: '192.168.0.1' } }
    assert.equal(
      id({ ...icmp, network: { iana_number: '1' }, icmp: { type: 8, code: 0 } }),
      '1:X0snYXpgwiv9TZtqg64sgzUn6Dk=',
    )
  })

  it('is that of our own events', () => {
    let seen = 0
    const text = readFileSync(new URL('../traces/sample.expected.json', import.meta.url), 'utf8')
    for (const match of text.matchAll(/\{"ecs".*\}/g)) {
      const event = JSON.parse(match[0]) as { network: Document; type: string }
      const { community_id, ...network } = event.network
      // The flows of ICMP do not have the types.
      const isIcmp = String(network.transport).includes('icmp')
      if (community_id === undefined || (isIcmp && event.type !== 'icmp')) continue
      const fields = isIcmp ? { icmp_type: 'icmp.request.type', icmp_code: 'icmp.request.code' } : {}
      assert.equal(id({ ...event, network }, { fields }), community_id)
      seen++
    }
    assert.ok(seen > 10, `${seen} events`)
  })

  it('leaves an event alone that has one, or lacks what it takes', () => {
    const whole = tcp(['10.0.0.1', 1], ['10.0.0.2', 2])
    const has = { ...whole, network: { transport: 'tcp', community_id: 'x' } }
    assert.deepEqual(made([{ community_id: null }], has), has)
    for (const event of [
      {},
      { ...whole, network: {} },
      { ...whole, source: { ip: '10.0.0.1' } },
      { ...whole, source: { ip: '10.0.0.1', port: 70000 } },
      { ...whole, source: { ip: '::1', port: 1 } },
      { ...whole, source: { ip: 'x', port: 1 } },
      { ...whole, network: { transport: 'smoke' } },
    ])
      assert.deepEqual(run([{ community_id: null }], event), { event, failures: [] })
  })
})

describe('registered_domain', () => {
  const options = {
    field: 'name',
    target_field: 'd.registered',
    target_etld_field: 'd.suffix',
    target_subdomain_field: 'd.sub',
  }
  const parts = (name: unknown, more = {}) => run([{ registered_domain: { ...options, ...more } }], { name })

  it('splits a name', () => {
    assert.deepEqual(parts('www.news.example.co.uk').event?.d, {
      registered: 'example.co.uk',
      suffix: 'co.uk',
      sub: 'www.news',
    })
    assert.deepEqual(parts('example.com').event?.d, { registered: 'example.com', suffix: 'com' })
  })

  it('says what it cannot split, and keeps quiet when told to', () => {
    assert.deepEqual(parts('com').failures, ['registered_domain: name has no registered domain'])
    assert.deepEqual(parts(7).failures, ['registered_domain: name is no text'])
    assert.deepEqual(parts(undefined).failures, ['registered_domain: there is no field name'])
    assert.deepEqual(parts(undefined, { ignore_missing: true }).failures, [])
    assert.deepEqual(parts('com', { ignore_failure: true }).failures, [])
  })
})

it('add_id gives every event an id of its own, of 20 characters', () => {
  const ids = Array.from(
    { length: 1000 },
    () => (made([{ add_id: null }], {}) as { '@metadata': Document })['@metadata']._id,
  )
  assert.equal(new Set(ids).size, 1000)
  for (const id of ids) assert.match(String(id), /^[\w-]{20}$/)
  const { event } = made([{ add_id: { target_field: 'event.id' } }], {}) as { event: Document }
  assert.equal(typeof event.id, 'string')
})
