import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Report } from '../../../lib/outputs/check.js'
import { elasticsearch } from '../../../lib/outputs/elasticsearch/index.js'
import { bulkServer } from '../../support/bulk-server.js'
import { outputContext } from '../../support/output-context.js'

/** What `test output` would print. */
async function checked(options: object): Promise<{ lines: string[]; failure: string | undefined }> {
  const lines: string[] = []
  const report = (depth: number): Report => ({
    async step(name, work) {
      const at = lines.push(`${' '.repeat(depth)}${name}`) - 1
      try {
        const value = await work(report(depth + 1))
        lines[at] += ': OK'
        return value
      } catch (error) {
        lines[at] += ': ERROR'
        throw error
      }
    },
    info: (name, value) => void lines.push(`${' '.repeat(depth)}${name}: ${value}`),
    warn: (name) => void lines.push(`${' '.repeat(depth)}${name}: WARN`),
  })
  const parsed = elasticsearch.options.parse({ proxy_disable: true, ...options })
  const failure = await elasticsearch.check?.(parsed, outputContext(), report(0)).then(
    () => undefined,
    (error: Error) => error.message,
  )
  return { lines, failure }
}

describe('the check of an output', () => {
  it('tells each step down to the version of the server, and sends no events', async () => {
    const server = await bulkServer()
    const { lines, failure } = await checked({ hosts: [server.url], worker: 3 })
    await server.close()
    assert.equal(failure, undefined)
    assert.deepEqual(lines, [
      `elasticsearch: ${server.url}: OK`,
      ' parse url: OK',
      ' connection: OK',
      '  parse host: OK',
      '  dns lookup: OK',
      '  addresses: 127.0.0.1',
      '  dial up: OK',
      ' TLS: WARN',
      ' talk to server: OK',
      '  product: elasticsearch',
      '  version: 8.19.21',
    ])
    assert.equal(server.requests.length, 0)
  })

  it('fails with the first host that does not do, and looks at all of them', async () => {
    const [good, bad] = [await bulkServer(), await bulkServer()]
    bad.root = { status: 401, body: '' }
    const { lines, failure } = await checked({ hosts: [bad.url, good.url] })
    await Promise.all([good.close(), bad.close()])
    assert.match(failure ?? '', /does not know these credentials \(401\)/)
    assert.ok(lines.includes(`elasticsearch: ${bad.url}: ERROR`))
    assert.ok(lines.includes(`elasticsearch: ${good.url}: OK`))
  })
})
