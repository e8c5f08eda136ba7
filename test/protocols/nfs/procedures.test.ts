import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as build from './build.js'
import { type Item, type Raw, zeros } from './build.js'
import { events, tcp, udp } from './support.js'

const { record } = build

const handle = zeros(32)
const oldAttributes = zeros(68)
const attributes = [1, ...Array.from({ length: 21 }, () => 0)]
const wcc = [1, 0, 0, 0, 0, 0, 0, attributes]
const nothingSet = [0, 0, 0, 0, 0, 0]

interface Expected {
  path?: string
  target?: string
  offset?: number
  length?: number
  count?: number
  eof?: boolean
  entries?: number
}

type Case = [
  name: string,
  procedure: number,
  args: (Item | Raw)[],
  results: (Item | Raw)[],
  expected: Expected,
]

const version2: Case[] = [
  ['NULL', 0, [], [], {}],
  ['GETATTR', 1, [handle], [oldAttributes], {}],
  ['SETATTR', 2, [handle, zeros(32)], [oldAttributes], {}],
  ['ROOT', 3, [], [], {}],
  ['LOOKUP', 4, [handle, 'name'], [handle, oldAttributes], { path: 'name' }],
  ['READLINK', 5, [handle], ['text'], { target: 'text' }],
  ['READ', 6, [handle, 100, 50, 0], [oldAttributes, 'data'], { offset: 100, length: 50, count: 4 }],
  ['WRITECACHE', 7, [], [], {}],
  ['WRITE', 8, [handle, 0, 100, 0, 'data'], [oldAttributes], { offset: 100, length: 4 }],
  ['CREATE', 9, [handle, 'new', zeros(32)], [handle, oldAttributes], { path: 'new' }],
  ['REMOVE', 10, [handle, 'old'], [], { path: 'old' }],
  ['RENAME', 11, [handle, 'old', handle, 'new'], [], { path: 'old', target: 'new' }],
  ['LINK', 12, [handle, handle, 'link'], [], { target: 'link' }],
  ['SYMLINK', 13, [handle, 'link', 'text', zeros(32)], [], { path: 'link', target: 'text' }],
  ['MKDIR', 14, [handle, 'new', zeros(32)], [handle, oldAttributes], { path: 'new' }],
  ['RMDIR', 15, [handle, 'old'], [], { path: 'old' }],
  ['READDIR', 16, [handle, 0, 100], [1, 5, 'a', 1, 1, 6, 'b', 2, 0, 1], { entries: 2, eof: true }],
  ['STATFS', 17, [handle], [zeros(20)], {}],
]

const version3: Case[] = [
  ['NULL', 0, [], [], {}],
  ['GETATTR', 1, ['h'], [zeros(84)], {}],
  ['SETATTR', 2, ['h', nothingSet, 0], [wcc], {}],
  ['LOOKUP', 3, ['h', 'name'], ['new handle', attributes, attributes], { path: 'name' }],
  ['ACCESS', 4, ['h', 0x1f], [attributes, 3], {}],
  ['READLINK', 5, ['h'], [attributes, 'text'], { target: 'text' }],
  ['READ', 6, ['h', 100n, 50], [attributes, 4, 1, 'data'], { offset: 100, length: 50, count: 4, eof: true }],
  ['WRITE', 7, ['h', 100n, 4, 2, 'data'], [wcc, 3, 2, 0n], { offset: 100, length: 4, count: 3 }],
  ['CREATE', 8, ['h', 'new', 0, nothingSet], [1, 'handle', attributes, wcc], { path: 'new' }],
  ['MKDIR', 9, ['h', 'new', nothingSet], [1, 'handle', attributes, wcc], { path: 'new' }],
  [
    'SYMLINK',
    10,
    ['h', 'link', [1, 7, 1, 0, 1, 0, 1, 9n, 2, 1, 2, 1], 'text'],
    [0, 0, wcc],
    { path: 'link', target: 'text' },
  ],
  ['MKNOD', 11, ['h', 'pipe', 7, nothingSet], [0, 0, wcc], { path: 'pipe' }],
  ['REMOVE', 12, ['h', 'old'], [wcc], { path: 'old' }],
  ['RMDIR', 13, ['h', 'old'], [wcc], { path: 'old' }],
  ['RENAME', 14, ['h', 'old', 'other', 'new'], [wcc, wcc], { path: 'old', target: 'new' }],
  ['LINK', 15, ['h', 'directory', 'link'], [attributes, wcc], { target: 'link' }],
  ['READDIR', 16, ['h', 0n, 0n, 100], [attributes, 0n, 1, 5n, 'a', 1n, 0, 0], { entries: 1, eof: false }],
  [
    'READDIRPLUS',
    17,
    ['h', 0n, 0n, 100, 100],
    [attributes, 0n, 1, 5n, 'a', 1n, attributes, 1, 'handle', 0, 1],
    { entries: 1, eof: true },
  ],
  ['FSSTAT', 18, ['h'], [attributes, zeros(52)], {}],
  ['FSINFO', 19, ['h'], [attributes, zeros(48)], {}],
  ['PATHCONF', 20, ['h'], [attributes, zeros(24)], {}],
  ['COMMIT', 21, ['h', 100n, 50], [wcc, 0n], { offset: 100, length: 50 }],
]

for (const [version, cases] of [
  [2, version2],
  [3, version3],
] as const)
  describe(`procedures of NFS version ${version}`, () => {
    it('are all there are', () => {
      assert.deepEqual(
        cases.map(([, procedure]) => procedure),
        cases.map((_, at) => at),
      )
    })

    for (const [name, procedure, args, results, expected] of cases)
      it(`tell what is done: ${name}`, () => {
        const dialogue = udp().client(build.call({ version, procedure }, ...args))
        dialogue.server(build.reply(1, ...(procedure === 0 ? [] : [0]), ...results))
        const [event] = events(dialogue) as [ReturnType<typeof events>[number]]
        const { opcode, target, offset, length, count, eof, entries } = event.nfs
        const told = { path: event.path, target, offset, length, count, eof, entries }
        assert.equal(opcode, name)
        assert.equal(event?.status, 'OK')
        assert.deepEqual(
          Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
          expected,
        )
        assert.deepEqual(dialogue.counts, {})
      })

    it('that do not exist have a number', () => {
      const dialogue = tcp()
        .client(record(build.call({ version, procedure: 77 })))
        .close()
      assert.equal(events(dialogue)[0]?.nfs.opcode, '77')
    })

    it('that failed have a name for it', () => {
      const names: Record<number, string> = { 1: 'PERM', 13: 'ACCES', 10008: 'JUKEBOX', 4711: '4711' }
      for (const [code, name] of Object.entries(names)) {
        const dialogue = tcp().client(record(build.call({ version, procedure: 1 }, handle, handle)))
        dialogue.server(record(build.reply(1, Number(code))))
        assert.equal(events(dialogue)[0]?.nfs.status, `NFSERR_${name}`)
        assert.equal(events(dialogue)[0]?.status, 'Error')
      }
    })
  })
