import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { message } from '../../../lib/protocols/dns/message.js'
import { messageText } from '../../../lib/protocols/dns/text.js'
import { hex, name, opt, query, question, record, response, text, words } from './builder.js'

const everything = { authorities: true, additionals: true }
const read = (bytes: Buffer, whole = bytes.length) => message(bytes, 0, bytes.length, whole, everything)
const answer = (type: number, ...data: Uint8Array[]) =>
  read(response(1, { answers: [record(12, type, ...data)] })).answers[0] as Record<string, unknown>

describe('a DNS message', () => {
  it('has header, question and all sections', () => {
    const read1 = read(
      response(7, {
        flags: 0x85b3,
        answers: [record(12, 1, hex('c0000201'))],
        authorities: [record('example.com', 2, name('ns1.example.com'))],
        additionals: [record('ns1.example.com', 28, hex('20010db8 00000000 00000000 00000035')), opt()],
      }),
    )
    assert.deepEqual(
      [read1.id, read1.rcode, read1.answersCount, read1.authoritiesCount, read1.additionalsCount],
      [7, 3, 1, 1, 1],
    )
    assert.deepEqual(read1.questions, [{ name: 'www.example.com', type: 'A', class: 'IN' }])
    assert.equal(
      messageText(read1),
      'ID 7; QR response; OPCODE QUERY; FLAGS aa rd ra ad cd; RCODE NXDOMAIN; QUESTION class IN, type A, www.example.com; ' +
        'ANSWER 192.0.2.1; AUTHORITY ns1.example.com; ADDITIONAL 2001:db8::35',
    )
  })

  it('steps over sections that are not wanted, and finds EDNS behind them', () => {
    const bytes = response(1, {
      authorities: [record('example.com', 2, name('ns1.example.com'))],
      additionals: [record('a', 1, hex('c0000201')), opt([], { flags: 0x8000 })],
    })
    const read1 = message(bytes, 0, bytes.length, bytes.length, { authorities: false, additionals: false })
    assert.deepEqual([read1.authorities, read1.additionals, read1.opt?.do], [[], [], true])
  })

  it('shows names as zone files do', () => {
    const names = (bytes: Buffer) => read(bytes).questions[0]?.name
    const asked = (label: string) => names(query(1, { questions: [question(`${label}.example`)] }))
    assert.equal(asked('with space'), 'with\\ space.example')
    assert.equal(asked('b\xfccher'), 'b\\252cher.example')
    assert.equal(asked('tab\t@"\\'), 'tab\\009\\@\\"\\\\.example')
    assert.equal(names(query(1, { questions: [Buffer.concat([hex('03612e62 00'), words(1, 1)])] })), 'a\\.b')
    assert.equal(names(query(1, { questions: [question('')] })), '.')
  })

  it('follows pointers into names and records', () => {
    const { answers } = read(
      response(1, {
        questions: [question('www.example.com')],
        answers: [record(12, 5, text('origin'), words(0xc010)), record(45, 1, hex('c0000201'))],
      }),
    )
    assert.deepEqual(
      answers.map((one) => [one.name, one.data]),
      [
        ['www.example.com', 'origin.example.com'],
        ['origin.example.com', '192.0.2.1'],
      ],
    )
  })

  const data: [type: number, bytes: Buffer[], shown: string][] = [
    [1, [hex('c0000201')], '192.0.2.1'],
    [28, [hex('20010db8 00000000 00000000 00000001')], '2001:db8::1'],
    [28, [hex('00000000 00000000 0000ffff c0000201')], '192.0.2.1'],
    [28, [hex('00000000 00000000 00000000 00000000')], '::'],
    [28, [hex('20010db8 00010000 00010000 00000001')], '2001:db8:1:0:1::1'],
    [28, [hex('00010000 00020003 00040005 00060000')], '1:0:2:3:4:5:6:0'],
    [39, [name('other.example.org')], 'other.example.org'],
    [13, [text('CPU'), text('OS')], '"CPU" "OS"'],
    [16, [text('a "b"'), text('c\\\n\xff')], 'a \\"b\\" c\\\\\\010\\255'],
    [29, [hex('00121610 8b0d2b80 70be15f0 00989680')], '51 30 12.480 N 71 6 18.000 W 0.00m 1m 10000m 0.01m'],
    [
      35,
      [words(100, 10), text('S'), text('SIP+D2U'), text('!^.*$!sip:a@b!'), name('')],
      '100 10 "S" "SIP+D2U" "!^.*$!sip:a@b!" .',
    ],
    [37, [words(1, 2), hex('0501020304')], 'PKIX 2 RSASHA1 AQIDBA=='],
    [44, [hex('0101 aabb')], '1 1 AABB'],
    [45, [hex('0a0102 c0000226 010203')], '10 1 2 192.0.2.38 AQID'],
    [45, [hex('0a0300'), name('gate.example')], '10 3 0 gate.example'],
    [52, [hex('030101 0123abcd')], '3 1 1 0123ABCD'],
    [55, [hex('0402 0004 11223344 deadbeef'), name('rvs.example')], '2 11223344 3q2+7w== rvs.example'],
    [62, [hex('00000042 0003'), hex('0004 60000008')], '66 3 A NS AAAA'],
    [63, [hex('00000042 0101 aabb')], '66 1 1 AABB'],
    [64, [words(1), name('svc.example'), words(3, 2, 8443)], '1 svc.example port=8443'],
    [
      65,
      [
        words(1),
        name(''),
        words(0, 2, 1),
        words(1, 6),
        text('h2'),
        text('h3'),
        words(2, 0),
        words(5, 2),
        hex('abcd'),
      ],
      '1 . mandatory=alpn alpn=h2,h3 no-default-alpn ech=q80=',
    ],
    [
      65,
      [
        words(1),
        name(''),
        words(6, 16),
        hex('20010db8 00000000 00000000 00000001'),
        words(7, 2),
        hex('2f71'),
        words(99, 1),
        hex('41'),
      ],
      '1 . ipv6hint=2001:db8::1 dohpath=/q key99=A',
    ],
    [108, [hex('00005e005301')], '00-00-5e-00-53-01'],
    [256, [words(10, 1), Buffer.from('ftp://a/"b"')], '10 1 "ftp://a/\\"b\\""'],
    [257, [hex('80'), text('issue'), Buffer.from('ca.example')], '128 issue "ca.example"'],
    [65280, [hex('00 0a 09 0d 22 5c 41')], '\\000\\n\\t\\r\\"\\\\A'],
  ]
  for (const [type, bytes, shown] of data)
    it(`shows type ${type} as ${shown}`, () => assert.equal(answer(type, ...bytes).data, shown))

  it('gives the fields that some types have', () => {
    const { name: _, type: __, class: ___, ttl, ...srv } = answer(33, words(1, 5, 5060), name('sip.example'))
    assert.equal(ttl, '300')
    assert.deepEqual(srv, { priority: 1, weight: 5, port: 5060, data: 'sip.example' })
    const ds = answer(43, hex('3039 08 02 aabb'))
    assert.deepEqual(
      [ds.key_tag, ds.algorithm, ds.digest_type, ds.data],
      ['12345', 'RSASHA256', 'SHA256', 'AABB'],
    )
    const nsec3 = answer(50, hex('0101000a 02aabb 05 0102030405 000140'))
    assert.deepEqual([nsec3.salt, nsec3.data, nsec3.type_bits], ['AABB', '04106105', 'A'])
    const rrsig = answer(
      46,
      words(1),
      hex('0803'),
      hex('0000012c 6b49d200 6553f100'),
      words(4711),
      name('a'),
      hex('ca'),
    )
    assert.deepEqual([rrsig.expiration, rrsig.inception], ['20270115080000', '20231114221320'])
    assert.deepEqual([rrsig.type_covered, rrsig.signer_name, rrsig.data], ['A', 'a', 'yg=='])
  })

  it('shows the bytes of a record that is not what its type says, and reads on', () => {
    const { answers } = read(
      response(1, {
        answers: [record(12, 1, hex('c00002')), record(12, 64, hex('0001')), record(12, 1, hex('c0000201'))],
      }),
    )
    assert.deepEqual(
      answers.map((one) => one.data),
      ['\\192\\000\\002', '\\000\\001', '192.0.2.1'],
    )
    // A record without data deletes in an update (RFC 2136 §2.5.2).
    assert.equal(answer(1).data, '')
  })

  it('reads the options of EDNS', () => {
    const options = (...list: [number, Buffer][]) => {
      const {
        do: _,
        version: __,
        udp_size,
        ext_rcode,
        extended: ____,
        ...rest
      } = read(query(1, { additionals: [opt(list)] })).opt as object as Record<string, unknown>
      assert.deepEqual([udp_size, ext_rcode], [1232, 'NOERROR'])
      return rest
    }
    assert.deepEqual(options([3, Buffer.from('ns-7')], [10, hex('0123456789abcdef')]), {
      nsid: '6e732d37',
      cookie: '0123456789abcdef',
    })
    assert.deepEqual(options([5, hex('080d')], [6, hex('0102')], [7, hex('01')]), {
      dau: 'RSASHA256 ECDSAP256SHA256',
      dhu: 'SHA1 SHA256',
      n3u: 'SHA1',
    })
    assert.deepEqual(options([8, hex('00011800c00002')]), { subnet: '192.0.2.0/24/0' })
    assert.deepEqual(options([8, hex('0002383020010db8000000')]), { subnet: '[2001:db8::]/56/48' })
    assert.deepEqual(options([8, hex('0003')]), {})
    assert.deepEqual(options([9, hex('00000e10')], [11, hex('0064')], [12, Buffer.alloc(20)]), {
      expire: 3600,
      tcp_keepalive: 10_000,
      padding: 20,
    })
    assert.deepEqual(options([15, Buffer.from('\0\x12blocked')], [15, hex('03e7')]), {
      ede: ['18 (Prohibited): blocked', '999'],
    })
    assert.deepEqual(options([65001, hex('beef')], [13, hex('aa')]), {
      local: '65001:0xbeef',
      other: ['13:0xaa'],
    })
    assert.deepEqual(options([1, hex('0001 0001 0000 0000000000000007 00000e10')], [2, hex('00000e10')]), {
      llq: '1 1 0 7 3600',
      ul: '3600',
    })
  })

  it('adds the bits of EDNS to the response code', () => {
    const { rcode, opt: read1 } = read(
      response(1, { flags: 0x8187, additionals: [opt([], { extended: 1 })] }),
    )
    assert.deepEqual([rcode, read1?.ext_rcode], [23, 'BADCOOKIE'])
  })

  it('is read as far as the capture kept it', () => {
    const whole = response(1, { answers: [record(12, 1, hex('c0000201')), record(12, 1, hex('c0000202'))] })
    const { cut, bytes, answers, answersCount } = read(whole.subarray(0, whole.length - 5), whole.length)
    assert.deepEqual([cut, bytes, answersCount, answers.length], [true, whole.length, 2, 1])
    assert.deepEqual(read(whole.subarray(0, 20), whole.length).questions, [])
  })

  const hostile: [what: string, bytes: Buffer][] = [
    ['less than a header', Buffer.alloc(11)],
    ['text', Buffer.from('this is not DNS at all')],
    ['counts of more than there is', Buffer.concat([words(1, 0x8180, 1, 65535, 0, 0), question('a')])],
    ['a cut question', query(1).subarray(0, 20)],
    ['a label without its end', Buffer.concat([words(1, 0, 1, 0, 0, 0), hex('3f616263'), words(1, 1)])],
    ['a label of an old kind', Buffer.concat([words(1, 0, 1, 0, 0, 0), hex('4161'), words(1, 1), hex('00')])],
    ['a name of 256 bytes', query(1, { questions: [question(Array(64).fill('abc').join('.'))] })],
    ['a pointer to itself', response(1, { answers: [record(33, 1, hex('c0000201'))] })],
    ['a pointer past the end', response(1, { answers: [record(0x3fff, 1, hex('c0000201'))] })],
    [
      'two pointers to each other',
      response(1, { questions: [Buffer.concat([words(0xc00e, 0xc00c), words(1, 1)])] }),
    ],
    [
      'a record longer than the message',
      response(1, { answers: [record(12, 1, hex('c0000201'))] }).subarray(0, -1),
    ],
    ['an option without its end', query(1, { additionals: [record('', 41, words(10, 99))] })],
  ]
  for (const [what, bytes] of hostile)
    it(`refuses ${what}`, () => {
      assert.throws(() => read(bytes), { name: 'Malformed' })
    })

  it('takes bounded time for names that point at each other', () => {
    // Each record's owner begins with a label and goes on in the record before.
    const answers: Buffer[] = []
    let at = 12 + 21
    let target = 12
    for (let left = 3000; left > 0; left--) {
      const bytes = Buffer.concat([text('x'), words(0xc000 | target, 1, 1, 0, 0, 0)])
      answers.push(bytes)
      if (at < 0x3fff) target = at
      at += bytes.length
    }
    const start = performance.now()
    assert.throws(() => read(response(1, { answers })), { name: 'Malformed' })
    assert.ok(performance.now() - start < 500)
  })
})
