import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { main } from '../../lib/cli/main.js'
import { packageVersion } from '../../lib/package.js'
import { answering, importAnswer, likeKibana } from '../support/kibana.js'

const folder = mkdtempSync(join(tmpdir(), 'packetbeat-setup-'))
after(() => rmSync(folder, { recursive: true, force: true }))

async function command(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  const result = { status: 0, out: '', err: '' }
  const io = {
    stdout: { write: (text: string) => (result.out += text) },
    stderr: { write: (text: string) => (result.err += text) },
    env: {},
  }
  result.status = await main([...argv, '--path.config', folder], io)
  return result
}

const name = `packetbeat-${packageVersion}`

describe('export template', () => {
  it('prints the template with its policy, or without', async () => {
    const { out, status } = await command('export', 'template')
    assert.equal(status, 0)
    const { index_patterns, template } = JSON.parse(out)
    assert.deepEqual(index_patterns, [name])
    assert.equal(template.settings.index.lifecycle.name, 'packetbeat')
    const without = JSON.parse((await command('export', 'template', '--noilm')).out)
    assert.equal(without.template.settings.index.lifecycle, undefined)
  })

  it('is for the version of Elasticsearch that is asked for', async () => {
    const { out } = await command('export', 'template', '-es.version=7.10.2')
    assert.equal(JSON.parse(out).template.mappings.properties.error.properties.message.type, 'text')
    const { status, err } = await command('export', 'template', '--es.version', 'eight')
    assert.equal(status, 2)
    assert.match(err, /--es\.version must be a version/)
  })

  it('has the fields of the user, of a file or beside ours', async () => {
    writeFileSync(
      join(folder, 'fields.yml'),
      '- key: shop\n  fields:\n  - name: shop\n    type: group\n    fields: [{name: id, type: long}]\n',
    )
    const own = JSON.parse(
      (await command('export', 'template', '-E', 'setup.template.fields=fields.yml')).out,
    )
    assert.deepEqual(own.template.mappings.properties, { shop: { properties: { id: { type: 'long' } } } })
    const more = await command(
      'export',
      'template',
      '-E',
      'setup.template.append_fields=[{name: shop.id, type: long}]',
    )
    const { properties } = JSON.parse(more.out).template.mappings
    assert.deepEqual(properties.shop, { properties: { id: { type: 'long' } } })
    assert.ok(properties.source)
  })

  it('writes a file below --dir', async () => {
    const { out } = await command('export', 'template', '--dir', folder)
    const file = join(folder, 'template', `${name}.json`)
    assert.equal(out, `Wrote ${file}\n`)
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')).index_patterns, [name])
  })

  it('says what cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '')
    const { status, err } = await command('export', 'template', '--dir', join(folder, 'file'))
    assert.equal(status, 6)
    assert.match(err, /^Exiting: cannot write \S+: .*\.\n$/)
  })
})

