import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import * as build from './build.js'
import { events, notes, seen, tcp, udp } from './support.js'

const { record } = build

describe('calls and replies of NFS', () => {
  it('are one event', () => {
    const dialogue = tcp()
    dialogue.client(record(build.lookup(0xab, 'root', 'file')), record(build.getattr(0xac, 'x')))
    dialogue.server(record(build.reply(0xab, 2, build.noAttributes)))
    assert.deepEqual(dialogue.events, [
      {
        type: 'nfs',
        '@timestamp': '2023-11-14T22:13:20.001Z',
        event: {
          action: 'nfs.LOOKUP',
          outcome: 'failure',
          start: '2023-11-14T22:13:20.001Z',
          end: '2023-11-14T22:13:20.003Z',
          duration: 2_000_000,
        },
        status: 'Error',
        source: { ip: '10.0.0.1', port: 40000, bytes: 88, domain: 'desk' },
        destination: { ip: '10.0.0.2', port: 2049, bytes: 32 },
        client: { ip: '10.0.0.1', port: 40000, bytes: 88, domain: 'desk' },
        server: { ip: '10.0.0.2', port: 2049, bytes: 32 },
        network: {
          type: 'ipv4',
          transport: 'tcp',
          community_id: '1:id',
          direction: 'unknown',
          bytes: 120,
          protocol: 'nfsv3',
        },
        related: { ip: ['10.0.0.1', '10.0.0.2'] },
        user: { id: '1000' },
        group: { id: '100' },
        path: 'file',
        rpc: {
          xid: '000000ab',
          auth_flavor: 'unix',
          cred: { stamp: 7, machinename: 'desk', uid: 1000, gid: 100, gids: [4, 27] },
          status: 'success',
        },
        nfs: { version: 3, opcode: 'LOOKUP', status: 'NFSERR_NOENT', file_handle: '16f4f95b' },
      },
    ])
  })

  it('find each other by their xid, in any order', () => {
    const dialogue = tcp()
    dialogue.client(record(build.lookup(1, 'root', 'a')), record(build.lookup(2, 'root', 'b')))
    dialogue.server(Buffer.concat([record(build.found(2, 'B')), record(build.found(1, 'A'))]))
    assert.deepEqual(seen(dialogue), [
      ['LOOKUP', 'b', 'NFS_OK', 'OK'],
      ['LOOKUP', 'a', 'NFS_OK', 'OK'],
    ])
  })

  it('are one transaction when the call is sent again', () => {
    const dialogue = udp()
    dialogue.client(build.getattr(5, 'x'), build.getattr(5, 'x'), build.getattr(5, 'x'))
    dialogue.server(build.attributes(5), build.attributes(5))
    dialogue.client(build.getattr(5, 'x')).close()
    assert.equal(events(dialogue).length, 1)
    assert.equal(events(dialogue)[0]?.rpc.retransmissions, 2)
    assert.deepEqual(dialogue.counts, { retransmitted_calls: 3, duplicate_responses: 1 })
  })

  it('report a call without a reply at the timeout, and the reply that comes later', () => {
    const dialogue = tcp()
    dialogue.client(record(build.getattr(1, 'x'))).wait(61)
    dialogue.server(record(build.attributes(1))).close()
    assert.deepEqual(seen(dialogue), [
      ['GETATTR', null, null, 'NO_REPLY'],
      ['GETATTR', null, 'NFS_OK', 'OK'],
    ])
    assert.deepEqual(notes(dialogue), [
      'Unmatched request',
      'The response came after transaction_timeout; the request was reported before',
    ])
    assert.deepEqual(dialogue.counts, { unmatched_requests: 1, late_responses: 1 })
    assert.equal(dialogue.memory.held, 0)
  })

  it('report at the end what still waits, once', () => {
    const dialogue = tcp()
    dialogue.client(record(build.getattr(1, 'x'))).wait(61)
    dialogue.client(record(build.getattr(2, 'y'))).close()
    assert.deepEqual(notes(dialogue), ['Unmatched request', 'Unmatched request'])
    assert.equal(dialogue.memory.held, 0)
  })

  it('count replies to calls that were not captured', () => {
    const dialogue = tcp()
      .server(record(build.attributes(9)))
      .close()
    assert.deepEqual(dialogue.events, [])
    assert.deepEqual(dialogue.counts, { unmatched_responses: 1 })
  })

  it('give up the oldest when too many wait', () => {
    const dialogue = tcp()
    for (let xid = 0; xid <= 16_384; xid++) dialogue.client(record(build.getattr(xid, 'x')))
    assert.deepEqual(notes(dialogue), ['Too many requests without a response'])
    assert.equal(dialogue.counts.evicted_requests, 1)
    dialogue.close()
    assert.equal(dialogue.events.length, 16_385)
    assert.equal(dialogue.memory.held, 0)
  })

  it('are counted when they are something else', () => {
    const others = [
      '',
      'short',
      'longer than a header',
      build.xdr(1, 2, 3),
      build.xdr(1, 0, 3, 4, 5),
      build.xdr(1, 0, 2, 3),
    ]
    const dialogue = udp()
      .client(...others)
      .close()
    assert.deepEqual(dialogue.events, [])
    assert.deepEqual(dialogue.counts, { malformed_messages: others.length })
  })

  it('say why a call was refused', () => {
    const dialogue = tcp()
    const refusals = [
      build.denied(1, 1, 1),
      build.denied(1, 1, 14),
      build.denied(1, 1, 99),
      build.denied(1, 0, 2, 2),
      build.accepted(1, 1),
      build.accepted(1, 2, 3, 4),
      build.accepted(1, 3),
      build.accepted(1, 4),
      build.accepted(1, 5),
      build.accepted(1, 77),
    ]
    for (const refusal of refusals) dialogue.client(record(build.getattr(1, 'x'))).server(record(refusal))
    const told = events(dialogue).map(({ rpc, status }) => [rpc.status, rpc.auth_error ?? null, status])
    assert.deepEqual(told, [
      ['auth_error', 'badcred', 'Error'],
      ['auth_error', 'rpcsec_gss_ctxproblem', 'Error'],
      ['auth_error', 'unknown (99)', 'Error'],
      ['rpc_mismatch', null, 'Error'],
      ['prog_unavail', null, 'Error'],
      ['prog_mismatch', null, 'Error'],
      ['proc_unavail', null, 'Error'],
      ['garbage_args', null, 'Error'],
      ['system_err', null, 'Error'],
      ['unknown (77)', null, 'Error'],
    ])
  })

  it('go both ways: a server calls its client back', () => {
    const dialogue = tcp()
    const callback = { xid: 1, program: 0x4000_0000, version: 1, procedure: 1 }
    const recall = build.call(callback, '', 1, 0, 1, 4, build.zeros(16), 0, 'handle')
    dialogue.client(record(build.getattr(1, 'x'))).server(record(recall))
    dialogue.client(record(build.results(1, 0, [4, 0]))).server(record(build.attributes(1)))
    assert.deepEqual(seen(dialogue), [
      ['CB_RECALL', null, 'NFS_OK', 'OK'],
      ['GETATTR', null, 'NFS_OK', 'OK'],
    ])
    const [recalled] = dialogue.events as { source: { ip: string }; rpc: { program: string } }[]
    assert.equal(recalled?.source.ip, '10.0.0.2')
    assert.equal(recalled?.rpc.program, 'nfs_cb')
  })

  it('are told of other programs on the port', () => {
    const dialogue = tcp()
    const mnt = build.call({ xid: 1, program: build.MOUNT, procedure: 1 }, '/export')
    const acl = build.call({ xid: 2, program: 100_227, procedure: 1 }, 'handle', 1)
    const own = build.call({ xid: 3, program: 400_000, version: 7, procedure: 8 })
    dialogue.client(record(mnt), record(acl), record(own))
    dialogue.server(record(build.reply(1, 13)), record(build.reply(2, 0)), record(build.reply(3)))
    const told = dialogue.events as { event: { action: string }; path?: string; status: string }[]
    assert.deepEqual(
      told.map(({ event, path, status }) => [event.action, path, status]),
      [
        ['mount.MNT', '/export', 'Error'],
        ['nfs_acl.GETACL', undefined, 'OK'],
        ['400000.8', undefined, 'OK'],
      ],
    )
  })
})

