import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dhcpv4 } from '../../../lib/protocols/dhcpv4/index.js'
import { optionName } from '../../../lib/protocols/dhcpv4/option-names.js'
import { optionFields, readOptions } from '../../../lib/protocols/dhcpv4/options.js'
import { Dialogue } from '../../support/dialogue.js'
import { END, ip, message, name, option, sized, u16, u32 } from './builder.js'

/** What comes of a message: what its event says of DHCP, its notes, and what was counted. */
function told(bytes: Buffer) {
  const { events, counts } = new Dialogue(dhcpv4, {}, { transport: 17 }).client(bytes).close()
  const [{ dhcpv4: read, error }] = events as [{ dhcpv4: Read; error?: { message: string | string[] } }]
  return { ...read, option: read.option ?? {}, notes: error?.message, counts }
}

interface Read {
  option?: Record<string, unknown>
  server_name?: string
  boot_file_name?: string
}

/** What the event of a message says of its options. */
const shown = (parts: Parameters<typeof message>[0]) => told(message(parts)).option

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex')

/** A number, data, and the fields that show them. */
type Example = readonly [code: number, data: string | Uint8Array, fields: Record<string, unknown>]

const A = '192.0.2.1'
const B = '192.0.2.2'

/** By their names, options that are one or several addresses. */
const addresses: Readonly<Record<string, number>> = {
  time_servers: 4,
  name_servers: 5,
  dns_servers: 6,
  log_servers: 7,
  cookie_servers: 8,
  lpr_servers: 9,
  impress_servers: 10,
  resource_location_servers: 11,
  nis_servers: 41,
  ntp_servers: 42,
  netbios_name_servers: 44,
  netbios_datagram_servers: 45,
  x_font_servers: 48,
  x_display_managers: 49,
  nis_plus_servers: 65,
  mobile_ip_home_agents: 68,
  smtp_servers: 69,
  pop3_servers: 70,
  nntp_servers: 71,
  www_servers: 72,
  finger_servers: 73,
  irc_servers: 74,
  streettalk_servers: 75,
  stda_servers: 76,
  nds_servers: 85,
  bcmcs_servers: 89,
  associated_ips: 92,
  netinfo_servers: 112,
  pana_agents: 136,
  capwap_controllers: 138,
  andsf_servers: 142,
  tftp_servers: 150,
}

const texts: Readonly<Record<string, number>> = {
  hostname: 12,
  merit_dump_file: 14,
  domain_name: 15,
  root_path: 17,
  extensions_path: 18,
  nis_domain: 40,
  netbios_scope: 47,
  message: 56,
  class_identifier: 60,
  netware_domain: 62,
  nis_plus_domain: 64,
  tftp_server_name: 66,
  boot_file_name: 67,
  nds_tree_name: 86,
  nds_context: 87,
  ldap_url: 95,
  posix_timezone: 100,
  tz_database_timezone: 101,
  netinfo_tag: 113,
  captive_portal: 114,
  mud_url: 161,
  ip_telephone: 176,
  pxelinux_config_file: 209,
  pxelinux_path_prefix: 210,
  web_proxy_auto_discovery: 252,
}

const numbers: Readonly<Record<string, number>> = {
  path_mtu_aging_timeout_sec: 24,
  arp_cache_timeout_sec: 35,
  tcp_keepalive_interval_sec: 38,
  ip_address_lease_time_sec: 51,
  renewal_time_sec: 58,
  rebinding_time_sec: 59,
  client_last_transaction_time_sec: 91,
  ipv6_only_preferred_sec: 108,
  base_time: 152,
  state_age_sec: 153,
  query_start_time: 154,
  query_end_time: 155,
  pxelinux_reboot_time_sec: 211,
}

const flags: Readonly<Record<string, number>> = {
  ip_forwarding: 19,
  non_local_source_routing: 20,
  all_subnets_local: 27,
  perform_mask_discovery: 29,
  mask_supplier: 30,
  perform_router_discovery: 31,
  trailer_encapsulation: 34,
  ethernet_encapsulation: 36,
  tcp_keepalive_garbage: 39,
  auto_configure: 116,
}

const uuid = '33221100-5544-7766-8899-aabbccddeeff'