describe('export', () => {
  it('ilm-policy prints our policy, or that of a file', async () => {
    const ours = JSON.parse((await command('export', 'ilm-policy')).out)
    assert.equal(ours.policy.phases.hot.actions.rollover.max_primary_shard_size, '50gb')
    writeFileSync(join(folder, 'policy.json'), '{"phases": {"delete": {"min_age": "7d"}}}')
    const { out } = await command('export', 'ilm-policy', '-E', 'setup.ilm.policy_file=policy.json')
    assert.deepEqual(JSON.parse(out), { policy: { phases: { delete: { min_age: '7d' } } } })
  })

  it('index-pattern prints what Kibana imports', async () => {
    const { out } = await command('export', 'index-pattern', '-E', 'setup.dashboards.index=shop-*')
    assert.equal(importAnswer(out).success, true)
    assert.equal(JSON.parse(out).attributes.title, 'shop-*')
  })

  it('dashboard prints all of ours, or one with what it needs', async () => {
    const all = (await command('export', 'dashboard')).out
    assert.equal(importAnswer(all).success, true)
    const one = (await command('export', 'dashboard', '--id', 'redis')).out
    assert.equal(importAnswer(one).success, true)
    assert.ok(one.includes('packetbeat-native-redis') && !one.includes('packetbeat-native-http-1'))
  })

  it('dashboard fetches others from Kibana, one or a list', async () => {
    const { port, close } = await answering(({ url, body }) =>
      !url.includes('_export')
        ? { status: 404, body: {} }
        : body.includes('"mine"')
          ? { status: 200, body: '{"type":"dashboard","id":"mine"}' }
          : { status: 400, body: { message: 'Error fetching objects to export: not found' } },
    )
    try {
      const kibana = ['-E', `setup.kibana.host=127.0.0.1:${port}`]
      assert.equal(
        (await command('export', 'dashboard', '--id', 'mine', ...kibana)).out,
        '{"type":"dashboard","id":"mine"}\n',
      )
      const { status, err } = await command('export', 'dashboard', '--id', 'other', ...kibana)
      assert.equal(status, 6)
      assert.match(err, /has no dashboard other\.\n$/)
      writeFileSync(
        join(folder, 'list.yml'),
        'dashboards:\n- {id: mine, file: ../mine.json}\n- {id: http, file: http.ndjson}\n',
      )
      const listed = await command('export', 'dashboard', '--yml', 'list.yml', '--folder', folder, ...kibana)
      assert.equal(listed.status, 0)
      // A name in the list leads nowhere else.
      assert.match(readFileSync(join(folder, 'dashboard/.._mine.json'), 'utf8'), /"mine"/)
      assert.equal(importAnswer(readFileSync(join(folder, 'dashboard/http.ndjson'), 'utf8')).success, true)
    } finally {
      await close()
    }
  })

  it('dashboard --yml needs a folder', async () => {
    const { status, err } = await command('export', 'dashboard', '--yml', 'list.yml')
    assert.equal(status, 2)
    assert.match(err, /needs --folder DIR/)
  })
})

describe('setup', () => {
  it('needs Elasticsearch for what is loaded there', async () => {
    for (const flag of ['--index-management', '--pipelines', '-index-management']) {
      const { status, err } = await command('setup', flag, '-E', 'output.console.pretty=true')
      assert.equal(status, 3)
      assert.match(err, /needs output\.elasticsearch; name it .* -E output\.console\.enabled=false\.\n$/)
    }
  })

  it('says which server does not answer', async () => {
    const { port, close } = await answering(() => ({ status: 200, body: {} }))
    await close()
    const hosts = `output.elasticsearch.hosts=["127.0.0.1:${port}"]`
    const { status, err } = await command('setup', '--index-management', '-E', hosts)
    assert.equal(status, 6)
    assert.match(err, /^Exiting: http:\/\/127\.0\.0\.1:\d+: nothing listens there .*\.\n$/)
  })

  it('--dashboards needs Kibana alone', async () => {
    const { port, close } = await answering(likeKibana)
    try {
      const { status, out, err } = await command(
        'setup',
        '--dashboards',
        '-E',
        `setup.kibana.host=127.0.0.1:${port}`,
      )
      assert.equal(status, 0, err)
      assert.match(out, /Loaded the dashboards: \d+ objects\.\n$/)
    } finally {
      await close()
    }
  })
})

describe('run with setup.dashboards.enabled', () => {
  const capture = join(import.meta.dirname, '../traces/sample.pcap')
  const run = (port: number, ...more: string[]) =>
    command(
      ...['run', '-e', '-v', '-I', capture, '-E', 'output.discard.enabled=true'],
      ...['-E', 'setup.dashboards.enabled=true', '-E', `setup.kibana.host=127.0.0.1:${port}`, ...more],
    )

  it('loads the dashboards beside the capture', async () => {
    const { port, close } = await answering(likeKibana)
    try {
      const { status, err } = await run(port)
      assert.equal(status, 0, err)
      assert.match(err, /loaded the dashboards: \d+ objects/)
    } finally {
      await close()
    }
  })

  it('captures without a Kibana, says so, and does not wait for it at the end', async () => {
    const { port, close } = await answering(() => ({ status: 503, body: {} }))
    await close()
    for (const retry of [
      'setup.dashboards.retry.enabled=false',
      'setup.dashboards.retry={enabled: true, interval: 10m}',
    ]) {
      const { status, err } = await run(port, '-E', retry)
      assert.equal(status, 0, err)
      assert.match(err, /Kibana at http:\/\/127\.0\.0\.1:\d+ cannot be reached/)
    }
  })
})
