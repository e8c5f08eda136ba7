import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { answerTo, question, reverseName } from '../../../lib/processors/dns/message.js'
import { parseServer, systemServers } from '../../../lib/processors/dns/servers.js'
import { a, alias, asks, labels, ptr, reply } from './server.js'

const ask = (name: string, type: 'A' | 'PTR' | 'TXT' | 'AAAA' = 'A') => question(7, name, type) as Buffer

describe('questions of name servers', () => {
  it('ask for the name of an address', () => {
    assert.equal(reverseName('192.0.2.1'), '1.2.0.192.in-addr.arpa')
    assert.equal(reverseName('::ffff:192.0.2.1'), '1.2.0.192.in-addr.arpa')
    assert.equal(
      reverseName('2001:db8::567:89ab'),
      'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
    )
    for (const none of ['', 'www.example', '1.2.3', '1.2.3.4.5', ':::'])
      assert.equal(reverseName(none), undefined)
  })

  it('are as RFC 1035 has them', () => {
    assert.deepEqual(
      ask('www.example'),
      Buffer.from('\0\x07\x01\0\0\x01\0\0\0\0\0\0\x03www\x07example\0\0\x01\0\x01', 'latin1'),
    )
    assert.equal(asks(ask('www.example.')), 'www.example')
    assert.equal(asks(ask('a\\.b.example')), 'a\\.b.example')
    assert.equal(asks(ask('\\000\\255.example')), '\\000\\255.example')
  })

  for (const bad of ['', '.', '..', 'a..b', '.a', 'a\\', `${'x'.repeat(64)}.example`, 'ab.'.repeat(90)])
    it(`are not made of ${JSON.stringify(bad.slice(0, 20))}`, () =>
      assert.equal(question(1, bad, 'A'), undefined))
})

describe('answers of name servers', () => {
  it('have values and the shortest time to live, behind aliases too', () => {
    const asked = ask('www.Example')
    const records = [
      alias('WWW.example', 'web.example', 60),
      a('web.example', '192.0.2.1'),
      a('web.example', '192.0.2.2'),
    ]
    assert.deepEqual(answerTo(asked, reply(asked, { records }), 'A'), {
      values: ['192.0.2.1', '192.0.2.2'],
      ttl: 60,
    })
  })

  it('have no values of other names', () => {
    const asked = ask('www.example')
    const records = [a('evil.example', '192.0.2.66')]
    assert.deepEqual(answerTo(asked, reply(asked, { records }), 'A'), { failure: 'no A record', final: true })
  })

  it('say why there are none', () => {
    const asked = ask('www.example')
    assert.deepEqual(answerTo(asked, reply(asked, { code: 3 }), 'A'), { failure: 'NXDOMAIN', final: true })
    assert.deepEqual(answerTo(asked, reply(asked, { code: 2 }), 'A'), { failure: 'SERVFAIL', final: false })
    assert.equal(answerTo(asked, reply(asked, { truncated: true }), 'A'), 'truncated')
  })

  it('have texts, as zone files show them', () => {
    const asked = ask('t.example', 'TXT')
    const records = [{ name: 't.example', type: 16, data: Buffer.from('\x03one\x05t"wo\0', 'latin1') }]
    assert.deepEqual(answerTo(asked, reply(asked, { records }), 'TXT'), {
      values: ['one', 't\\"wo\\000'],
      ttl: 300,
    })
  })

  it('end at a loop of aliases', () => {
    const asked = ask('a.example')
    const records = [alias('a.example', 'b.example'), alias('b.example', 'a.example')]
    assert.deepEqual(answerTo(asked, reply(asked, { records }), 'A'), { failure: 'no A record', final: true })
  })

  const asked = ask('1.2.0.192.in-addr.arpa', 'PTR')
  const good = reply(asked, { records: [ptr('1.2.0.192.in-addr.arpa', 'host.example')] })
  it('are not those to other questions', () => {
    assert.deepEqual(answerTo(asked, good, 'PTR'), { values: ['host.example'], ttl: 300 })
    const forged = {
      id: reply(asked, { id: 8, records: [] }),
      name: reply(asked, { question: Buffer.concat([labels('x.example'), Buffer.from([0, 12, 0, 1])]) }),
      type: reply(asked, { question: Buffer.concat([asked.subarray(12, -4), Buffer.from([0, 1, 0, 1])]) }),
      group: reply(asked, { question: Buffer.concat([asked.subarray(12, -2), Buffer.from([0, 3])]) }),
      itself: asked,
      nothing: Buffer.alloc(0),
    }
    for (const [what, message] of Object.entries(forged))
      assert.equal(answerTo(asked, message, 'PTR'), undefined, what)
  })

  it('that are cut anywhere are no answers', () => {
    for (let length = 0; length < good.length; length++) {
      try {
        assert.equal(answerTo(asked, good.subarray(0, length), 'PTR'), undefined)
      } catch (error) {
        assert.equal((error as Error).name, 'Malformed')
      }
    }
  })
})

describe('name servers', () => {
  it('are addresses, with a port or without', () => {
    assert.deepEqual(parseServer('192.0.2.1', 53), { host: '192.0.2.1', port: 53 })
    assert.deepEqual(parseServer('192.0.2.1:5353', 53), { host: '192.0.2.1', port: 5353 })
    assert.deepEqual(parseServer('2001:db8::1', 853), { host: '2001:db8::1', port: 853 })
    assert.deepEqual(parseServer('[2001:db8::1]:5353', 53), { host: '2001:db8::1', port: 5353 })
    for (const bad of ['', 'ns.example', '192.0.2.1:0', '192.0.2.1:70000', '[192.0.2.1', '1.2.3'])
      assert.equal(parseServer(bad, 53), undefined)
  })

  it('are those of resolv.conf, three at most', (t) => {
    const home = mkdtempSync(join(tmpdir(), 'resolv-'))
    t.after(() => rmSync(home, { recursive: true }))
    const file = join(home, 'resolv.conf')
    writeFileSync(
      file,
      '# x\nsearch example\nnameserver 192.0.2.1\n nameserver\t2001:db8::1\nnameserver name\nnameserver 192.0.2.2\nnameserver 192.0.2.3\n',
    )
    assert.deepEqual(
      systemServers(53, file).map(({ host }) => host),
      ['192.0.2.1', '2001:db8::1', '192.0.2.2'],
    )
    assert.deepEqual(systemServers(53, join(home, 'none')), [{ host: '127.0.0.1', port: 53 }])
  })
})
