import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as build from './build.js'
import { fixed, type Item } from './build.js'
import { events, tcp } from './support.js'

const { record } = build

const raw = (length: number): Item => new Uint8Array(length) as never
const state = fixed(16)
const session = fixed(16)
const device = fixed(16)
const change = [1, 1n, 2n]
const bitmap = [2, 0x10, 0x20]
const attributes = [1, 0x10, raw(8)]
const time = [1n, 2]
const owner = [9n, 'owner']
const address = ['tcp', '10.0.0.1.8.1']
const ace = [0, 0, 0, 'EVERYONE@']
const implementation = [1, 'kernel.org', 'Linux', time]
const channel = [0, 4096, 4096, 4096, 8, 16, 1, 5]
const security = [3, 0, 1, 7, 'desk', 0, 0, 2, 4, 27, 6, 1, 'server', 'client']
const written = [1, state, 4096n, 2, 3n]
const location = [3, address]
const typed = [4, raw(10)]

/** Arguments and results of each operation, as RFC 5662, 7531, 7863 and 8276 describe them. */
const operations: Record<string, [number, Item[], Item[]][]> = {
  ACCESS: [[3, [0x1f], [0x1f, 0x3]]],
  CLOSE: [[4, [0, state], [state]]],
  COMMIT: [[5, [0n, 0], [3n]]],
  CREATE: [
    [6, [2, 'directory', attributes], [change, bitmap]],
    [6, [5, 'text of a link', 'link', attributes], [change, bitmap]],
    [6, [4, 8, 1, 'character', attributes], [change, bitmap]],
    [6, [7, 'pipe', attributes], [change, bitmap]],
  ],
  DELEGPURGE: [[7, [9n], []]],
  DELEGRETURN: [[8, [state], []]],
  GETATTR: [[9, [bitmap], [attributes]]],
  GETFH: [[10, [], ['handle']]],
  LINK: [[11, ['name'], [change]]],
  LOCK: [
    [12, [1, 0, 5n, 10n, 1, 0, state, 0, owner], [state]],
    [12, [1, 0, 5n, 10n, 0, state, 0], [state]],
  ],
  LOCKT: [[13, [1, 5n, 10n, owner], []]],
  LOCKU: [[14, [1, 0, state, 5n, 10n], [state]]],
  LOOKUP: [[15, ['name'], []]],
  LOOKUPP: [[16, [], []]],
  NVERIFY: [[17, [attributes], []]],
  OPEN: [
    [18, [0, 1, 0, owner, 0, 0, 'name'], [state, change, 0, bitmap, 0]],
    [18, [0, 1, 0, owner, 1, 0, attributes, 0, 'name'], [state, change, 0, bitmap, 1, state, 0, ace]],
    [18, [0, 1, 0, owner, 1, 1, attributes, 1, 0], [state, change, 0, bitmap, 2, state, 0, 1, 5n, ace]],
    [18, [0, 1, 0, owner, 1, 2, 8n, 2, state, 'name'], [state, change, 0, bitmap, 2, state, 0, 2, 1, 2, ace]],
    [18, [0, 1, 0, owner, 1, 3, 8n, attributes, 3, 'name'], [state, change, 0, bitmap, 3, 1, 1]],
    [18, [0, 1, 0, owner, 0, 4], [state, change, 0, bitmap, 3, 2, 0]],
    [18, [0, 1, 0, owner, 0, 5, state], [state, change, 0, bitmap, 3, 0]],
    [18, [0, 1, 0, owner, 0, 6], [state, change, 0, bitmap, 4, state, 0, ace]],
  ],
  OPENATTR: [[19, [1], []]],
  OPEN_CONFIRM: [[20, [state, 1], [state]]],
  OPEN_DOWNGRADE: [[21, [state, 1, 1, 0], [state]]],
  PUTFH: [[22, ['handle'], []]],
  PUTPUBFH: [[23, [], []]],
  PUTROOTFH: [[24, [], []]],
  READ: [[25, [state, 0n, 100], [1, 'data']]],
  READDIR: [
    [26, [0n, 0n, 100, 100, bitmap], [0n, 1, 1n, 'name', attributes, 1, 2n, 'other', attributes, 0, 1]],
  ],
  READLINK: [[27, [], ['text']]],
  REMOVE: [[28, ['name'], [change]]],
  RENAME: [[29, ['old', 'new'], [change, change]]],
  RENEW: [[30, [9n], []]],
  RESTOREFH: [[31, [], []]],
  SAVEFH: [[32, [], []]],
  SECINFO: [[33, ['name'], [3, 1, 6, 'oid', 0, 1, 0]]],
  SETATTR: [[34, [state, attributes], [bitmap]]],
  SETCLIENTID: [[35, [1n, 'id', 0x4000_0000, address, 1], [9n, 1n]]],
  SETCLIENTID_CONFIRM: [[36, [9n, 1n], []]],
  VERIFY: [[37, [attributes], []]],
  WRITE: [[38, [state, 0n, 2, 'data'], [4, 2, 1n]]],
  RELEASE_LOCKOWNER: [[39, [owner], []]],
  BACKCHANNEL_CTL: [[40, [0x4000_0000, security], []]],
  BIND_CONN_TO_SESSION: [[41, [session, 1, 0], [session, 1, 0]]],
  EXCHANGE_ID: [
    [42, [1n, 'owner', 0, 0, implementation], [9n, 1, 0, 0, 1n, 'major', 'scope', implementation]],
    [42, [1n, 'owner', 0, 1, bitmap, bitmap, 0], [9n, 1, 0, 1, bitmap, bitmap, 1n, 'major', 'scope', 0]],
    [
      42,
      [1n, 'owner', 0, 2, bitmap, bitmap, 1, 'hash', 2, 'one', 'other', 8, 4, 0],
      [9n, 1, 0, 2, bitmap, bitmap, 0, 0, 32, 8, 1, 'handle', 1n, 'major', 'scope', 0],
    ],
  ],
  CREATE_SESSION: [
    [43, [9n, 1, 3, channel, channel, 0x4000_0000, security], [session, 1, 3, channel, channel]],
  ],
  DESTROY_SESSION: [[44, [session], []]],
  FREE_STATEID: [[45, [state], []]],
  GET_DIR_DELEGATION: [
    [46, [0, bitmap, time, time, bitmap, bitmap], [0, 0n, state, bitmap, bitmap, bitmap]],
    [46, [0, bitmap, time, time, bitmap, bitmap], [1, 1]],
  ],
  GETDEVICEINFO: [[47, [device, 4, 1000, bitmap], [typed, bitmap]]],
  GETDEVICELIST: [[48, [4, 10, 0n, 0n], [0n, 0n, 1, device, 1]]],
  LAYOUTCOMMIT: [
    [49, [0n, 10n, 0, state, 1, 9n, 1, time, typed], [1, 10n]],
    [49, [0n, 10n, 0, state, 0, 0, typed], [0]],
  ],
  LAYOUTGET: [[50, [0, 4, 1, 0n, 10n, 1n, state, 1000], [0, state, 1, 0n, 10n, 1, typed]]],
  LAYOUTRETURN: [
    [51, [0, 4, 1, 1, 0n, 10n, state, raw(5)], [1, state]],
    [51, [0, 4, 1, 3], [0]],
  ],
  SECINFO_NO_NAME: [[52, [0], [1, 1]]],
  SEQUENCE: [[53, [session, 1, 0, 0, 1], [session, 1, 0, 0, 0, 0]]],
  SET_SSV: [[54, ['ssv', 'digest'], ['digest']]],
  TEST_STATEID: [[55, [2, state, state], [2, 0, 0]]],
  WANT_DELEGATION: [
    [56, [1, 4], [0]],
    [56, [1, 1, 1], [1, state, 0, ace]],
  ],
  DESTROY_CLIENTID: [[57, [9n], []]],
  RECLAIM_COMPLETE: [[58, [0], []]],
  ALLOCATE: [[59, [state, 0n, 10n], []]],
  COPY: [[60, [state, state, 0n, 1n, 10n, 1, 0, 2, location, 1, 'server'], [written, 1, 1]]],
  COPY_NOTIFY: [[61, [state, location], [time, state, 1, location]]],
  DEALLOCATE: [[62, [state, 0n, 10n], []]],
  IO_ADVISE: [[63, [state, 0n, 10n, bitmap], [bitmap]]],
  LAYOUTERROR: [[64, [0n, 10n, state, 1, device, 5, 25], []]],
  LAYOUTSTATS: [[65, [0n, 10n, state, 1n, 2n, 3n, 4n, device, typed], []]],
  OFFLOAD_CANCEL: [[66, [state], []]],
  OFFLOAD_STATUS: [[67, [state], [10n, 1, 0]]],
  READ_PLUS: [[68, [state, 0n, 100], [1, 2, 0, 0n, 'data', 1, 4n, 10n]]],
  SEEK: [[69, [state, 0n, 1], [0, 4096n]]],
  WRITE_SAME: [[70, [state, 2, 0n, 4096n, 2n, 0n, 0, 0n, 'pattern'], [written]]],
  CLONE: [[71, [state, state, 0n, 1n, 10n], []]],
  GETXATTR: [[72, ['user.name'], ['value']]],
  SETXATTR: [[73, [0, 'user.name', 'value'], [change]]],
  LISTXATTRS: [[74, [0n, 1000], [0n, 2, 'user.a', 'user.b', 1]]],
  REMOVEXATTR: [[75, ['user.name'], [change]]],
}

