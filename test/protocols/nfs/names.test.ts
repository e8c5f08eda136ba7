import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Dialogue } from '../../support/dialogue.js'
import * as build from './build.js'
import { events, seen, tcp } from './support.js'

const { record } = build

const say = (dialogue: Dialogue, call: Buffer, reply: Buffer): Dialogue =>
  dialogue.client(record(call)).server(record(reply))

const paths = (dialogue: Dialogue) => events(dialogue).map(({ path }) => path ?? null)

describe('names of files', () => {
  it('are those that were looked up, from the first directory that was seen', () => {
    const dialogue = tcp()
    say(dialogue, build.lookup(1, 'root', 'home'), build.found(1, 'H'))
    say(dialogue, build.lookup(2, 'H', 'ann'), build.found(2, 'A'))
    say(dialogue, build.read(3, 'A', 0, 10), build.data(3, Buffer.from('x')))
    say(dialogue, build.getattr(4, 'root'), build.attributes(4))
    assert.deepEqual(paths(dialogue), ['home', 'home/ann', 'home/ann', null])
    dialogue.close()
    assert.equal(dialogue.memory.held, 0)
  })

  it('are not learnt from what failed', () => {
    const dialogue = tcp()
    say(dialogue, build.lookup(1, 'root', 'gone'), build.reply(1, 2, 0))
    say(dialogue, build.getattr(2, 'G'), build.attributes(2))
    assert.deepEqual(paths(dialogue), ['gone', null])
  })

  it('are learnt from what is made and listed', () => {
    const dialogue = tcp()
    const create = build.call({ xid: 1, procedure: build.CREATE }, 'root', 'new', 0, 0, 0, 0, 0, 0, 0)
    say(dialogue, create, build.reply(1, 0, 1, 'N', 0, build.noWcc))
    const list = build.call({ xid: 2, procedure: build.READDIRPLUS }, 'root', 0n, 0n, 1000, 1000)
    const entry = (name: string, handle: string) => [1, 5n, name, 7n, 0, 1, handle]
    const entries = [entry('.', 'root'), entry('..', 'above'), entry('old', 'O'), [1, 6n, 'bare', 8n, 0, 0]]
    say(dialogue, list, build.reply(2, 0, 0, 0n, ...entries, 0, 1))
    for (const handle of ['N', 'O', 'root', 'above'])
      say(dialogue, build.getattr(3, handle), build.attributes(3))
    assert.deepEqual(paths(dialogue), ['new', null, 'new', 'old', null, null])
    const { nfs } = events(dialogue)[1] as { nfs: Record<string, unknown> }
    assert.deepEqual([nfs.entries, nfs.eof], [4, true])
  })

  it('change with a file', () => {
    const dialogue = tcp()
    const rename = (xid: number, from: string, to: string) =>
      build.call({ xid, procedure: build.RENAME }, 'root', from, 'root', to)
    say(dialogue, build.lookup(1, 'root', 'a.tmp'), build.found(1, 'A'))
    say(dialogue, rename(2, 'a.tmp', 'a'), build.reply(2, 0, build.noWcc, build.noWcc))
    say(dialogue, build.getattr(3, 'A'), build.attributes(3))
    say(dialogue, build.lookup(4, 'root', 'a.tmp'), build.found(4, 'B'))
    say(dialogue, build.getattr(5, 'B'), build.attributes(5))
    assert.deepEqual(paths(dialogue), ['a.tmp', 'a.tmp', 'a', 'a.tmp', 'a.tmp'])
    assert.equal(events(dialogue)[1]?.nfs.target, 'a')
    for (let at = 0; at < 100; at++) say(dialogue, rename(6, `b${at}`, `c${at}`), build.reply(6, 0))
    say(dialogue, build.getattr(7, 'B'), build.attributes(7))
    assert.equal(paths(dialogue).at(-1), 'a.tmp')
  })

  it('are remembered up to a number, and what was not used is forgotten', () => {
    const dialogue = tcp()
    for (let at = 0; at < 5000; at++)
      say(dialogue, build.lookup(at, 'root', `f${at}`), build.found(at, `h${at}`))
    assert.equal(dialogue.counts.forgotten_names, 5000 - 4096)
    say(dialogue, build.getattr(1, 'h4999'), build.attributes(1))
    say(dialogue, build.getattr(1, 'h0'), build.attributes(1))
    assert.deepEqual(paths(dialogue).slice(-2), ['f4999', null])
    dialogue.close()
    assert.equal(dialogue.memory.held, 0)
  })

  it('take no more than a part of the memory', () => {
    const dialogue = tcp()
    for (let at = 0; at < 3000; at++)
      say(dialogue, build.lookup(at, 'root', `${at}`.padEnd(4000, 'x')), build.found(at, `h${at}`))
    assert.ok(dialogue.memory.held <= 16 * 1024 * 1024, `${dialogue.memory.held} bytes`)
    assert.ok((dialogue.counts.forgotten_names ?? 0) > 900)
    dialogue.close()
    assert.equal(dialogue.memory.held, 0)
  })

  it('may not be longer than a path can be', () => {
    const dialogue = tcp()
    let handle = 'root'
    for (let depth = 0; depth < 30; depth++) {
      say(dialogue, build.lookup(depth, handle, 'd'.repeat(255)), build.found(depth, `h${depth}`))
      handle = `h${depth}`
    }
    assert.ok(paths(dialogue).every((path) => (path?.length ?? 0) <= 4096 + 256))
  })

  it('follow the operations of a compound', () => {
    const dialogue = tcp()
    const open = [18, 0, 1, 0, 9n, 'owner', 0, 0, 'file']
    const opened = [18, 0, build.zeros(16) as never, build.zeros(20) as never, 0, 0, 0]
    say(
      dialogue,
      build.compound(1, [24], [15, 'home'], [32], open, [10], [31], [9, 0]),
      build.results(1, 0, [24, 0], [15, 0], [32, 0], opened, [10, 0, 'F'], [31, 0], [9, 0, 0, '']),
    )
    say(
      dialogue,
      build.compound(2, [22, 'F'], [25, build.zeros(16) as never, 100n, 50]),
      build.results(2, 0, [22, 0], [25, 0, 1, 'data']),
    )
    say(
      dialogue,
      build.compound(3, [22, 'F'], [16], [9, 0]),
      build.results(3, 0, [22, 0], [16, 0], [9, 0, 0, '']),
    )
    assert.deepEqual(seen(dialogue), [
      ['OPEN', '/home/file', 'NFS_OK', 'OK'],
      ['READ', '/home/file', 'NFS_OK', 'OK'],
      ['LOOKUPP', '/home', 'NFS_OK', 'OK'],
    ])
    const { nfs } = events(dialogue)[1] as { nfs: Record<string, unknown> }
    assert.deepEqual([nfs.offset, nfs.length, nfs.count, nfs.eof], [100, 50, 4, true])
  })

  it('of two files are both told', () => {
    const dialogue = tcp()
    const two = (operation: build.Item[]) =>
      build.compound(1, [24], [15, 'a'], [32], [24], [15, 'b'], operation)
    const answer = (operation: number) =>
      build.results(1, 10006, [24, 0], [15, 0], [32, 0], [24, 0], [15, 0], [operation, 10006])
    say(dialogue, two([29, 'old', 'new']), answer(29))
    say(dialogue, two([11, 'link']), answer(11))
    say(dialogue, two([71, build.zeros(32) as never, 1n, 2n, 3n]), answer(71))
    const told = events(dialogue).map(({ nfs, path }) => [nfs.opcode, path, nfs.target, nfs.status])
    assert.deepEqual(told, [
      ['RENAME', '/a/old', '/b/new', 'NFSERR_SERVERFAULT'],
      ['LINK', '/a', '/b/link', 'NFSERR_SERVERFAULT'],
      ['CLONE', '/a', '/b', 'NFSERR_SERVERFAULT'],
    ])
  })

  it('are learnt from listings of version 4 that ask for handles', () => {
    const dialogue = tcp()
    const entry = (name: string, bitmap: build.Item[], values: Buffer) => [1, 1n, name, bitmap, values]
    const all = build.xdr(
      [1, 0xffff_ffff],
      2,
      0,
      1n,
      2n,
      1,
      1,
      1,
      1n,
      2n,
      1,
      90,
      0,
      1,
      0,
      0,
      0,
      'who',
      1,
      1,
      1,
      1,
      1,
      1,
      'H',
    )
    say(
      dialogue,
      build.compound(1, [24], [26, 0n, 0n, 100, 100, [1, 0x000f_ffff]]),
      build.results(
        1,
        0,
        [24, 0],
        [26, 0, 0n, ...entry('listed', [1, 0x000f_ffff], all), ...entry('bare', [0], Buffer.alloc(0)), 0, 1],
      ),
    )
    say(dialogue, build.compound(2, [22, 'H'], [9, 0]), build.results(2, 0, [22, 0], [9, 0, 0, '']))
    assert.deepEqual(paths(dialogue), ['/', '/listed'])
    assert.equal(events(dialogue)[0]?.nfs.entries, 2)
  })
})
