// No Kibana can be had for tests: a small server stands for the two requests that are made of it, and looks at what it is
// sent as far as we know the real one does.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import type { z } from 'zod'
import { setupSchema } from '../../lib/config/schema/setup.js'
import type { Settings } from '../../lib/config/settings.js'
import { ndjson, savedObjects } from '../../lib/dashboards/index.js'
import { loadDashboards } from '../../lib/dashboards/load.js'
import { isUserError } from '../../lib/errors.js'
import type { OutputPlugin } from '../../lib/outputs/output.js'
import { protocols } from '../../lib/protocols/index.js'
import { answering, likeKibana } from '../support/kibana.js'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

type Input = z.input<typeof setupSchema>

async function kibana(answer = likeKibana as Parameters<typeof answering>[0]) {
  const server = await answering(answer)
  ends.push(server.close)
  return server
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'packetbeat-kibana-'))
  ends.push(() => rmSync(made, { recursive: true, force: true }))
  return made
}

const settings = (
  setup: Input,
  output?: object,
  config = '/nowhere',
): Pick<Settings, 'setup' | 'output' | 'path'> => ({
  setup: { ...setupSchema.parse(setup), overwrite_pipelines: false, protocols },
  output:
    output === undefined ? undefined : { plugin: { name: 'elasticsearch' } as OutputPlugin, options: output },
  path: { home: config, config, data: config, logs: config },
})

const quiet = { info: () => undefined, warn: () => undefined }
const load = (given: Parameters<typeof loadDashboards>[0]) =>
  loadDashboards(given, { version: '1.2.3', log: quiet })

const refused = (says: RegExp) => (error: unknown) => {
  assert.ok(isUserError(error), String(error))
  assert.match(error.message, says)
  return true
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

describe('dashboards in Kibana', () => {
  it('are imported all at once', async () => {
    const { port, requests } = await kibana()
    const count = await load(settings({ kibana: { host: `127.0.0.1:${port}` } }))
    assert.equal(count, savedObjects('packetbeat-*').length)
    assert.deepEqual(
      requests.map(({ method, url }) => `${method} ${url}`),
      ['GET /api/status', 'POST /api/saved_objects/_import?overwrite=true'],
    )
  })

  it('go to the space and path that are configured, with headers and credentials', async () => {
    const { port, requests } = await kibana()
    const kibanaOptions = {
      host: `http://127.0.0.1:${port}/path`,
      username: 'ada',
      password: 'secret',
      space: { id: 'my space' },
      headers: { 'x-tenant': 'a' },
    }
    await load(settings({ kibana: kibanaOptions }, { username: 'other', password: 'x' }))
    const { url, headers } = requests.at(-1) as (typeof requests)[number]
    assert.equal(url, '/path/s/my%20space/api/saved_objects/_import?overwrite=true')
    assert.equal(headers['x-tenant'], 'a')
    assert.equal(headers.authorization, basic('ada:secret'))
  })

  it('go with the credentials of the Elasticsearch output where there are no others', async () => {
    const { port, requests } = await kibana()
    const host = { kibana: { host: `127.0.0.1:${port}` } }
    await load(settings(host, { username: 'elastic', password: 'changeme' }))
    assert.equal(requests[0]?.headers.authorization, basic('elastic:changeme'))
    await load(settings(host, { api_key: 'id:key' }))
    assert.equal(requests[2]?.headers.authorization, `ApiKey ${Buffer.from('id:key').toString('base64')}`)
  })

  it('may be those of a directory, which read the index that is configured', async () => {
    const { port, requests } = await kibana()
    const config = folder()
    mkdirSync(join(config, 'own/dashboard'), { recursive: true })
    const [view, ...rest] = savedObjects('packetbeat-*')
    writeFileSync(join(config, 'own/dashboard/a.ndjson'), ndjson(rest))
    writeFileSync(join(config, 'own/view.json'), JSON.stringify(view))
    const dashboards = { directory: 'own', index: 'shop-*' }
    const count = await load(
      settings({ kibana: { host: `127.0.0.1:${port}` }, dashboards }, undefined, config),
    )
    assert.equal(count, rest.length + 1)
    assert.ok(requests.at(-1)?.body.includes('shop-*') && !requests.at(-1)?.body.includes('packetbeat-*'))
  })

  it('wait for a Kibana that is not ready, when they are told to', async () => {
    let tries = 0
    const { port } = await kibana((request) =>
      request.url.includes('status') && ++tries < 3 ? { status: 503, body: {} } : likeKibana(request),
    )
    const host = { host: `127.0.0.1:${port}` }
    await assert.rejects(load(settings({ kibana: host })), refused(/is not ready yet/))
    const dashboards = { retry: { enabled: true, interval: '10ms', maximum: 5 } }
    assert.ok((await load(settings({ kibana: host, dashboards }))) > 0)
    assert.equal(tries, 3)
  })

  it('stop waiting after the last try', async () => {
    let tries = 0
    const { port } = await kibana(() => ({ status: 503, body: String(++tries) }))
    const dashboards = { retry: { enabled: true, interval: '1ms', maximum: 2 } }
    await assert.rejects(
      load(settings({ kibana: { host: `127.0.0.1:${port}` }, dashboards })),
      refused(/not ready/),
    )
    assert.equal(tries, 3)
  })

  const wrong: readonly (readonly [string, Parameters<typeof answering>[0], RegExp])[] = [
    [
      'one that is too old',
      (request) => likeKibana(request, '7.17.0'),
      /is 7\.17\.0; the dashboards need 8\.0/,
    ],
    ['a wrong password', () => ({ status: 401, body: { message: 'no' } }), /does not know these credentials/],
    [
      'another path',
      () => ({ status: 404, body: { message: 'Not Found' } }),
      /check setup\.kibana\.host, path/,
    ],
    ['another server', () => ({ status: 200, body: '<html>' }), /what answers there is no Kibana/],
    [
      'an object that it does not take',
      (request) =>
        request.url.includes('_import')
          ? {
              status: 200,
              body: {
                success: false,
                errors: [
                  {
                    type: 'search',
                    id: 'x',
                    error: { type: 'missing_references', references: [{ id: 'y' }] },
                  },
                ],
              },
            }
          : likeKibana(request),
      /does not take 1 of the objects; the first is search x: missing_references \(y\)/,
    ],
  ]
  for (const [name, answer, says] of wrong)
    it(`are refused in one sentence by ${name}`, async () => {
      const { port } = await kibana(answer)
      await assert.rejects(load(settings({ kibana: { host: `127.0.0.1:${port}` } })), refused(says))
    })

  it('are refused in one sentence when nobody answers', async () => {
    const { port, close } = await kibana()
    await close()
    await assert.rejects(
      load(settings({ kibana: { host: `127.0.0.1:${port}` } })),
      refused(/cannot be reached: nothing listens there/),
    )
  })

  it('are refused when the files cannot be read', async () => {
    const config = folder()
    writeFileSync(join(config, 'a.ndjson'), 'no JSON\n')
    await assert.rejects(
      load(settings({ dashboards: { file: 'a.ndjson' } }, undefined, config)),
      refused(/is no JSON/),
    )
    await assert.rejects(
      load(settings({ dashboards: { directory: 'none' } }, undefined, config)),
      refused(/cannot read/),
    )
  })
})