describe('credentials', () => {
  it('of RPCSEC_GSS show what is in clear', () => {
    const dialogue = tcp()
    const gss = (procedure: number, service: number) =>
      build.xdr(6, build.xdr(1, procedure, 42, service, 'context'))
    const sent = (xid: number, credential: Buffer, ...args: build.Item[]) =>
      record(build.call({ xid, procedure: build.LOOKUP, credential }, ...args))
    dialogue.client(sent(1, gss(0, 1), 'root', 'clear')).server(record(build.found(1, 'A')))
    dialogue.client(sent(2, gss(0, 2), 60, 42, 'root', 'signed', 'checksum'))
    dialogue.server(record(build.reply(2, 60, 42, 0, 'B', 0, 0)))
    dialogue.client(sent(3, gss(0, 3), 'encrypted')).server(record(build.reply(3, 'encrypted')))
    dialogue.client(sent(4, gss(1, 1), 'token')).server(record(build.reply(4, 'token')))
    assert.deepEqual(seen(dialogue), [
      ['LOOKUP', 'clear', 'NFS_OK', 'OK'],
      ['LOOKUP', 'signed', 'NFS_OK', 'OK'],
      ['LOOKUP', null, null, 'OK'],
      ['LOOKUP', null, null, 'OK'],
    ])
    assert.deepEqual(
      events(dialogue).map(({ rpc }) => rpc.gss),
      [
        { procedure: 'data', service: 'none', sequence: 42 },
        { procedure: 'data', service: 'integrity', sequence: 42 },
        { procedure: 'data', service: 'privacy', sequence: 42 },
        { procedure: 'init', service: 'none', sequence: 42 },
      ],
    )
  })

  it('may change from call to call', () => {
    const dialogue = tcp()
    for (const stamp of [1, 1, 2])
      dialogue
        .client(record(build.call({ procedure: 0, credential: build.unix(stamp) })))
        .server(record(build.reply(1)))
    const stamps = events(dialogue).map(({ rpc }) => (rpc.cred as { stamp: number }).stamp)
    assert.deepEqual(stamps, [1, 1, 2])
  })

  it('that ask for TLS end the decoding when the server agrees', () => {
    const dialogue = tcp()
    const probe = build.call({ procedure: 0, credential: build.xdr(7, '') })
    dialogue.client(record(probe)).server(record(build.xdr(1, 1, 0, 0, 'STARTTLS', 0)))
    assert.equal(dialogue.enough, true)
    dialogue.client(Buffer.from('160301', 'hex')).close()
    assert.deepEqual(dialogue.counts, { encrypted_connections: 1 })
    assert.deepEqual(
      events(dialogue).map(({ rpc }) => rpc.auth_flavor),
      ['tls'],
    )
  })

  it('of other flavors are only named', () => {
    const dialogue = tcp()
    dialogue.client(record(build.call({ procedure: 0, credential: build.xdr(3, 'DES') })))
    dialogue.server(record(build.reply(1)))
    assert.equal(events(dialogue)[0]?.rpc.auth_flavor, 'unknown (3)')
  })
})
