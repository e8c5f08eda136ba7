// The real Elasticsearch takes what setup loads, and every event that our program is known to write.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventFields } from '../../lib/elasticsearch/event-fields.js'
import { indexTemplate } from '../../lib/elasticsearch/template.js'
import { packageVersion } from '../../lib/package.js'
import { type CapturedEvent, conformanceEvents, hasConformance, traceEvents } from '../support/all-events.js'
import {
  elasticsearch,
  elasticsearchTools,
  opensearch,
  opensearchTools,
  type SearchNode,
} from './support/elasticsearch.js'
import { folder } from './support/folder.js'
import { cli, lacking, root } from './support/needs.js'
import { Network } from './support/network.js'
import { call } from './support/processes.js'

const empty = folder()
const name = `packetbeat-${packageVersion}`

// What configurations of the suite put into events by `fields`, `add_fields` and the like.
const configured = new Set(
  'at_root code code_text fields labels layer notes project site version_number web'.split(' '),
)

// biome-ignore lint/suspicious/noExplicitAny: answers of the server are read as they are.
type Answer = any

describe('setup of the real Elasticsearch', { skip: lacking(...elasticsearchTools) }, () => {
  let network: Network
  let node: SearchNode
  // Written while the node starts.
  let cases: Promise<CapturedEvent[]>

  before(async () => {
    network = new Network('lo')
    cases = hasConformance ? conformanceEvents() : Promise.resolve([])
    cases.catch(() => undefined)
    node = await elasticsearch(network)
  })
  after(async () => {
    await node?.stop()
    network?.remove()
  })

  const command = (...words: string[]) =>
    call(network.server, [process.execPath, cli, ...words, '--path.config', empty])
  const output = () => ['-E', `output.elasticsearch.hosts=["${node.url}"]`]
  const template = async (of = name): Promise<Answer> =>
    (await node.request<Answer>('GET', `/_index_template/${of}`)).index_templates[0].index_template

  it('loads the template, the policy and the data stream', async () => {
    const out = await command('setup', '--index-management', ...output())
    assert.match(out, /Loaded the lifecycle policy packetbeat\.\n/)
    assert.match(
      out,
      new RegExp(`Made the data stream ${name.replaceAll('.', '\\.')}\\.\n.*Index setup finished`, 's'),
    )
    const { index_patterns, priority, template: inner } = await template()
    assert.deepEqual([index_patterns, priority], [[name], 150])
    assert.equal(inner.settings.index.lifecycle.name, 'packetbeat')
    const policy = await node.request<Answer>('GET', '/_ilm/policy/packetbeat')
    assert.equal(policy.packetbeat.policy.phases.hot.actions.rollover.max_age, '30d')
    const streams = await node.request<Answer>('GET', `/_data_stream/${name}`)
    assert.equal(streams.data_streams.length, 1)
  })

  it('replaces a template when it runs again, and a policy only when told so', async () => {
    const body = { index_patterns: [name], priority: 1, data_stream: {} }
    await node.request('PUT', `/_index_template/${name}`, body)
    await node.request('PUT', '/_ilm/policy/packetbeat', { policy: { phases: {} } })
    await command('setup', '--index-management', ...output())
    assert.equal((await template()).priority, 150)
    const phases = async () =>
      (await node.request<Answer>('GET', '/_ilm/policy/packetbeat')).packetbeat.policy.phases
    assert.deepEqual(await phases(), {})
    await command('setup', '--index-management', ...output(), '-E', 'setup.ilm.overwrite=true')
    assert.ok((await phases()).hot)
  })

  it('tells in one sentence that this node has no processor geoip', async () => {
    await assert.rejects(
      command('setup', '--pipelines', ...output()),
      /status 6: Exiting: cannot load the ingest pipeline \S+-geoip: .*No processor type exists with name \[geoip\]\.\n/,
    )
  })

  it('happens by itself when run connects, and leaves alone what is there', async () => {
    const run = (...more: string[]) =>
      command(
        'run',
        '-I',
        join(root, 'test/traces/sample.pcap'),
        ...output(),
        '-E',
        'output.elasticsearch.index=shop',
        ...more,
      )
    const own = [
      '-E',
      'setup.template.name=shop',
      '-E',
      'setup.template.pattern=shop*',
      '-E',
      'setup.ilm.policy_name=shop',
    ]
    await run(...own)
    assert.ok((await template('shop')).template.mappings.properties.source)
    assert.ok((await node.request<Answer>('GET', '/_ilm/policy/shop')).shop)
    await node.request('POST', '/shop/_refresh')
    assert.ok((await node.request<Answer>('GET', '/shop/_count')).count > 0)
    const body = { index_patterns: ['shop*'], priority: 3, data_stream: {} }
    await node.request('PUT', '/_index_template/shop', body)
    await run(...own)
    assert.equal((await template('shop')).priority, 3)
    await run(...own, '-E', 'setup.template.overwrite=true')
    assert.equal((await template('shop')).priority, 150)
    await run('-E', 'setup.template.enabled=false', '-E', 'output.elasticsearch.index=other')
    await assert.rejects(template('other'))
  })

  const accepts = async (events: readonly CapturedEvent[]) => {
    const unique = [...new Map(events.map((event) => [event.text, event])).values()]
    assert.ok(unique.length > 0)
    const refusals: string[] = []
    for (let from = 0; from < unique.length; from += 1000) {
      const part = unique.slice(from, from + 1000)
      const lines = part.map(({ text }) => {
        const { '@metadata': _, ...event } = JSON.parse(text)
        return `{"create":{}}\n${JSON.stringify(event)}\n`
      })
      const { items } = await node.request<Answer>('POST', `/${name}/_bulk`, lines.join(''))
      items.forEach(({ create }: Answer, index: number) => {
        if (create.status >= 300) refusals.push(`${part[index]?.origin}: ${JSON.stringify(create.error)}`)
      })
    }
    assert.deepEqual(refusals.slice(0, 10), [])
    await node.request('POST', `/${name}/_refresh`)
    await allFieldsAreKnown()
  }

  /** Nothing was left out of the index but texts that are too long, and nothing but the user's own was guessed at. */
  async function allFieldsAreKnown(): Promise<void> {
    const search = { size: 0, aggs: { ignored: { terms: { field: '_ignored', size: 1000 } } } }
    const { aggregations } = await node.request<Answer>('POST', `/${name}/_search`, search)
    const fields = eventFields()
    const lost = aggregations.ignored.buckets
      .map(({ key }: Answer) => key as string)
      .filter((field: string) => !['keyword', 'wildcard'].includes(fields.get(field) ?? ''))
    // A compare-and-swap number has 64 bits without a sign, one more than `long` has.
    assert.deepEqual(
      lost.filter((field: string) => !field.endsWith('.cas_unique')),
      [],
    )
    const [backing] = Object.values(await node.request<Answer>('GET', `/${name}/_mapping`)) as Answer[]
    const known = new Set(leaves(made().template.mappings.properties))
    const guessed = leaves(backing.mappings.properties).filter((field) => !known.has(field))
    assert.deepEqual(
      guessed.filter((field) => !configured.has(field.split('.')[0] as string)),
      [],
    )
  }

  const made = (): Answer =>
    indexTemplate({
      pattern: name,
      priority: 150,
      kind: 'index',
      version: packageVersion,
      server: { product: 'elasticsearch', version: '8.19.0' },
    })

  it('takes every event of the traces', async () => {
    await accepts(traceEvents())
  })

  it('takes every event of the conformance suite', {
    skip: hasConformance ? false : 'needs ../shared',
  }, async (test) => {
    const events = await cases
    test.diagnostic(`${events.length} events`)
    await accepts(events)
  })
})

describe('setup of the real OpenSearch', { skip: lacking(...opensearchTools) }, () => {
  it('loads a template without policy, which takes events', async () => {
    const network = new Network('lo')
    const node = await opensearch(network)
    try {
      const words = ['setup', '--index-management', '-E', `output.elasticsearch.hosts=["${node.url}"]`]
      const out = await call(network.server, [process.execPath, cli, ...words, '--path.config', empty])
      assert.match(out, /Loaded the index template/)
      const bulk = traceEvents().map(({ text }) => `{"create":{}}\n${text}\n`)
      const { items } = await node.request<Answer>('POST', `/${name}/_bulk`, bulk.join(''))
      const refused = items.filter(({ create }: Answer) => create.status >= 300)
      assert.deepEqual(refused.slice(0, 5), [])
      assert.equal(items.length, bulk.length)
    } finally {
      await node.stop()
      network.remove()
    }
  })
})

function* leavesOf(properties: Answer, prefix: string): Generator<string> {
  for (const [key, mapping] of Object.entries<Answer>(properties))
    if (mapping.properties !== undefined) yield* leavesOf(mapping.properties, `${prefix}${key}.`)
    else yield prefix + key
}

const leaves = (properties: Answer): string[] => [...leavesOf(properties, '')]
