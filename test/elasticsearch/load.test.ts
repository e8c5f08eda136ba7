// What a real node cannot be made to do: servers without an API or a type, that refuse, that are another product. The rest
// is told by test/live/setup.test.ts.
import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import type { z } from 'zod'
import { setupSchema } from '../../lib/config/schema/setup.js'
import { connected } from '../../lib/elasticsearch/connected.js'
import { type LoadOptions, loadIndexManagement, loadPipelines } from '../../lib/elasticsearch/load.js'
import { isUserError } from '../../lib/errors.js'
import { HttpClient } from '../../lib/http/client.js'
import { protocols } from '../../lib/protocols/index.js'
import { answering, type Request } from '../support/kibana.js'

const TEMPLATE = '/_index_template/packetbeat-1.2.3'
const STREAM = '/_data_stream/packetbeat-1.2.3'
const POLICY = '/_ilm/policy/packetbeat'

type Answers = Readonly<Record<string, { status: number; body?: unknown } | undefined>>

let end: (() => Promise<void>) | undefined
afterEach(async () => {
  await end?.()
  end = undefined
})

const refusing = (status: number, reason: string) => ({
  status,
  body: { error: { type: 'some_exception', reason }, status },
})

/** A server that has nothing yet and takes everything, but for what `answers` says of `METHOD /path`. */
async function server(
  answers: Answers | ((request: Request) => { status: number; body?: unknown } | undefined) = {},
  setup: z.input<typeof setupSchema> = {},
  product: LoadOptions['server'] = { product: 'elasticsearch', version: '8.17.0' },
) {
  const told: string[] = []
  const say = (kind: string) => (message: string) => void told.push(`${kind}: ${message}`)
  const { port, requests, close } = await answering((request) => {
    const own = typeof answers === 'function' ? answers(request) : answers[`${request.method} ${request.url}`]
    if (own !== undefined) return { body: {}, ...own }
    return { status: request.method === 'PUT' || request.url === '/' ? 200 : 404, body: {} }
  })
  const host = { scheme: 'http', host: '127.0.0.1', port, path: '', username: undefined, password: undefined }
  const client = new HttpClient({ host, timeout: 5000, proxy: false })
  end = async () => {
    await client.close()
    await close()
  }
  const options: LoadOptions = {
    setup: { ...setupSchema.parse(setup), overwrite_pipelines: false, protocols },
    version: '1.2.3',
    folder: '/nowhere',
    server: product,
    client,
    log: { debug: say('debug'), info: say('info'), warn: say('warn') },
  }
  const asked = () => requests.map(({ method, url }) => `${method} ${url}`)
  const body = (of: string) =>
    JSON.parse(requests.findLast(({ method, url }) => `${method} ${url}` === of)?.body ?? '')
  return { options, asked, body, told, requests }
}

/** It was refused in one sentence that a user can do something with. */
const refused = (says: RegExp) => (error: unknown) => {
  assert.ok(isUserError(error), String(error))
  assert.match(error.message, says)
  return true
}

