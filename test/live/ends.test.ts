import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Capture, type Engine, SETTLED } from './support/capture.js'
import { lost, wentWell } from './support/losses.js'
import { engines } from './support/matrix.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'
import { long, type Nginx, nginx } from './support/nginx.js'
import { start } from './support/processes.js'

const protocols = [{ type: 'http' }]

describe('A capture that ends in the midst of traffic', { skip: lacking('nginx', 'curl', 'bash') }, () => {
  for (const engine of engines) {
    test(`a device that disappears ends it with one sentence, and what was captured is kept, by ${engine}`, async (t) => {
      const { network } = await place(t)
      const capture = await Capture.ready(network, { engine, protocols })
      await network.ask(['curl', '-s', ...urls(network, 20)])
      network.unplug()
      const { status, said, events } = await capture.end()
      equal(events.length, 20)
      equal(said.length, 1, said.join('\n'))
      match(said[0] as string, /^Exiting: Device "server0" disappeared during the capture; .+\.$/)
      equal(status, 5)
    })

    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      test(`${signal}: what is not finished yet is reported as it is, by ${engine}`, async (t) => {
        const { network } = await place(t)
        const capture = await Capture.ready(network, { engine, protocols })
        await network.ask(['curl', '-s', ...urls(network, 3)])
        // The server never learns the end of this form.
        const form = 'POST /form HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 100\\r\\n\\r\\nname=Ada'
        const half = start(network.client, ['bash', '-c', say(form), network.ip4])
        // And this answer takes minutes to come.
        const slow = start(network.client, ['curl', '-s', ...urls(network, 1, '/slow/long.txt')])
        await sleep(SETTLED + 300)
        const result = await capture.interrupt(signal)
        await Promise.all([half.stop(), slow.stop()])
        const of = (path: string) => result.events.filter(({ url }) => url.path === path)
        deepEqual(
          of('/form').map(({ status, error }) => [status, error.message]),
          [['Error', ['The request was not captured to its end', 'Unmatched request']]],
        )
        // An answer that had begun is told as far as it went.
        deepEqual(
          of('/slow/long.txt').map(({ http: { response }, error }) => [
            response.status_code,
            response.body.bytes < long.length,
            error.message,
          ]),
          [[200, true, 'The response was not captured to its end']],
        )
        equal(result.events.length, 5)
        deepEqual(lost(result.counters), { 'http.unmatched_requests': 1 })
        equal(result.status, 0)
      })

      test(`${signal}: everything read is written, while more comes in than before, by ${engine}`, async (t) => {
        await interrupted(t, engine, signal)
      })
    }
  }
})

/** Interrupts a capture under load; what it wrote must be what the server did up to some moment. */
async function interrupted(t: TestContext, engine: Engine, signal: NodeJS.Signals): Promise<void> {
  const { network, server } = await place(t)
  const capture = await Capture.ready(network, { engine, protocols })
  const clients = [0, 1].map(() =>
    start(network.client, ['curl', '-s', '-o', '/dev/null', ...urls(network, 400)]),
  )
  await sleep(500)
  const result = await capture.interrupt(signal)
  await Promise.all(clients.map((client) => client.ended))
  equal(result.status, 0)
  deepEqual(result.said, [])
  equal(result.counters['pipeline.events.acked'], result.events.length)
  equal(result.counters['http.events'], result.events.length)
  const whole = result.events.filter(({ status }) => status === 'OK')
  ok(whole.length > 0 && whole.length <= server.noted().length)
  // Each connection may have been in the midst of one.
  const unanswered = lost(result.counters)['http.unmatched_requests'] ?? 0
  equal(whole.length + unanswered, result.events.length)
  ok(unanswered <= clients.length)
  wentWell(result, unanswered > 0 ? { 'http.unmatched_requests': unanswered } : {})
}

async function place(t: TestContext): Promise<{ network: Network; server: Nginx }> {
  const network = new Network('veth')
  t.after(network.remove)
  return { network, server: await nginx(network) }
}

const urls = ({ ip4 }: Network, count: number, path = '/answer.json') =>
  Array.from({ length: count }, (_, i) => `http://${ip4}${path}?n=${i}`)

/** Says something to port 80 of the host that is the next word, and listens for ever. */
const say = (words: string) => `exec 3<>/dev/tcp/$0/80; printf '${words}' >&3; exec cat <&3`
