import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { splits } from '../../support/splits.js'
import * as build from './build.js'
import { events, notes, seen, tcp } from './support.js'

const { record } = build
const FROM_CLIENT = 0
const FROM_SERVER = 1

const OK = [
  ['LOOKUP', 'file', 'NFS_OK', 'OK'],
  ['READ', 'file', 'NFS_OK', 'OK'],
]

describe('records of ONC RPC', () => {
  const calls = [build.lookup(1, 'root', 'file'), build.read(2, 'F', 4096, 100)]
  const replies = [build.found(1, 'F'), build.data(2, Buffer.from('hello'), 1)]

  it('are read however TCP cuts them', () => {
    for (const chunks of splits(Buffer.concat(calls.map((message) => record(message))))) {
      const dialogue = tcp()
      dialogue.client(...chunks).server(...replies.map((message) => record(message)))
      assert.equal(dialogue.events.length, 2)
      dialogue.close()
      assert.equal(dialogue.memory.held, 0)
    }
    for (const chunks of splits(Buffer.concat(replies.map((message) => record(message))))) {
      const dialogue = tcp()
      dialogue.client(record(calls[0] as Buffer)).server(chunks[0] as Buffer)
      dialogue.client(record(calls[1] as Buffer)).server(...chunks.slice(1))
      const all = events(dialogue).map(({ nfs }) => nfs.opcode)
      assert.ok(all.includes('LOOKUP'), String(all))
    }
  })

  it('may be of several fragments, of any size', () => {
    for (const most of [4, 5, 12, 13, 40, 1000]) {
      const dialogue = tcp()
      dialogue.client(record(calls[0] as Buffer, most)).server(record(replies[0] as Buffer, most))
      dialogue.client(record(calls[1] as Buffer, most)).server(record(replies[1] as Buffer, most))
      assert.deepEqual(seen(dialogue), OK)
    }
  })

  it('of fragments are read however TCP cuts them', () => {
    for (const chunks of splits(record(calls[0] as Buffer, 20))) {
      const dialogue = tcp()
        .client(...chunks)
        .server(record(replies[0] as Buffer))
      assert.deepEqual(seen(dialogue), OK.slice(0, 1))
      assert.equal(events(dialogue)[0]?.rpc.xid, '00000001')
    }
  })

  it('do not keep the data that are written or read', () => {
    const megabyte = Buffer.alloc(1 << 20, 0x61)
    const dialogue = tcp()
    const pieces = (message: Buffer): Buffer[] => {
      const bytes = record(message)
      return Array.from({ length: Math.ceil(bytes.length / 1448) }, (_, at) =>
        bytes.subarray(at * 1448, (at + 1) * 1448),
      )
    }
    let most = 0
    for (const piece of pieces(build.write(1, 'F', 0, megabyte))) {
      dialogue.client(piece)
      most = Math.max(most, dialogue.memory.held)
    }
    dialogue.server(record(build.wrote(1, 1 << 20)))
    dialogue.client(record(build.read(2, 'F', 0, 1 << 20)))
    for (const piece of pieces(build.data(2, megabyte, 1))) {
      dialogue.server(piece)
      most = Math.max(most, dialogue.memory.held)
    }
    assert.ok(most < 8192, `${most} bytes were held`)
    assert.deepEqual(
      events(dialogue).map(({ nfs }) => [nfs.opcode, nfs.length, nfs.count, nfs.eof]),
      [
        ['WRITE', 1 << 20, 1 << 20, undefined],
        ['READ', 1 << 20, 1 << 20, true],
      ],
    )
  })

  it('are read behind the data that were not kept', () => {
    const message = build.compound(
      1,
      [22, 'F'],
      [38, build.zeros(16) as never, 0n, 2, Buffer.alloc(5000)],
      [9, 0],
      [5, 0n, 0],
    )
    const dialogue = tcp().client(...Array.from(record(message), (byte) => Buffer.from([byte])))
    dialogue.close()
    assert.deepEqual(events(dialogue)[0]?.nfs.operations, ['PUTFH', 'WRITE', 'GETATTR', 'COMMIT'])
    assert.equal(events(dialogue)[0]?.nfs.length, 5000)
  })

  it('of which only the begin is kept are counted', () => {
    const listing = build.reply(1, 0, 0, 0n, new build.Raw(Buffer.alloc(400_000)))
    const dialogue = tcp().client(record(build.call({ procedure: build.READDIRPLUS }, 'root', 0n, 0n, 1, 1)))
    const bytes = record(listing)
    dialogue.server(bytes.subarray(0, 1000), bytes.subarray(1000))
    dialogue.client(record(calls[0] as Buffer)).server(record(replies[0] as Buffer))
    assert.equal(dialogue.counts.truncated_records, 1)
    assert.equal(dialogue.events.length, 2)
  })
})