const examples: readonly Example[] = [
  ...Object.entries(addresses).map(([field, code]): Example => [code, ip(A, B), { [field]: [A, B] }]),
  ...Object.entries(texts).map(([field, code]): Example => [code, 'some text\0', { [field]: 'some text' }]),
  ...Object.entries(numbers).map(
    ([field, code]): Example => [code, u32(0xf0000001), { [field]: 0xf0000001 }],
  ),
  ...Object.entries(flags).map(([field, code]): Example => [code, Buffer.of(1), { [field]: true }]),
  ...Object.entries(flags).map(([field, code]): Example => [code, Buffer.of(0), { [field]: false }]),
  [1, ip('255.255.255.0'), { subnet_mask: '255.255.255.0' }],
  [2, u32(-3600), { utc_time_offset_sec: -3600 }],
  [3, ip(A), { router: A }],
  [3, ip(A, B), { router: [A, B] }],
  [6, ip(A), { dns_servers: [A] }],
  [13, u16(700), { boot_file_size: 700 }],
  [16, ip(A), { swap_server: A }],
  [21, ip('10.0.0.0', '255.0.0.0'), { policy_filter: ['10.0.0.0 mask 255.0.0.0'] }],
  [22, u16(1500), { max_datagram_reassembly_size: 1500 }],
  [23, Buffer.of(64), { default_ip_ttl: 64 }],
  [25, Buffer.concat([u16(68), u16(1500)]), { path_mtu_plateau_table: [68, 1500] }],
  [26, u16(9000), { interface_mtu: 9000 }],
  [28, ip('192.0.2.255'), { broadcast_address: '192.0.2.255' }],
  [32, ip(A), { router_solicitation_address: A }],
  [33, ip('10.0.0.0', A, '10.1.0.0', B), { static_routes: [`10.0.0.0 via ${A}`, `10.1.0.0 via ${B}`] }],
  [37, Buffer.of(64), { default_tcp_ttl: 64 }],
  [43, hex('0104aabbccdd'), { vendor_specific_information: '0104aabbccdd' }],
  [46, Buffer.of(8), { netbios_node_type: 'H-node' }],
  [50, ip('0.0.0.0'), { requested_ip_address: '0.0.0.0' }],
  [53, Buffer.of(7), { message_type: 'release' }],
  [53, Buffer.of(99), { message_type: 'unknown (99)' }],
  [54, ip(A), { server_identifier: A }],
  [
    55,
    Buffer.of(1, 3, 6, 252, 200),
    {
      parameter_request_list: [
        'Subnet Mask',
        'Router',
        'Domain Name Server',
        'Web Proxy Auto-Discovery',
        'Unknown (200)',
      ],
      fingerprint: '1,3,6,252,200',
    },
  ],
  [57, u16(1472), { max_dhcp_message_size: 1472 }],
  [80, '', { rapid_commit: true }],
  [88, Buffer.concat([name('a.example'), name('b.example')]), { bcmcs_domains: ['a.example', 'b.example'] }],
  [90, hex('01 01 00 0000000000000001 00000001 00'), { authentication: { protocol: 1, algorithm: 1 } }],
  [
    90,
    Buffer.concat([Buffer.of(0, 0, 0), u32(0), u32(1), Buffer.from('geheim')]),
    { authentication: { protocol: 0, algorithm: 0 } },
  ],
  [93, Buffer.concat([u16(7), u16(0)]), { client_architecture: ['x64 UEFI', 'x86 BIOS'] }],
  [94, Buffer.of(1, 3, 16), { client_network_interface: 'UNDI 3.16' }],
  [94, Buffer.of(9, 3, 16), { client_network_interface: 'unknown (9) 3.16' }],
  [97, hex('00 00112233445566778899aabbccddeeff'), { client_machine_identifier: uuid }],
  [98, 'http://a http://b', { user_authentication_urls: ['http://a', 'http://b'] }],
  [109, hex('20010db8000000000000000000000001'), { softwire_source_address: '2001:db8::1' }],
  [
    117,
    Buffer.concat([u16(6), u16(0), u16(44)]),
    { name_service_search: ['Domain Name Server', 'Local Files', 'NetBIOS over TCP/IP Name Server'] },
  ],
  [118, ip('10.0.0.0'), { subnet_selection: '10.0.0.0' }],
  // RFC 3397 §2's own example.
  [
    119,
    Buffer.concat([name('eng.apple.com'), name('marketing*'), hex('c004')]),
    { domain_search: ['eng.apple.com', 'marketing.apple.com'] },
  ],
  [120, Buffer.concat([Buffer.of(0), name('sip.example')]), { sip_servers: ['sip.example'] }],
  [120, Buffer.concat([Buffer.of(1), ip(A, B)]), { sip_servers: [A, B] }],
  // RFC 3442's own examples.
  [
    121,
    Buffer.concat([
      Buffer.of(0),
      ip(A),
      Buffer.of(8, 10),
      ip(A),
      Buffer.of(24, 10, 0, 0),
      ip(A),
      Buffer.of(25, 10, 229, 0, 128),
      ip(A),
      Buffer.of(32, 10, 198, 122, 47),
      ip(B),
    ]),
    {
      classless_static_routes: [
        `0.0.0.0/0 via ${A}`,
        `10.0.0.0/8 via ${A}`,
        `10.0.0.0/24 via ${A}`,
        `10.229.0.128/25 via ${A}`,
        `10.198.122.47/32 via ${B}`,
      ],
    },
  ],
  [249, Buffer.concat([Buffer.of(8, 10), ip(A)]), { ms_classless_static_routes: [`10.0.0.0/8 via ${A}`] }],
  [
    124,
    Buffer.concat([u32(9), sized('abc'), u32(311), sized('')]),
    {
      vendor_identifying_options: [
        { id: 9, data: '616263' },
        { id: 311, data: '' },
      ],
    },
  ],
  [
    125,
    Buffer.concat([u32(3561), sized(hex('0106aabb'))]),
    { vendor_specific_options: [{ id: 3561, data: '0106aabb' }] },
  ],
  [137, name('lost.example'), { lost_server: 'lost.example' }],
  [141, name('sip.example'), { sip_ua_domains: ['sip.example'] }],
  [
    143,
    Buffer.concat([u16(9), Buffer.from('https://a'), u16(9), Buffer.from('https://b')]),
    { sztp_redirects: ['https://a', 'https://b'] },
  ],
  [145, Buffer.of(1), { forcerenew_nonce_capable: true }],
  [
    151,
    Buffer.concat([Buffer.of(3), Buffer.from('no such query')]),
    { status_code: 'MalformedQuery', status_message: 'no such query' },
  ],
  [151, Buffer.of(0), { status_code: 'Success' }],
  [156, Buffer.of(2), { lease_state: 'ACTIVE' }],
  [158, Buffer.concat([sized(ip(A, B)), sized(ip(A))]), { pcp_servers: [A, B, A] }],
  [
    162,
    Buffer.concat([u16(2 + 14 + 5 + 4), u16(1), sized(name('dns.example')), sized(ip(A)), hex('00010000')]),
    { encrypted_dns_names: ['dns.example'], encrypted_dns_servers: [A] },
  ],
  [213, name('access.example'), { access_domain_name: 'access.example' }],
  [221, Buffer.from('\0blue'), { virtual_subnet: 'blue' }],
  [221, hex('01 00aabb00000001'), { virtual_subnet: '00aabb00000001' }],
  [221, Buffer.of(255), { virtual_subnet: 'global' }],
  [78, Buffer.concat([Buffer.of(1), ip(A, B)]), { slp_directory_agents: [A, B] }],
  [79, '\x01scope', { slp_service_scope: 'scope' }],
  // Who the client is.
  [
    61,
    hex('01 020000000001'),
    { client_identifier: '02-00-00-00-00-01', client_identifier_type: 'Ethernet' },
  ],
  [
    61,
    hex('ff 00000001 0001 0001 2a2b2c2d 020000000001'),
    {
      client_identifier: '00:01:00:01:2a:2b:2c:2d:02:00:00:00:00:01',
      client_identifier_type: 'DUID-LLT',
      client_identifier_iaid: 1,
    },
  ],
  [
    61,
    hex('ff 5eed0002 0002 0000ab11 11223344'),
    {
      client_identifier: '00:02:00:00:ab:11:11:22:33:44',
      client_identifier_type: 'DUID-EN',
      client_identifier_iaid: 0x5eed0002,
    },
  ],
  [
    61,
    '\0cisco-0200.0000.0001-Gi0/1',
    { client_identifier: 'cisco-0200.0000.0001-Gi0/1', client_identifier_type: 'text' },
  ],
  [61, 'laptop', { client_identifier: 'laptop', client_identifier_type: 'text' }],
  [61, hex('01 0200'), { client_identifier: '01:02:00', client_identifier_type: 'opaque' }],
  [
    61,
    hex('20 0102030405060708'),
    { client_identifier: '01-02-03-04-05-06-07-08', client_identifier_type: 'Infiniband' },
  ],
  [61, hex('ff 0001'), { client_identifier: 'ff:00:01', client_identifier_type: 'opaque' }],
  [77, Buffer.concat([sized('iPXE'), sized('lab')]), { user_class: ['iPXE', 'lab'] }],
  [77, 'iPXE', { user_class: ['iPXE'] }],
  [77, Buffer.of(1, 2, 3), { user_class: ['010203'] }],
  [81, '\x01\0\0laptop.example.com', { fqdn: { name: 'laptop.example.com', flags: ['S'] } }],
  [
    81,
    Buffer.concat([Buffer.of(0x0e, 255, 255), name('laptop.example.com')]),
    { fqdn: { name: 'laptop.example.com', flags: ['O', 'E', 'N'] } },
  ],
  [81, Buffer.concat([Buffer.of(4, 0, 0), name('laptop*')]), { fqdn: { name: 'laptop', flags: ['E'] } }],
  [
    82,
    Buffer.concat([
      option(1, 'eth1/7'),
      option(2, hex('0006 020000000001')),
      option(4, u32(7)),
      option(5, ip('10.0.0.0')),
      option(6, 'customer 12'),
      option(10, Buffer.of(0x80)),
      option(11, ip(A)),
      option(12, hex('0003 0001 020000000009')),
      option(19, u16(1067)),
      option(151, '\0red'),
      option(200, 'x'),
      option(5, 'y'),
    ]),
    {
      relay_agent: {
        circuit_id: 'eth1/7',
        remote_id: '0006020000000001',
        device_class: 7,
        link_selection: '10.0.0.0',
        subscriber_id: 'customer 12',
        flags: 'unicast',
        server_identifier_override: A,
        relay_id: '00:03:00:01:02:00:00:00:00:09',
        source_port: 1067,
        vss: 'red',
        other: ['200:0x78', '5:0x79'],
      },
    },
  ],
]

