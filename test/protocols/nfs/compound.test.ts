import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as build from './build.js'
import { fixed, type Item, Raw, xdr } from './build.js'
import { events, seen, tcp } from './support.js'

const { record } = build

const state = fixed(16)
const session = fixed(16)
const device = fixed(16)
const owner = [9n, 'owner']
const address = ['tcp', '10.0.0.1.8.1']
const bitmap = [2, 0x10, 0x20]

describe('a compound', () => {
  const open = [18, 0, 1, 0, owner, 0, 0, 'file']

  it('is named by what it is for', () => {
    const compounds: [string, Item[][]][] = [
      ['OPEN', [[53, session, 1, 0, 0, 1], [22, 'd'], open, [10], [3, 1], [9, 0]]],
      [
        'READ',
        [
          [22, 'F'],
          [25, state, 0n, 1],
          [9, 0],
        ],
      ],
      ['LOOKUP', [[22, 'd'], [9, 0], [15, 'name'], [10], [9, 0]]],
      [
        'ACCESS',
        [
          [22, 'F'],
          [3, 1],
          [9, 0],
        ],
      ],
      ['GETATTR', [[24], [10], [9, 0]]],
      ['SEQUENCE', [[53, session, 1, 0, 0, 1]]],
      [
        'COMMIT',
        [
          [22, 'F'],
          [5, 0n, 0],
          [4, 0, state],
        ],
      ],
      ['ILLEGAL (99)', [[22, 'F'], [99], [9, 0]]],
      ['ILLEGAL', [[22, 'F'], [10044], [9, 0]]],
      ['READ', [[22, 'F'], [25, state, 0n, 1], [99]]],
      ['COMPOUND', []],
    ]
    for (const [name, list] of compounds) {
      const dialogue = tcp()
        .client(record(build.compound(1, ...list)))
        .close()
      assert.equal(events(dialogue)[0]?.nfs.opcode, name)
    }
  })

  it('says which operation failed, when it is another', () => {
    const dialogue = tcp().client(record(build.compound(1, [22, 'F'], [25, state, 0n, 1])))
    dialogue.server(record(build.results(1, 70, [22, 70])))
    dialogue.client(record(build.compound(1, [22, 'F'], [25, state, 0n, 1])))
    dialogue.server(record(build.results(1, 10041, [22, 0], [25, 10041])))
    assert.deepEqual(seen(dialogue), [
      ['READ', null, 'NFSERR_STALE', 'Error'],
      ['READ', null, 'NFSERR_BADNAME', 'Error'],
    ])
    assert.deepEqual(
      events(dialogue).map(({ nfs }) => nfs.failed_operation ?? null),
      ['PUTFH', null],
    )
  })

  it('of results behind a failure that have something to say is whole', () => {
    const denied = [5n, 10n, 1, owner]
    const failures: [Item[], Item[]][] = [
      [
        [12, [1, 0, 5n, 10n, 0, state, 0]],
        [12, 10010, denied],
      ],
      [
        [13, [1, 5n, 10n, owner]],
        [13, 10010, denied],
      ],
      [
        [35, [1n, 'id', 1, address, 1]],
        [35, 10017, address],
      ],
      [
        [47, [device, 4, 1000, bitmap]],
        [47, 10005, 2000],
      ],
      [
        [50, [0, 4, 1, 0n, 10n, 1n, state, 1000]],
        [50, 10058, 1],
      ],
      [
        [60, [state, state, 0n, 1n, 10n, 1, 0, 0]],
        [60, 10094, 1, 1],
      ],
    ]
    for (const [call, reply] of failures) {
      const dialogue = tcp().client(record(build.compound(1, call)))
      dialogue.server(record(build.results(1, reply[1] as number, reply)))
      assert.equal(events(dialogue)[0]?.status, 'Error')
      assert.deepEqual(dialogue.counts, {})
    }
  })

  it('leaves out lengths that mean the rest of the file', () => {
    const dialogue = tcp().client(
      record(build.compound(1, [12, 1, 0, 0n, 0xffff_ffff_ffff_ffffn, 0, state, 0])),
    )
    dialogue.close()
    const { nfs } = events(dialogue)[0] as { nfs: Record<string, unknown> }
    assert.deepEqual([nfs.offset, nfs.length], [0, undefined])
  })

  const hostile: [string, Buffer][] = [
    ['a count of four milliards', build.call({ version: 4, procedure: 1 }, 'tag', 1, 0xffff_ffff, 24, 24)],
    [
      'operations without end',
      build.call({ version: 4, procedure: 1 }, 't', 1, 5000, new Array(5000).fill(24)),
    ],
    ['a tag that is longer than the message', build.call({ version: 4, procedure: 1 }, 0x7fff_ffff, 1)],
    ['a handle that is too long', build.compound(1, [22, 'h'.repeat(129)])],
    ['a name that is too long', build.compound(1, [15, 'n'.repeat(4097)])],
    ['attributes without end', build.compound(1, [9, 0x4000_0000, 1])],
    ['lists of nothing', build.compound(1, [60, state, state, 0n, 0n, 0n, 0, 0, 0xffff_ffff])],
    ['a way to make files that does not exist', build.compound(1, [18, 0, 1, 0, owner, 1, 9])],
  ]
  for (const [what, message] of hostile)
    it(`of ${what} is one event of what could be read`, () => {
      const dialogue = tcp().client(record(message)).close()
      assert.equal(dialogue.events.length, 1)
      assert.equal(dialogue.counts.unread_messages, 1)
      assert.equal(dialogue.memory.held, 0)
      const { nfs } = events(dialogue)[0] as { nfs: { operations?: string[] } }
      assert.ok((nfs.operations?.length ?? 0) <= 256)
    })

  it('that has credentials or verifiers that are too long is not read', () => {
    const long = xdr(1, 'c'.repeat(401))
    const dialogue = tcp()
      .client(record(build.call({ procedure: 0, credential: long })))
      .close()
    assert.deepEqual(dialogue.events, [])
    assert.equal(dialogue.counts.malformed_messages, 1)
    const verifier = xdr(1, 0, 2, build.NFS, 3, 0, new Raw(build.unix()), new Raw(long))
    assert.equal(tcp().client(record(verifier)).counts.malformed_messages, 1)
  })

  it('whose credentials nobody can read is an event, for the server says why it denies it', () => {
    for (const credential of [
      xdr(1, xdr(7)),
      xdr(1, xdr(7, 'd'.repeat(256), 0, 0, 0)),
      xdr(1, xdr(7, 'd', 0, 0, 17)),
      xdr(1, xdr(7, 'd', 0, 0, 2)),
    ]) {
      const dialogue = tcp()
        .client(record(build.call({ procedure: 0, credential })))
        .close()
      // biome-ignore lint/suspicious/noExplicitAny: events are looked at by path.
      const [event] = dialogue.events as any[]
      assert.deepEqual([event.rpc.auth_flavor, event.rpc.cred, event.nfs.opcode], ['unix', undefined, 'NULL'])
    }
  })
})
