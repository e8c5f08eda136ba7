import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { failure, loaded } from './support.js'

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: this is how format strings look.
describe('setup', () => {
  it('has the defaults of Packetbeat', () => {
    const { template, ilm, dashboards, kibana, overwrite_pipelines } = loaded('name: a\n').setup
    assert.deepEqual(
      [template.enabled, template.overwrite, template.priority, template.type],
      [true, false, 150, 'index'],
    )
    assert.deepEqual(
      [ilm.enabled, ilm.policy_name, ilm.check_exists, ilm.overwrite],
      [true, 'packetbeat', true, false],
    )
    assert.deepEqual(
      [dashboards.enabled, dashboards.index, dashboards.retry.interval],
      [false, 'packetbeat-*', 1e9],
    )
    assert.deepEqual(
      [kibana.host, kibana.protocol, overwrite_pipelines],
      ['localhost:5601', undefined, false],
    )
  })

  it('takes settings of the index in either form', () => {
    const { template } = loaded(
      'setup.template.settings:\n  index.number_of_shards: 1\n  index: {codec: best_compression}\n',
    ).setup
    assert.deepEqual(template.settings.index, { number_of_shards: 1, codec: 'best_compression' })
  })

  it('wants a template for an index of another name', () => {
    const index = 'output.elasticsearch.index: shop-%{+yyyy.MM.dd}\n'
    assert.match(
      failure(() => loaded(index)).message,
      /output\.elasticsearch\.index has no index template: set setup\.template\.name and setup\.template\.pattern too/,
    )
    assert.match(
      failure(() => loaded(`${index}setup.template.name: shop\n`)).message,
      /has no index template/,
    )
    for (const enough of [
      'setup.template: {name: shop, pattern: shop-*}\n',
      'setup.template.enabled: false\n',
      'setup.template.json: {enabled: true, path: x.json}\n',
    ])
      assert.equal(loaded(index + enough).output?.plugin.name, 'elasticsearch')
    assert.ok(loaded('output.elasticsearch.index: "packetbeat-%{[agent.version]}"\n'))
    assert.ok(loaded(`${index}output.elasticsearch.enabled: false\noutput.console.pretty: true\n`))
  })
})
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: this is how format strings look.