describe('dhcpv4 options', () => {
  for (const [code, data, fields] of examples)
    it(`show ${code}, ${optionName(code)}, as ${JSON.stringify(fields).slice(0, 60)}`, () => {
      const { message_type: type, ...rest } = shown({ options: [option(code, data)] })
      assert.deepEqual(type === undefined ? rest : { message_type: type }, fields)
    })

  it('all have an example', () => {
    const tried = new Set(examples.flatMap(([, , fields]) => Object.keys(fields)))
    const untried = Object.keys(optionFields)
      .map((field) => field.split('.')[2] as string)
      .filter((field) => !tried.has(field) && field !== 'overload')
    assert.deepEqual(untried, [])
  })

  it('that stand in several places are one: RFC 3396', () => {
    const routes = Buffer.concat([Buffer.of(8, 10), ip(A), Buffer.of(16, 172, 16), ip(B)])
    for (let at = 0; at <= routes.length; at++)
      assert.deepEqual(
        shown({
          options: [
            option(121, routes.subarray(0, at)),
            option(12, 'laptop'),
            option(121, routes.subarray(at)),
          ],
        }),
        { hostname: 'laptop', classless_static_routes: [`10.0.0.0/8 via ${A}`, `172.16.0.0/16 via ${B}`] },
      )
    const long = 'x'.repeat(600)
    assert.deepEqual(shown({ options: [0, 255, 510].map((at) => option(67, long.slice(at, at + 255))) }), {
      boot_file_name: long,
    })
  })

  it('go on in file and then in sname, where an option says so', () => {
    const overloaded = (how: number) =>
      told(
        message({
          file: Buffer.concat([option(67, 'unix'), option(15, 'one.'), END]),
          sname: Buffer.concat([option(15, 'example'), END]),
          options: [option(52, Buffer.of(how)), option(12, 'laptop')],
        }),
      )
    const both = overloaded(3)
    assert.deepEqual(both.option, {
      overload: 'file and sname',
      hostname: 'laptop',
      boot_file_name: 'unix',
      domain_name: 'one.example',
    })
    assert.deepEqual([both.server_name, both.boot_file_name], [undefined, undefined])
    assert.equal(overloaded(1).option.domain_name, 'one.')
    assert.equal(overloaded(1).server_name, '\x0f\x07example\ufffd')
    assert.equal(overloaded(2).option.domain_name, 'example')
    assert.deepEqual(overloaded(4).option, { overload: 'unknown (4)', hostname: 'laptop' })
  })

  it('end at their end, whatever follows, and may have pads between them', () => {
    const pad = Buffer.of(0, 0)
    assert.deepEqual(shown({ options: [pad, option(12, 'laptop'), pad, END, option(15, 'example')] }), {
      hostname: 'laptop',
    })
  })

  it('need no end', () => {
    const { option: options, counts } = told(message({ options: [option(12, 'laptop')] }).subarray(0, -1))
    assert.deepEqual(options, { hostname: 'laptop' })
    assert.equal(counts.broken_options, undefined)
  })

  it('are shown up to the one that goes on past the message, with a note', () => {
    for (const rest of [Buffer.of(15), Buffer.of(15, 9), Buffer.of(15, 9, 0x61)]) {
      const whole = message({ options: [option(12, 'laptop')] })
      const { option: options, notes, counts } = told(Buffer.concat([whole.subarray(0, -1), rest]))
      assert.deepEqual(options, { hostname: 'laptop' })
      assert.deepEqual(notes, ['The last option goes on past the end of the message', 'Unmatched request'])
      assert.equal(counts.broken_options, 1)
    }
  })

  it('that nobody knows are shown by their bytes, the first 255 of them', () => {
    assert.deepEqual(shown({ options: [option(224, 'private'), option(83, '')] }), {
      other: ['224:0x70726976617465', '83:0x'],
    })
    const half = option(224, 'a'.repeat(200))
    const { option: options, counts } = told(message({ options: [half, half] }))
    assert.deepEqual(options, { other: [`224:0x${'61'.repeat(255)}`] })
    assert.equal(counts.shortened_options, 1)
  })

  /** What is not what its number says. */
  const wrong: readonly (readonly [code: number, data: string | Uint8Array])[] = [
    [1, Buffer.of(255)],
    [1, ip(A, B)],
    [3, ''],
    [3, Buffer.of(1, 2, 3, 4, 5)],
    [6, Buffer.of(1, 2, 3)],
    [19, Buffer.of(0, 0)],
    [25, Buffer.of(1)],
    [51, Buffer.of(1, 2, 3)],
    [53, ''],
    [78, ''],
    [79, ''],
    [81, Buffer.of(1, 0)],
    [81, Buffer.of(4, 0, 0, 64)],
    [82, Buffer.of(1)],
    [82, Buffer.of(1, 200, 1)],
    [82, Buffer.of(151, 1, 7)],
    [82, Buffer.of(12, 0)],
    [90, Buffer.of(1)],
    [93, Buffer.of(1)],
    [97, Buffer.of(0, 1, 2)],
    [97, hex('01 00112233445566778899aabbccddeeff')],
    [119, Buffer.of(3, 0x61)],
    [119, Buffer.of(0xc0, 0)],
    [119, Buffer.of(1, 0x61, 0xc0, 0)],
    [119, Buffer.of(0xc0, 9, 0)],
    [119, Buffer.of(0x40)],
    [120, ''],
    [120, Buffer.of(7)],
    [120, Buffer.of(1, 1, 2)],
    [121, Buffer.of(33, 1, 2, 3, 4, 5, 6, 7, 8, 9)],
    [121, Buffer.of(24, 10, 0)],
    [124, Buffer.of(0, 0, 0, 9, 200)],
    [137, Buffer.concat([name('a'), name('b')])],
    [143, u16(9)],
    [158, Buffer.of(8, 1, 2, 3, 4)],
    [158, Buffer.of(3, 1, 2, 3)],
    [162, Buffer.concat([u16(200), u16(1)])],
    [221, Buffer.of(9)],
  ]
  for (const [code, data] of wrong)
    it(`show the bytes of ${code} when it is ${Buffer.from(data).toString('hex') || 'empty'}`, () => {
      const { message_type: _, relay_agent, ...rest } = shown({ options: [option(code, data)] })
      const expected = { other: [`${code}:0x${Buffer.from(data).toString('hex')}`] }
      // Sub-options that are wrong are shown by themselves.
      assert.deepEqual(relay_agent ?? rest, relay_agent === undefined ? expected : { other: ['12:0x'] })
    })

  it('may have 256 values, but names that point into each other do not make an event of megabytes', () => {
    const many = (count: number) =>
      shown({
        options: [
          Buffer.concat([name('a'.repeat(60)), ...Array(count - 1).fill(Buffer.of(0xc0, 0))]),
        ].flatMap((bytes) =>
          Array.from({ length: Math.ceil(bytes.length / 255) }, (_, i) =>
            option(119, bytes.subarray(255 * i, 255 * i + 255)),
          ),
        ),
      })
    assert.equal((many(256).domain_search as string[]).length, 256)
    assert.equal(many(257).domain_search, undefined)
    assert.equal((many(257).other as string[]).length, 1)
  })

  it('take time in proportion to their bytes, however they are split', () => {
    const bytes = Buffer.concat(Array(21_000).fill(option(121, Buffer.of(8))))
    const start = process.cpuUsage()
    const area = { start: 0, end: bytes.length }
    const { other } = readOptions(bytes, area, { start: 0, end: 0 }, { start: 0, end: 0 })
    const { user, system } = process.cpuUsage(start)
    assert.equal(other.length, 1)
    assert.ok(user + system < 200_000, `${(user + system) / 1000} ms`)
  })
})