describe('loading policy and template', () => {
  it('loads what is missing, in the order in which each needs the one before', async () => {
    const { options, asked, body, told } = await server()
    await loadIndexManagement(options, false)
    assert.deepEqual(asked(), [
      'GET /',
      `GET ${POLICY}`,
      `PUT ${POLICY}`,
      `HEAD ${TEMPLATE}`,
      `PUT ${TEMPLATE}`,
      `PUT ${STREAM}`,
    ])
    assert.equal(body(`PUT ${POLICY}`).policy.phases.hot.actions.rollover.max_age, '30d')
    assert.equal(body(`PUT ${TEMPLATE}`).template.settings.index.lifecycle.name, 'packetbeat')
    assert.equal(told.length, 3)
  })

  it('leaves alone what is there', async () => {
    const there = { [`GET ${POLICY}`]: { status: 200 }, [`HEAD ${TEMPLATE}`]: { status: 200 } }
    const { options, asked } = await server(there)
    await loadIndexManagement(options, false)
    assert.deepEqual(
      asked().filter((request) => request.startsWith('PUT')),
      [`PUT ${STREAM}`],
    )
  })

  it('does without policies where the server has none', async () => {
    const none = refusing(400, 'no handler found for uri [/_ilm/policy/packetbeat] and method [GET]')
    const { options, body } = await server({ [`GET ${POLICY}`]: none })
    await loadIndexManagement(options, false)
    assert.equal(body(`PUT ${TEMPLATE}`).template.settings.index.lifecycle, undefined)
  })

  it('does without policies on OpenSearch', async () => {
    const { options, asked } = await server({}, {}, { product: 'opensearch', version: '2.19.1' })
    await loadIndexManagement(options, false)
    assert.ok(!asked().some((request) => request.includes('_ilm')))
  })

  it('gives data streams a lifecycle on Elasticsearch Serverless', async () => {
    const { options, asked, body } = await server({
      'GET /': { status: 200, body: { version: { build_flavor: 'serverless' } } },
    })
    await loadIndexManagement(options, false)
    assert.ok(!asked().some((request) => request.includes('_ilm')))
    assert.deepEqual(body(`PUT ${TEMPLATE}`).template.lifecycle, { data_retention: '7d' })
  })

  it('goes without each type that the server turns out not to have', async () => {
    const missing = new Set(['wildcard', 'flattened'])
    const { options, asked, body } = await server(({ method, url, body: sent }) => {
      const type = [...missing].find((name) => sent.includes(`"type":"${name}"`))
      return method === 'PUT' && url === TEMPLATE && type !== undefined
        ? refusing(400, `Failed to parse mapping: No handler for type [${type}] declared on field [x]`)
        : undefined
    })
    await loadIndexManagement(options, false)
    assert.equal(asked().filter((request) => request === `PUT ${TEMPLATE}`).length, 3)
    const { url, amqp } = body(`PUT ${TEMPLATE}`).template.mappings.properties
    assert.equal(url.properties.full.type, 'keyword')
    assert.equal(amqp.properties.headers.enabled, false)
  })

  it('gives up when the server refuses the type that was left out', async () => {
    const always = refusing(400, 'No handler for type [keyword] declared on field [x]')
    const { options, asked } = await server({ [`PUT ${TEMPLATE}`]: always })
    await assert.rejects(
      loadIndexManagement(options, false),
      refused(/cannot load the index template .*keyword/),
    )
    assert.ok(asked().length < 8)
  })

  it('loads no policy where nobody may look for one', async () => {
    const { options, asked, body } = await server({}, { ilm: { check_exists: false } })
    await loadIndexManagement(options, false)
    assert.ok(!asked().some((request) => request.includes('_ilm')))
    assert.equal(body(`PUT ${TEMPLATE}`).template.settings.index.lifecycle.name, 'packetbeat')
  })

  it('takes names, pattern and kind from the configuration', async () => {
    const { options, asked, body } = await server(
      {},
      {
        template: { name: 'shop-%{[agent.version]}', pattern: 'shop-*', type: 'component' },
        ilm: { policy_name: 'shop', enabled: 'auto' },
      },
    )
    await loadIndexManagement(options, false)
    assert.ok(asked().includes('PUT /_component_template/shop-1.2.3'))
    assert.ok(asked().includes('PUT /_ilm/policy/shop'))
    assert.equal(body('PUT /_component_template/shop-1.2.3').index_patterns, undefined)
    assert.ok(!asked().some((request) => request.includes('_data_stream')))
  })

  it('says what a server without data streams needs', async () => {
    const { options } = await server({}, {}, { product: 'elasticsearch', version: '7.6.0' })
    await assert.rejects(loadIndexManagement(options, false), refused(/no data streams; set it to legacy/))
  })

  it('says what is refused and how to go without', async () => {
    const { options } = await server({ [`HEAD ${TEMPLATE}`]: { status: 403 } })
    await assert.rejects(
      loadIndexManagement(options, false),
      refused(
        /^cannot load the index template packetbeat-1\.2\.3: .*\(403\).*setup\.template\.enabled: false/,
      ),
    )
  })

  it('names a file that cannot be read', async () => {
    const { options } = await server({}, { template: { json: { enabled: true, path: 'none.json' } } })
    await assert.rejects(loadIndexManagement(options, false), refused(/cannot use \/nowhere\/none\.json/))
  })
})

describe('loading pipelines', () => {
  it('loads those that are missing, the one that calls the others last', async () => {
    const { options, asked } = await server({
      'GET /_ingest/pipeline/packetbeat-1.2.3-http': { status: 200 },
    })
    const ids = await loadPipelines(options, false)
    assert.equal(ids.at(-1), 'packetbeat-1.2.3-routing')
    assert.deepEqual(
      asked().filter((request) => request.startsWith('PUT')),
      ['geoip', 'tls', 'routing'].map((name) => `PUT /_ingest/pipeline/packetbeat-1.2.3-${name}`),
    )
  })
})

describe('an output that has connected', () => {
  const settings = (setup: LoadOptions['setup']) => ({
    setup,
    path: { home: '/', config: '/', data: '/', logs: '/' },
  })

  it('replaces only once what is to be replaced, however often it connects', async () => {
    const { options, asked } = await server(
      { [`HEAD ${TEMPLATE}`]: { status: 200 }, [`GET ${POLICY}`]: { status: 200 } },
      { template: { overwrite: true } },
    )
    const load = connected(settings(options.setup), '1.2.3', options.log)
    await Promise.all([load(options.client, options.server), load(options.client, options.server)])
    assert.equal(asked().filter((request) => request === `PUT ${TEMPLATE}`).length, 1)
  })

  it('goes on without pipelines that the server does not take, and says so once', async () => {
    const { options, told } = await server({
      'PUT /_ingest/pipeline/packetbeat-1.2.3-geoip': refusing(
        400,
        'No processor type exists with name [geoip]',
      ),
    })
    const load = connected(settings(options.setup), '1.2.3', options.log)
    await load(options.client, options.server)
    await load(options.client, options.server)
    const warnings = told.filter((line) => line.startsWith('warn'))
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] as string, /No processor type exists with name \[geoip\]/)
  })

  it('rejects without a template, and tries it again the next time', async () => {
    let refuses = true
    const { options, asked } = await server(({ method, url }) =>
      method === 'PUT' && url === TEMPLATE && refuses ? { status: 503 } : undefined,
    )
    const load = connected(settings(options.setup), '1.2.3', options.log)
    await assert.rejects(load(options.client, options.server), refused(/cannot load the index template/))
    refuses = false
    await load(options.client, options.server)
    assert.ok(asked().includes(`PUT ${STREAM}`))
  })
})
