import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { HttpClient } from '../../lib/http/client.js'
import { linesOf } from '../../lib/http/lines.js'

async function served(t: TestContext, pieces: readonly string[], pause = 0) {
  const server = createServer(async (_, response) => {
    for (const piece of pieces) {
      response.write(piece)
      await new Promise((done) => setTimeout(done, pause))
    }
    response.end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { scheme: 'http', host: '127.0.0.1', port, path: '', username: undefined, password: undefined }
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const list: string[] = []
  for await (const line of lines) list.push(line)
  return list
}

describe('the HTTP client', () => {
  it('takes an answer as it comes, for longer than its timeout', async (t) => {
    const host = await served(t, ['one\ntw', 'o\n\n', 'three'], 60)
    const client = new HttpClient({ host, timeout: 100, proxy: false })
    const { signal } = new AbortController()
    const { status, body } = await client.open({ method: 'GET', path: '/', signal })
    const lines = await all(linesOf(body, 10))
    assert.deepEqual([status, lines], [200, ['one', 'two']])
    await assert.rejects(client.request({ method: 'GET', path: '/' }), /no answer in 0.1 s/)
    await client.destroy()
  })

  it('refuses answers and lines that are too long', async (t) => {
    const host = await served(t, ['x'.repeat(50), `${'x'.repeat(50)}\n`])
    const client = new HttpClient({ host, timeout: 1000, proxy: false, longest: 100 })
    await assert.rejects(client.request({ method: 'GET', path: '/' }), /more than 100 bytes/)
    const { signal } = new AbortController()
    for (const longest of [49, 99]) {
      const { body } = await client.open({ method: 'GET', path: '/', signal })
      await assert.rejects(all(linesOf(body, longest)), /a line of more than/)
    }
    const { body } = await client.open({ method: 'GET', path: '/', signal })
    assert.equal((await all(linesOf(body, 100))).length, 1)
    await client.destroy()
  })
})