describe('records that were not captured whole', () => {
  it('miss nothing when data are lost', () => {
    const bytes = record(build.write(1, 'F', 0, Buffer.alloc(10_000)))
    const dialogue = tcp().client(bytes.subarray(0, 1000)).gap(FROM_CLIENT, 7000)
    dialogue.client(bytes.subarray(8000)).server(record(build.wrote(1, 10_000)))
    assert.deepEqual(events(dialogue)[0]?.nfs.count, 10_000)
    assert.deepEqual(notes(dialogue), [null])
    const [{ source }] = dialogue.events as [{ source: { bytes: number } }]
    assert.equal(source.bytes, bytes.length - 4)
  })

  it('say so when more is lost, and the next ones are found', () => {
    const bytes = record(build.lookup(1, 'root', 'x'.repeat(200)))
    const dialogue = tcp().client(bytes.subarray(0, 150)).gap(FROM_CLIENT, 50).client(bytes.subarray(200))
    dialogue.server(record(build.found(1, 'F')))
    dialogue.client(record(build.getattr(2, 'F'))).server(record(build.attributes(2)))
    assert.deepEqual(notes(dialogue), ['Packet loss while capturing the request', null])
  })

  it('are searched for behind a gap that goes on past a record', () => {
    const dialogue = tcp()
    dialogue.client(record(build.getattr(1, 'F')), record(build.getattr(2, 'F')))
    dialogue.server(record(build.attributes(1)).subarray(0, 50)).gap(FROM_SERVER, 100)
    dialogue.server(Buffer.concat([Buffer.alloc(37, 0x80), record(build.attributes(2))])).close()
    assert.deepEqual(seen(dialogue), [
      ['GETATTR', null, 'NFS_OK', 'OK'],
      ['GETATTR', null, 'NFS_OK', 'OK'],
    ])
    assert.deepEqual(notes(dialogue), ['Packet loss while capturing the response', null])
    assert.equal(dialogue.counts.passed_bytes, 37)
  })

  it('and calls whose replies were lost', () => {
    const dialogue = tcp()
      .client(record(build.getattr(1, 'F')))
      .gap(FROM_SERVER, 500)
      .close()
    assert.deepEqual(notes(dialogue), ['Packet loss while capturing the response'])
  })

  it('and end with their connection are told as far as they came', () => {
    const call = record(build.write(1, 'F', 0, Buffer.alloc(10_000)))
    const dialogue = tcp().client(call.subarray(0, 500)).close()
    assert.deepEqual(seen(dialogue), [['WRITE', null, null, 'NO_REPLY']])
    dialogue.client(record(build.read(1, 'F', 0, 5000)))
    dialogue.server(record(build.data(1, Buffer.alloc(5000))).subarray(0, 600)).close()
    assert.deepEqual(notes(dialogue), ['Unmatched request', 'The response is incomplete'])
    assert.equal(dialogue.memory.held, 0)
  })

  it('are found when the capture begins in the middle of one, wherever TCP cuts', () => {
    const bytes = Buffer.concat([Buffer.from('rest of some data'), record(build.lookup(1, 'root', 'file'))])
    for (const chunks of splits(bytes)) {
      const dialogue = tcp()
        .client(...chunks)
        .server(record(build.found(1, 'F')))
      assert.deepEqual(seen(dialogue), OK.slice(0, 1))
      assert.equal(dialogue.counts.passed_bytes, 17)
    }
  })
})

describe('what is not NFS', () => {
  const hostile: [string, Buffer][] = [
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n'.repeat(20))],
    ['zeros', Buffer.alloc(10_000)],
    ['ones', Buffer.alloc(10_000, 0xff)],
    ['a fragment of 2 GB', build.xdr(0xffff_ffff, new build.Raw(build.getattr(1, 'F')))],
    ['fragments of nothing', build.xdr(...new Array(2000).fill(0))],
    ['fragments of one byte', Buffer.concat(new Array(2000).fill(Buffer.from('0000000100', 'hex')))],
    ['a record of two words', build.xdr(0x8000_0008, 1, 0)],
  ]
  for (const [what, bytes] of hostile)
    it(`is passed over: ${what}`, () => {
      for (const chunks of [[bytes], Array.from(bytes, (byte) => Buffer.from([byte]))]) {
        const dialogue = tcp()
          .client(...chunks)
          .server(...chunks)
        assert.deepEqual(dialogue.events, [])
        assert.ok(dialogue.memory.held < 70_000, `${dialogue.memory.held} bytes held`)
        dialogue.close()
        assert.equal(dialogue.memory.held, 0)
      }
    })

  it('ends a conversation that there is no memory for', () => {
    const dialogue = tcp()
    dialogue.memory.take(64 * 1024 * 1024 - 100)
    dialogue.client(record(build.lookup(1, 'root', 'x'.repeat(100))).subarray(0, 60))
    assert.equal(dialogue.counts.malformed, 1)
  })

  it('does not cost more the more of it there is', () => {
    // Begins of records that turn out to be none.
    const begin = build.xdr(20, 1, 0, 2, build.NFS, 3, 1)
    const bytes = Buffer.concat(new Array(2300).fill(begin))
    const start = process.cpuUsage()
    for (let round = 0; round < 10; round++) tcp().client(bytes).close()
    const { user } = process.cpuUsage(start)
    assert.ok(user < 3e6, `${user / 1e6} s for 640 KB`)
  })
})
