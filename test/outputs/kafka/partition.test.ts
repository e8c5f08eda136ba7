import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Document } from '../../../lib/events/writer.js'
import {
  fnv,
  type PartitionOptions,
  partitioner,
  reachableOnly,
} from '../../../lib/outputs/kafka/partition.js'

const START = 0x811c9dc5
const message = (document: Document, key?: string) => ({
  key: key === undefined ? undefined : Buffer.from(key),
  document: () => document,
})
const partitions = (options: PartitionOptions | undefined, count: number, among: number) => {
  const choose = partitioner(options)
  return Array.from({ length: count }, () => choose(message({}), among))
}
const byFields = (hash: string[], random = true) =>
  partitioner({ hash: { hash, random, reachable_only: false } })
const hashOf = (...parts: Buffer[]) => (fnv(START, Buffer.concat(parts)) & 0x7fffffff) % 1009

describe('partitions', () => {
  it('are chosen by FNV-1a, as its authors publish it', () => {
    assert.equal(fnv(START, Buffer.from('')), 0x811c9dc5)
    assert.equal(fnv(START, Buffer.from('a')), 0xe40c292c)
    assert.equal(fnv(START, Buffer.from('foobar')), 0xbf9cf968)
    assert.equal(fnv(fnv(START, Buffer.from('foo')), Buffer.from('bar')), 0xbf9cf968)
  })

  it('are the same for the same key, and never negative', () => {
    const choose = partitioner()
    for (const key of ['a', 'foobar', '', 'ü'])
      assert.equal(choose(message({}, key), 1009), hashOf(Buffer.from(key)))
    assert.equal(choose(message({}, 'a'), 7), (0xe40c292c & 0x7fffffff) % 7)
  })

  it('are any where there is no key', () => {
    assert.deepEqual([...new Set(partitions(undefined, 500, 3))].sort(), [0, 1, 2])
  })

  it('follow the fields that are hashed, text and numbers and truth', () => {
    const number = Buffer.alloc(8)
    number.writeBigInt64LE(-443n)
    const document = { source: { ip: '10.0.0.1', port: -443 }, ratio: 0.1, large: 1234567.5, yes: true }
    const cases: [string[], Buffer[]][] = [
      [['source.ip'], [Buffer.from('10.0.0.1')]],
      [['source.port'], [number]],
      [
        ['source.ip', 'source.port'],
        [Buffer.from('10.0.0.1'), number],
      ],
      [['ratio'], [Buffer.from('0.1')]],
      [['large'], [Buffer.from('1.2345675e+06')]],
      [['yes'], [Buffer.of(1)]],
    ]
    for (const [fields, parts] of cases)
      assert.equal(byFields(fields)(message(document), 1009), hashOf(...parts), fields.join())
  })

  it('without a field that is hashed are any, or none where chance is not wanted', () => {
    const any = new Set(Array.from({ length: 200 }, () => byFields(['a', 'missing'])(message({ a: 1 }), 2)))
    assert.deepEqual([...any].sort(), [0, 1])
    assert.equal(byFields(['missing'], false)(message({}), 2), undefined)
    assert.equal(byFields(['object'], false)(message({ object: {} }), 2), undefined)
  })

  it('take groups of events in turn, or by chance', () => {
    const group = { reachable_only: false, group_events: 2 }
    assert.deepEqual(partitions({ round_robin: group }, 8, 3), [0, 0, 1, 1, 2, 2, 0, 0])
    const chance = partitions({ random: group }, 400, 5)
    for (let at = 0; at < chance.length; at += 2) assert.equal(chance[at], chance[at + 1])
    assert.equal(new Set(chance).size, 5)
  })

  it('that have become fewer are not exceeded in the middle of a group', () => {
    const choose = partitioner({ round_robin: { reachable_only: false, group_events: 2 } })
    assert.deepEqual(
      [3, 3, 3, 1, 2].map((among) => choose(message({}), among)),
      [0, 0, 1, 0, 1],
    )
  })

  it('without a leader are left out only where that is wanted', () => {
    assert.equal(reachableOnly(undefined), false)
    assert.equal(reachableOnly({ random: { reachable_only: true, group_events: 1 } }), true)
    assert.equal(reachableOnly({ hash: { reachable_only: true, hash: [], random: true } }), true)
  })
})