const callbacks: Record<string, [number, Item[], Item[]][]> = {
  CB_GETATTR: [[3, ['handle', bitmap], [attributes]]],
  CB_RECALL: [[4, [state, 0, 'handle'], []]],
  CB_LAYOUTRECALL: [
    [5, [4, 1, 0, 1, 'handle', 0n, 10n, state], []],
    [5, [4, 1, 0, 2, 1n, 2n], []],
    [5, [4, 1, 0, 3], []],
  ],
  CB_NOTIFY: [[6, [state, 'handle', 1, bitmap, 'change'], []]],
  CB_PUSH_DELEG: [[7, ['handle', 1, state, 0, ace], []]],
  CB_RECALL_ANY: [[8, [3, bitmap], []]],
  CB_RECALLABLE_OBJ_AVAIL: [[9, [3, bitmap], []]],
  CB_RECALL_SLOT: [[10, [3], []]],
  CB_SEQUENCE: [[11, [session, 1, 0, 0, 0, 1, session, 2, 1, 2, 3, 4], [session, 1, 0, 0, 0]]],
  CB_WANTS_CANCELLED: [[12, [0, 0], []]],
  CB_NOTIFY_LOCK: [[13, ['handle', owner], []]],
  CB_NOTIFY_DEVICEID: [[14, [1, bitmap, 'change'], []]],
  CB_OFFLOAD: [
    [15, ['handle', state, 0, written], []],
    [15, ['handle', state, 5, 10n], []],
  ],
}

