import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OutputSettings } from '../../lib/config/settings.js'
import { loaded, refused } from './support.js'

const chosen = (output: OutputSettings | undefined) => output?.options as Readonly<Record<string, number>>
const optionsOf = (text: string) => chosen(loaded(text).output) as Readonly<Record<string, unknown>>

describe('a preset', () => {
  const text = 'output.elasticsearch: {preset: latency, worker: 3, bulk_max_size: 7}\nqueue.mem.events: 100\n'

  it('rules the options for tuning and the queue, and what it sets aside is told', () => {
    const { output, queue, notices } = loaded(text)
    const { bulk_max_size, worker, idle_connection_timeout } = chosen(output)
    assert.deepEqual([bulk_max_size, worker, idle_connection_timeout], [50, 1, 60e9])
    assert.deepEqual([queue.events, queue.flush], [4100, { min_events: 2050, timeout: 1e9 }])
    assert.deepEqual(
      notices.filter((notice) => notice.includes('preset')),
      [
        'output.elasticsearch.preset sets output.elasticsearch.worker, output.elasticsearch.bulk_max_size, queue.mem; write preset: custom to set them yourself',
      ],
    )
  })

  it('that is custom, or none, leaves everything as configured', () => {
    for (const preset of ['custom', '~']) {
      const { output, queue, notices } = loaded(text.replace('latency', preset))
      const { bulk_max_size, worker } = chosen(output)
      assert.deepEqual([bulk_max_size, worker, queue.events], [7, 3, 100])
      assert.deepEqual(notices, [])
    }
  })

  it('has the numbers of upstream', () => {
    const numbers = (preset: string) => {
      const { output, queue } = loaded(`output.elasticsearch.preset: ${preset}\n`)
      const { bulk_max_size, worker, idle_connection_timeout } = chosen(output)
      const { events, flush } = queue
      return [
        bulk_max_size,
        worker,
        (idle_connection_timeout ?? 0) / 1e9,
        events,
        flush.min_events,
        flush.timeout / 1e9,
      ]
    }
    assert.deepEqual(numbers('balanced'), [1600, 1, 3, 3200, 1600, 10])
    assert.deepEqual(numbers('throughput'), [1600, 4, 15, 12800, 1600, 5])
    assert.deepEqual(numbers('scale'), [1600, 1, 1, 3200, 1600, 20])
  })
})

describe('Elastic Cloud', () => {
  const id = (text: string) => `my: deployment:${Buffer.from(text).toString('base64')}`
  const cloud = (text: string, more = '') => `cloud: {id: '${id(text)}', auth: 'elastic:pa:ss'}\n${more}`

  it('switches the output on, and says where it is and who asks', () => {
    const { hosts, username, password } = optionsOf(cloud('eu.example.com$abc$def'))
    assert.deepEqual([hosts, username, password], [['https://abc.eu.example.com:443'], 'elastic', 'pa:ss'])
  })

  it('may have ports of its own, which wins over hosts, protocol and path', () => {
    const more =
      'output.elasticsearch: {hosts: [a, b], protocol: http, path: /x, index: "packetbeat-%{[agent.version]}"}\n'
    const { hosts, path } = optionsOf(cloud('eu.example.com:9243$abc:9244$', more))
    assert.deepEqual([hosts, path], [['https://abc.eu.example.com:9244'], ''])
    assert.deepEqual(optionsOf(cloud('eu.example.com:9243$abc')).hosts, ['https://abc.eu.example.com:9243'])
  })

  for (const [name, text, said] of [
    [
      'an id that is none',
      "cloud.id: 'a:b'\n",
      /cloud\.id is no Cloud ID; copy it from the page of the deployment/,
    ],
    ['an id that leads elsewhere', `cloud.id: '${id('h/x?$a@b')}'\n`, /cloud\.id is no Cloud ID/],
    [
      'auth without a password',
      `cloud: {id: '${id('h$a')}', auth: hush}\n`,
      /cloud\.auth must be user:password/,
    ],
    [
      'another output',
      cloud('h$a', 'output.console:\n'),
      /cloud\.id is of output\.elasticsearch, but output\.console is on/,
    ],
  ] as const)
    it(`is refused with ${name}`, () => {
      assert.match(refused(text), said)
      assert.doesNotMatch(refused(text), /hush/)
    })
})

describe('options of Elasticsearch', () => {
  it('have the defaults of upstream', () => {
    const found = optionsOf('output.elasticsearch:\n')
    const { hosts, index, bulk_max_size, compression_level, loadbalance, timeout, escape_html } = found
    assert.deepEqual(
      [hosts, index, bulk_max_size, compression_level, loadbalance, timeout, escape_html],
      [['localhost:9200'], 'packetbeat-%{[agent.version]}', 1600, 1, true, 90e9, false],
    )
  })

  it('keep names with dots, and read a lone host', () => {
    const { headers, parameters, hosts } = optionsOf(
      'output.elasticsearch: {hosts: a, headers: {X-A.b: 1, X-C: [x, y]}, parameters: {a.b.c: true}}\n',
    )
    assert.deepEqual(
      [hosts, headers, parameters],
      [['a'], { 'X-A.b': '1', 'X-C': 'x,y' }, { 'a.b.c': 'true' }],
    )
  })

  for (const [name, text, said] of [
    [
      'two ways to log in',
      '{username: u, password: p, api_key: hush}',
      /must have either api_key or username and password/,
    ],
    [
      'two policies',
      '{non_indexable_policy: {drop: {}, dead_letter_index.index: a}}',
      /must be one of drop and dead_letter_index/,
    ],
    ['an unknown preset', '{preset: balnced}', /did you mean balanced\?/],
    ['a broken format string', "{index: 'a-%{[b'}", /%\{ without its \}/],
  ] as const)
    it(`are refused: ${name}`, () => {
      const message = refused(`output.elasticsearch: ${text}\nsetup.template.enabled: false\n`)
      assert.match(message, said)
      assert.doesNotMatch(message, /hush/)
    })
})
