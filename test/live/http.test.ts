import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { Capture, type Engine, type Event, type Result } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { everywhere, type Place } from './support/matrix.js'
import { LARGE, long, type Nginx, type Noted, nginx } from './support/nginx.js'

const protocols = [{ type: 'http', send_all_headers: true, include_response_body_for: ['text/plain'] }]

/** An event in the words of the server's own log. */
const seen = (event: Event): Noted => ({
  method: event.method,
  path: event.url.path,
  status: event.http.response.status_code,
  requestBytes: event.http.request.bytes,
  responseBytes: event.http.response.bytes,
})

everywhere('HTTP', ['nginx', 'curl', 'bash'], nginx, (engine, place) => {
  test('connections that are kept alive, and what curl can ask: one event for each line of the server’s log', async () => {
    const { result, noted } = await captured(engine, place(), async ({ network }) => {
      const { ip4, ask } = network
      const get = (...words: string[]) => ask(['curl', '-sg', ...words])
      await get(`http://${ip4}/`, `http://${ip4}/answer.json?a=1&b=two+words`, `http://${ip4}/missing`)
      await get('-I', `http://${ip4}/answer.json`, `http://${ip4}/long.txt`)
      await get('-d', 'name=Ada&password=secret', `http://${ip4}/form`)
      await get('-X', 'DELETE', `http://${ip4}/broken`)
      await get('-L', '-x', `http://${ip4}:80`, 'http://shop.example/old')
      await get('-H', 'Connection: close', `http://${ip4}/long.txt`)
      await get('-0', `http://${ip4}/long.txt`)
      await get(`http://[${network.ip6}]/long.txt`, `http://[${network.ip6}]/answer.json`)
    })
    equal(noted.length, 13)
    deepEqual(result.events.map(seen), noted)
    deepEqual(
      result.events.map(({ url }) => url.query).filter(Boolean),
      // Of a form, what it says counts as the query.
      ['a=1&b=two+words', 'name=Ada&password=secret'],
    )
    deepEqual(
      result.events.map(({ status }) => status),
      noted.map(({ status }) => (status < 400 ? 'OK' : 'Error')),
    )
    wentWell(result)
  })

  test('messages in chunks and compressed ones, both ways, have their sizes on the wire and unpacked', async () => {
    const { result, noted } = await captured(engine, place(), async ({ network }) => {
      const get = (path: string, ...words: string[]) =>
        network.ask(['curl', '-s', ...words, `http://${network.ip4}${path}`])
      const post = (body: string, ...words: string[]) =>
        get('/form', '-H', 'Content-Type: text/plain', '-H', 'Expect:', ...words, '-d', body)
      await get('/chunked/long.txt')
      await get('/zipped/long.txt', '--compressed')
      await post('in chunks', '-H', 'Transfer-Encoding: chunked')
      await post('x'.repeat(50_000), '-H', 'Transfer-Encoding: chunked')
      await post('y'.repeat(50_000))
    })
    deepEqual(result.events.map(seen), noted)
    deepEqual(
      result.events.map(({ http }) => http.response.status_code),
      [200, 200, 200, 200, 200],
    )
    const [chunked, zipped] = result.events.map(({ http }) => http.response)
    equal(chunked.headers['transfer-encoding'], 'chunked')
    equal(zipped.headers['content-encoding'], 'gzip')
    for (const { body } of [chunked, zipped]) equal(body.content, long)
    wentWell(result)
  })

  test('a body of megabytes, in the largest packets that there are, is whole', async () => {
    const { network } = place()
    network.joinSegments(true)
    const { result, noted } = await captured(engine, place(), async () => {
      const urls = [network.ip4, `[${network.ip6}]`].map((address) => `http://${address}/large`)
      await network.ask(['curl', '-sg', '-o', '/dev/null', '-o', '/dev/null', ...urls])
    }).finally(() => network.joinSegments(false))
    deepEqual(
      result.events.map(({ http }) => http.response.body.bytes),
      [LARGE, LARGE],
    )
    deepEqual(result.events.map(seen), noted)
    wentWell(result)
  })

  test('requests sent ahead without waiting for answers each find their own', async () => {
    const count = 50
    const { result, noted } = await captured(engine, place(), async ({ network }) => {
      const requests = Array.from({ length: count }, (_, i) =>
        i % 5 === 4
          ? `POST /form?n=${i} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc`
          : `${i % 3 === 0 ? 'HEAD' : 'GET'} ${i % 7 === 0 ? '/missing' : '/index.html'}?n=${i} HTTP/1.1\r\nHost: a\r\n\r\n`,
      )
      const last = 'GET /answer.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
      const socket = 'exec 3<>/dev/tcp/$0/80; cat >&3; cat <&3'
      await network.ask(['bash', '-c', socket, network.ip4], requests.join('') + last)
    })
    equal(noted.length, count + 1)
    deepEqual(result.events.map(seen), noted)
    deepEqual(
      result.events.slice(0, count).map(({ url }) => url.query),
      Array.from({ length: count }, (_, i) => `n=${i}`),
    )
    wentWell(result)
  })
})

/** What the program wrote while `clients` were at work, and what the server noted. */
async function captured(
  engine: Engine,
  place: Place<Nginx>,
  clients: (place: Place<Nginx>) => Promise<void>,
): Promise<{ result: Result; noted: Noted[] }> {
  place.server.noted()
  const result = await Capture.during(place.network, { engine, protocols }, () => clients(place))
  return { result, noted: place.server.noted() }
}