const callback = (...list: Item[][]) =>
  build.call({ program: 0x4000_0000, version: 1, procedure: 1 }, '', 1, 0, list.length, list)

describe('operations of NFSv4', () => {
  it('are all there are', () => {
    const numbers = Object.values(operations).flatMap((variants) => variants.map(([number]) => number))
    assert.deepEqual(
      [...new Set(numbers)],
      Array.from({ length: 73 }, (_, at) => at + 3),
    )
  })

  for (const [name, variants] of Object.entries(operations))
    it(`are read to their end: ${name}`, () => {
      for (const [number, args, results] of variants) {
        const dialogue = tcp().client(record(build.compound(1, [number, args], [32])))
        dialogue.server(record(build.results(1, 0, [number, 0, results], [32, 0])))
        const [event] = events(dialogue)
        assert.deepEqual(event?.nfs.operations, [name, 'SAVEFH'])
        assert.equal(event?.nfs.opcode, name)
        assert.deepEqual(dialogue.counts, {})
        dialogue.close()
        assert.equal(dialogue.memory.held, 0)
      }
    })

  for (const [name, variants] of Object.entries(callbacks))
    it(`are read to their end: ${name}`, () => {
      for (const [number, args, results] of variants) {
        const dialogue = tcp().server(record(callback([number, args], [12, 0, 0])))
        dialogue.client(record(build.results(1, 0, [number, 0, results], [12, 0])))
        const [event] = events(dialogue)
        assert.deepEqual(event?.nfs.operations, [name, 'CB_WANTS_CANCELLED'])
        assert.deepEqual(dialogue.counts, {})
      }
    })

  it('that were cut anywhere give what could be read', () => {
    for (const [name, variants] of Object.entries(operations))
      for (const [number, args, results] of variants) {
        const call = build.compound(1, [number, args])
        const reply = build.results(1, 0, [number, 0, results])
        for (let cut = 20; cut > 0; cut -= 4) {
          const dialogue = tcp().client(record(call.subarray(0, call.length - cut)))
          dialogue.server(record(reply.subarray(0, Math.max(24, reply.length - cut))))
          dialogue.close()
          assert.equal(dialogue.events.length, 1, name)
          assert.equal(dialogue.memory.held, 0)
        }
      }
  })
})
