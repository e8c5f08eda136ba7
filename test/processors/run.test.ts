// biome-ignore-all lint/suspicious/noTemplateCurlyInString: format strings are written so.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import type { Document } from '../../lib/events/writer.js'
import { processors } from '../../lib/processors/index.js'
import { assertRefused, command, type Ended, events, notBuilt, repository } from '../support/command.js'

const folder = mkdtempSync(join(tmpdir(), 'packetbeat-processors-'))
after(() => rmSync(folder, { recursive: true }))

const sample = join(repository, 'test/traces/sample.pcap')

function run(configuration: string, ...more: string[]): Ended {
  const file = join(folder, 'packetbeat.yml')
  writeFileSync(file, `${configuration}\noutput.console: {}\n`, { mode: 0o600 })
  return command(['run', '-c', file, '-I', sample, '-e', '-E', 'logging.level=debug', ...more])
}

// What these add is the machine's, a cloud's or a name server's; they have tests of their own.
const OUTSIDE = new Set([
  'add_cloud_metadata',
  'add_docker_metadata',
  'add_host_metadata',
  'add_kubernetes_metadata',
  'add_observer_metadata',
  'add_process_metadata',
  'dns',
])

// In this order: each has something to do for those after it.
const list = `
- if.equals.type: http
  then: [{add_tags: {tags: [web]}}]
  else: [{drop_event: ~}]
- drop_event: {when.not.equals: {http.response.status_code: 200}}
- add_fields: {target: raw, fields: {base64: bmFtZT1hJTIwYg==, json: '{"a":{"n.o":1}}', csv: 'x,"y,z"', took: 1m30s, line: 'GET 200 ok', at: 24/Jun/2019}}
- add_labels: {labels: {team: net}}
- add_locale: {format: offset}
- add_network_direction: {source: source.ip, destination: destination.ip, target: way, internal_networks: [loopback]}
- append: {target_field: list, fields: [method, source.port], values: [end]}
- append_processor: {target_field: tags, values: [web, more], allow_duplicate: false}
- decode_base64_field: {field: {from: raw.base64, to: raw.form}}
- urldecode: {fields: [{from: raw.form}]}
- decode_json_fields: {fields: [raw.json], target: decoded, expand_keys: true}
- decode_csv_fields: {fields: {raw.csv: cells}}
- extract_array: {field: cells, mappings: {cell.second: 1}}
- decode_duration: {field: raw.took, format: seconds}
- dissect: {tokenizer: '%{verb} %{code|integer} %{?rest}', field: raw.line, target_prefix: cut}
- timestamp: {field: raw.at, target_field: raw.when, layouts: [02/Jan/2006], timezone: Europe/Berlin}
- add_fields: {target: packed, fields: {gzip: H4sIAAAAAAAAA8tIzcnJBwCGphA2BQAAAA==}}
- decode_base64_field: {field: {from: packed.gzip}}
- decompress_gzip_field: {field: {from: packed.gzip, to: packed.text}, fail_on_error: false}
- convert: {fields: [{from: http.response.status_code, to: code, type: string}]}
- copy_fields: {fields: [{from: url.path, to: path}]}
- rename: {fields: [{from: path, to: Page.Path}]}
- lowercase: {fields: [page.path]}
- uppercase: {values: [way]}
- replace: {fields: [{field: status, pattern: '^O', replacement: 'o'}]}
- truncate_fields: {fields: [user_agent.original], max_characters: 4}
- add_fields: {target: body, fields: {content: '<!DOCTYPE html><html>'}}
- detect_mime_type: {field: body.content, target: body.type}
- registered_domain: {field: name, target_field: registered, ignore_missing: true}
- community_id: {target: own_id, seed: 0}
- fingerprint: {fields: [method, code], method: xxhash, target_field: print}
- cache: {backend.memory.id: c, put: {key_field: method, value_field: code, ttl: 1h}}
- cache: {backend.memory.id: c, get: {key_field: method, target_field: cached}}
- rate_limit: {limit: 1/h, fields: [method]}
- add_formatted_index: {index: 'web-%{[method]}-%{+yyyy}'}
- add_id: ~
- script:
    lang: javascript
    timeout: 20s
    source: |
      function process(event) { event.Put('seen', event.Get('method') + event.Get('cut.code')) }
- move_fields: {from: cut, to: moved.}
- drop_fields: {fields: [raw, packed.gzip, cells, '/^(http|agent|client|server|host|ecs)\\./', network.bytes]}
- include_fields: {fields: [tags, labels, way, list, decoded, cell, moved, packed.text, code, page, status, user_agent, body.type, own_id, network.community_id, print, cached, seen, registered, log, event.timezone]}
`

