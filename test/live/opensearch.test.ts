import { equal, match, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { opensearch, opensearchTools, type SearchNode } from './support/elasticsearch.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'
import { documents, expected, replay, sameEvents, template } from './support/search.js'

describe('A node of OpenSearch', { skip: lacking(...opensearchTools) }, () => {
  let network: Network
  let node: SearchNode

  before(async () => {
    network = new Network('lo')
    node = await opensearch(network)
    await template(node, 'packetbeat')
  })
  after(async () => {
    await node?.stop()
    network.remove()
  })

  for (const trace of ['sample.pcap', 'http/curl-nginx.pcap'])
    test(`has each event of ${trace} once, and as the file output writes it`, async () => {
      const index = `packetbeat-${trace.replace(/\W/g, '-')}`
      const config = { output: { elasticsearch: { hosts: [node.url], index } } }
      const { status, log } = await replay(network, { trace, config })
      equal(status, 0)
      ok(log.includes(`${node.url} is OpenSearch 2.19.1`), log.join('\n'))
      sameEvents(await documents(node, index), await expected(network, { trace }))
    })

  test('refuses single events, which are kept as dead letters', async () => {
    await node.request('PUT', '/_index_template/strict', {
      index_patterns: ['strict*'],
      data_stream: {},
      priority: 200,
      template: { mappings: { dynamic: false, properties: { method: { type: 'long' } } } },
    })
    const policy = { non_indexable_policy: { dead_letter_index: { index: 'packetbeat-dead' } } }
    const config = { output: { elasticsearch: { hosts: [node.url], index: 'strict', ...policy } } }
    await replay(network, { trace: 'sample.pcap', config })
    const wanted = await expected(network, { trace: 'sample.pcap' })
    sameEvents(
      await documents(node, 'strict'),
      wanted.filter(({ method }) => method === undefined),
    )
    const letters = await documents(node, 'packetbeat-dead')
    sameEvents(
      letters.map(({ message }) => JSON.parse(message)),
      wanted.filter(({ method }) => method !== undefined),
    )
    match(letters[0].error.message, /mapper_parsing_exception/)
  })
})
