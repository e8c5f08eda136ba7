import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseAddress } from '../../lib/net/address.js'
import { isLinkLocal, isLoopback, parseNetworks } from '../../lib/net/networks.js'

describe('parseAddress', () => {
  it('reads IPv4 as the IPv6 it is mapped to', () => {
    assert.deepEqual(parseAddress('192.168.1.2'), [0, 0, 0xffff, 0xc0a80102])
    assert.deepEqual(parseAddress('::ffff:192.168.1.2'), parseAddress('192.168.1.2'))
  })

  it('reads every way to write IPv6', () => {
    assert.deepEqual(parseAddress('2001:db8::1'), [0x20010db8, 0, 0, 1])
    assert.deepEqual(parseAddress('::'), [0, 0, 0, 0])
    assert.deepEqual(parseAddress('1:2:3:4:5:6:7:8'), [0x10002, 0x30004, 0x50006, 0x70008])
    assert.deepEqual(parseAddress('fe80::1%eth0'), [0xfe800000, 0, 0, 1])
    assert.deepEqual(parseAddress('1::'), [0x10000, 0, 0, 0])
  })

  const none = [
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1..2.3',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    'g::',
    '1.2.3.4::',
    'example.org',
  ]
  for (const text of none)
    it(`knows that ${JSON.stringify(text)} is no address`, () => assert.equal(parseAddress(text), undefined))
})

describe('parseNetworks', () => {
  const members: Record<string, [inside: string[], outside: string[]]> = {
    '10.0.0.0/8': [
      ['10.0.0.0', '10.255.255.255'],
      ['11.0.0.0', '9.255.255.255', '::a00:1', 'no address'],
    ],
    '192.168.3.77/30': [['192.168.3.76', '192.168.3.79'], ['192.168.3.80']],
    '0.0.0.0/0': [['255.255.255.255', '0.0.0.0'], ['2001:db8::1']],
    '::/0': [['::1', '10.0.0.1'], []],
    '2001:db8:1234::/45': [['2001:db8:1237::1', '2001:db8:1230::'], ['2001:db8:1238::1']],
    loopback: [
      ['127.0.0.1', '127.8.8.8', '::1'],
      ['128.0.0.1', '::2'],
    ],
    private: [
      ['10.1.1.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fd00::1'],
      ['172.32.0.1', '169.254.1.1', 'fe80::1', '8.8.8.8'],
    ],
    public: [
      ['8.8.8.8', '2001:db8::1'],
      ['10.1.1.1', '127.0.0.1', '0.0.0.0', '255.255.255.255', '169.254.1.1', 'ff02::1', '224.0.0.251'],
    ],
    unicast: [
      ['8.8.8.8', '10.0.0.1', 'fd00::1'],
      ['127.0.0.1', '224.1.1.1', 'fe80::1', '0.0.0.0', '255.255.255.255'],
    ],
    multicast: [
      ['224.0.0.1', '239.255.255.255', 'ff0e::1'],
      ['223.255.255.255', 'fe80::1'],
    ],
    link_local_unicast: [
      ['169.254.0.1', 'fe80::1', 'febf::1'],
      ['169.253.0.1', 'fec0::1'],
    ],
    link_local_multicast: [
      ['224.0.0.251', 'ff02::fb', 'ff12::1', 'fff2::1'],
      ['224.0.1.1', 'ff05::1'],
    ],
    interface_local_multicast: [
      ['ff01::1', 'ff91::1'],
      ['ff02::1', '224.0.0.1'],
    ],
    unspecified: [
      ['0.0.0.0', '::'],
      ['0.0.0.1', '::1'],
    ],
  }
  for (const [network, [inside, outside]] of Object.entries(members))
    it(`knows what is in ${network}`, () => {
      const matches = parseNetworks([network])
      for (const ip of inside) assert.equal(matches(ip), true, ip)
      for (const ip of outside) assert.equal(matches(ip), false, ip)
    })

  it('takes several, and none', () => {
    const matches = parseNetworks(['10.0.0.0/8', 'loopback'])
    assert.deepEqual(['10.0.0.1', '::1', '8.8.8.8'].map(matches), [true, true, false])
    assert.equal(parseNetworks([])('10.0.0.1'), false)
  })

  for (const wrong of [
    'privat',
    '10.0.0.0',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '',
    '10.0.0.0/-1',
  ])
    it(`refuses ${JSON.stringify(wrong)} and says what is allowed`, () => {
      assert.throws(
        () => parseNetworks([wrong]),
        /CIDR block such as 10\.0\.0\.0\/8 or one of loopback, .*private/,
      )
    })

  it('answers for more addresses than it remembers', () => {
    const matches = parseNetworks(['10.0.0.0/16'])
    for (let i = 0; i < 20_000; i++)
      assert.equal(matches(`10.${i & 1}.${(i >> 8) & 255}.${i & 255}`), (i & 1) === 0)
  })
})

it('knows loopback and link-local addresses', () => {
  assert.deepEqual(['127.0.0.1', '::1', '10.0.0.1'].map(isLoopback), [true, true, false])
  assert.deepEqual(
    ['169.254.1.1', 'fe80::1', '224.0.0.1', 'ff02::1', '224.0.1.1', '10.0.0.1'].map(isLinkLocal),
    [true, true, true, true, false, false],
  )
})
