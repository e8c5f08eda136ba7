import { deepEqual, equal, match } from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Done } from './clients/tls.js'
import { Capture, type Event, type Result } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { everywhere } from './support/matrix.js'
import type { Network } from './support/network.js'
import { type TlsServers, tls } from './support/tls.js'

// Short, since one test waits for it.
const protocols = [{ type: 'tls', transaction_timeout: '1s' }]

const script = join(import.meta.dirname, 'clients/tls.ts')

async function driven(network: Network, { home }: TlsServers, ...scenarios: string[]): Promise<Done[]> {
  const words = [network.ip4, home, scenarios.join()]
  return JSON.parse(await network.ask([process.execPath, '--import', 'tsx', script, ...words]))
}

/** What the client knows of a connection, from its event. */
function asClient({ source, tls, error }: Event, like: Done): Done {
  const { established, version, cipher, resumed, next_protocol: alpn, client, server, detailed } = tls
  const why = [...(detailed.alert_types ?? []), error?.message].find((text) => text?.includes(like.why ?? ''))
  const all: Done = {
    established,
    port: source.port,
    version,
    cipher,
    resumed,
    alpn,
    name: client.server_name,
  }
  if (server?.hash !== undefined) all.certificate = server.hash.sha1
  if (detailed.ocsp_response !== undefined) all.staple = detailed.ocsp_response
  if (why !== undefined) all.why = like.why as string
  return Object.fromEntries(Object.entries(all).filter(([name]) => name in like)) as unknown as Done
}

/** One event for each connection, which says what its client says. */
function agree(result: Result, done: readonly Done[]): void {
  const events = new Map(result.events.map((event) => [event.source.port, event]))
  equal(events.size, result.events.length)
  deepEqual(
    done.map((each) => asClient(events.get(each.port), each)),
    done,
  )
  equal(result.events.length, done.length)
  for (const { status, event, tls } of result.events) {
    equal(status, tls.established ? 'OK' : 'Error')
    equal(event.end !== undefined, tls.established)
  }
}

everywhere('TLS', ['nginx', 'openssl'], tls, (engine, place) => {
  test('sessions of every version, full and resumed, as their clients see them', async () => {
    const { network, server } = place()
    let done: Done[] = []
    const scenarios =
      'full12,full13,resumed12,resumed13,early,nameless,old10,old11,retried,mutual12,mutual13,resumedById'
    const result = await Capture.during(network, { engine, protocols }, async () => {
      done = await driven(network, server, scenarios)
    })
    agree(result, done)
    const of = (scenario: number) => result.events.find(({ source }) => source.port === done[scenario]?.port)
    deepEqual(result.events.map(({ tls }) => tls.detailed.resumption_method).filter(Boolean), [
      'ticket',
      'psk',
      'psk',
      'id',
    ])
    // The chain is told for TLS 1.2, where it can be seen.
    equal(of(0).tls.server.subject, 'CN=shop.example,OU=Web,O=Tests,C=DE')
    equal(of(0).tls.detailed.server_certificate_chain[0].subject.common_name, 'Middle')
    equal(of(11).tls.detailed.hello_retry_request, true)
    equal(of(12).tls.client.subject, 'CN=client 7,O=Tests')
    equal(of(12).tls.detailed.ocsp_response, 'successful')
    wentWell(result)
  })

  test('handshakes that fail, each with its reason', async () => {
    const { network, server } = place()
    let done: Done[] = []
    const scenarios =
      'unknownClient12,unknownClient13,wrongVersion,noSharedCipher,unknownCa12,unknownCa13,reset,noAnswer'
    const result = await Capture.during(network, { engine, protocols }, async () => {
      done = await driven(network, server, scenarios)
    })
    agree(result, done)
    wentWell(result, { 'tls.unmatched_requests': 2 })
    equal(result.counters['tls.failed_handshakes'], 6)
  })

  test('what is no TLS is counted, and nothing else', async () => {
    const { network, server } = place()
    const result = await Capture.during(network, { engine, protocols }, () =>
      driven(network, server, 'plainHttp', 'httpToTls', 'full12'),
    )
    equal(result.events.length, 1)
    match(result.events[0].tls.client.ja4, /^t12d/)
    equal(result.counters['tls.undecoded_connections'], 2)
    wentWell(result)
  })
})