describe('a run with every processor', { skip: notBuilt }, () => {
  it('writes the event that they make together', () => {
    const { status, stdout, stderr } = run(`
packetbeat.protocols:
- {type: http, ports: [80], processors: [{add_fields: {target: '', fields: {name: www.example.co.uk}}}]}
- {type: dns, ports: [53]}
processors:${list}`)
    assert.equal(status, 0, stderr)
    const [event, ...more] = events(stdout) as [Document, ...Document[]]
    // The limit of one an hour, for each method.
    assert.equal(more.filter(({ list }) => (list as unknown[])[0] === 'GET').length, 0)
    const { '@metadata': metadata, '@timestamp': time, event: its, ...rest } = event
    const { _id, raw_index } = metadata as Document
    assert.match(String(_id), /^[\w-]{20}$/)
    assert.equal(raw_index, 'web-GET-2026')
    assert.equal(time, '2026-11-23T19:10:00.989Z')
    assert.match(String((its as Document).timezone), /^[+-]\d\d:\d\d$/)
    assert.deepEqual(rest, {
      type: 'http',
      tags: ['web', 'more'],
      labels: { team: 'net' },
      way: 'INTERNAL',
      list: ['GET', 34316, 'end'],
      decoded: { a: { n: { o: 1 } } },
      cell: { second: 'y,z' },
      moved: { verb: 'GET', code: 200 },
      packed: { text: 'hello' },
      code: '200',
      page: { path: '/' },
      status: 'oK',
      user_agent: { original: 'curl' },
      log: { flags: ['truncated'] },
      body: { type: 'text/html; charset=utf-8' },
      network: { community_id: '1:YcSPM+b8fn4ulBCVyNq34xQ26O0=' },
      own_id: '1:YcSPM+b8fn4ulBCVyNq34xQ26O0=',
      print: (rest as Document).print,
      cached: '200',
      seen: 'GET200',
      registered: 'example.co.uk',
    })
    assert.match(String(event.print), /^[\da-f]{16}$/)
    const missing = processors
      .map(({ name }) => name)
      .filter((name) => !OUTSIDE.has(name))
      .filter((name) => !list.includes(`${name}: `) && !list.includes(`${name}:\n`))
    assert.deepEqual(missing, [], 'not in the list')
  })
})

describe('processors of a protocol and of flows', { skip: notBuilt }, () => {
  it('see their own events, before the processors for all', () => {
    const { status, stdout, stderr } = run(`
packetbeat.flows:
  processors:
  - drop_event: {when.equals: {network.transport: udp}}
  - add_tags: {tags: [flow]}
packetbeat.protocols:
- type: http
  ports: [80]
  processors:
  - script: {lang: javascript, timeout: 20s, source: "function process(e) { e.Tag('http') }"}
- type: dns
  ports: [53]
  processors: [{if.has_fields: [dns.question], then: [{add_tags: {tags: [asked]}}]}]
processors:
- add_tags: {tags: [all]}
- drop_event: {when.range: {http.response.status_code.gte: 400}}
`)
    assert.equal(status, 0, stderr)
    const byType = new Map<string, Set<string>>()
    for (const { type, tags, network, http } of events(stdout) as Record<string, never>[]) {
      byType.set(type, (byType.get(type) ?? new Set()).add((tags as string[]).join()))
      if (type === 'flow') assert.notEqual((network as Document).transport, 'udp')
      if (type === 'http')
        assert.ok(((http as Document).response as { status_code: number }).status_code < 400)
    }
    assert.deepEqual([...byType].map(([type, tags]) => [type, [...tags]]).sort(), [
      ['dns', ['asked,all']],
      ['flow', ['flow,all']],
      ['http', ['http,all']],
    ])
    assert.match(stderr, /"http\.events_dropped":\d/)
  })

  it('count what a script fails at', () => {
    const { stderr, stdout } = run(`
packetbeat.protocols: [{type: dns, ports: [53]}]
processors: [{script: {lang: javascript, timeout: 20s, tag: mine, source: "function process(e) { throw 'no' }"}}]
`)
    const all = events(stdout)
    for (const { tags, error } of all) {
      assert.deepEqual(tags, ['_js_exception'])
      assert.deepEqual(error, { message: 'script: no' })
    }
    assert.match(stderr, new RegExp(`"processors\\.script\\.exceptions":${all.length}\\b`))
    assert.match(stderr, /script \(mine\): no/)
  })
})

it('a cache in a file lasts from run to run', { skip: notBuilt }, () => {
  const cache = (what: string) => `
packetbeat.protocols: [{type: dns, ports: [53]}]
processors: [{cache: {backend.file.id: names, ${what}}}]
path.data: ${folder}`
  run(cache('put: {key_field: dns.question.name, value_field: type, ttl: 1h}'))
  const again = events(run(cache('get: {key_field: dns.question.name, target_field: seen}')).stdout)
  assert.ok(again.length > 0 && again.every(({ seen }) => seen === 'dns'))
})

describe('a script that is wrong', { skip: notBuilt }, () => {
  const script = (source: string) =>
    `packetbeat.protocols: [{type: dns, ports: [53]}]\nprocessors: [{script: {lang: javascript, source: "${source}"}}]`
  it('ends the run before it begins', () => {
    const { status, stderr } = run(script("function process() {} function test() { throw 'not good' }"))
    assert.equal(status, 3)
    assert.match(stderr, /^Exiting: The script source cannot be used: test\(\) failed: not good\.$/m)
  })
  it('is told by `test config`', () => {
    const file = join(folder, 'wrong.yml')
    writeFileSync(file, `${script('var x')}\noutput.console: {}\n`, { mode: 0o600 })
    assertRefused(command(['test', 'config', '-c', file]), 'configuration', /no function process\(event\)/)
  })
})
