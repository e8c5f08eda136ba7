import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { Capture, type Event } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { everywhere } from './support/matrix.js'
import { type Asked, ask, ports, sip } from './support/sip.js'

const protocols = [{ type: 'sip', ports: Object.values(ports) }]

everywhere('SIPp', ['sipp'], sip, (engine, place) => {
  /** What clients did, all at the same time, and the events of it. */
  async function during(all: readonly Omit<Asked, 'host'>[]) {
    const { network } = place()
    let noted: string[] = []
    const result = await Capture.during(network, { engine, protocols }, async () => {
      const asked = [network.ip4, network.ip6].flatMap((host) => all.map((one) => ({ ...one, host })))
      noted = (await Promise.all(asked.map((one) => ask(network, one)))).flat()
    })
    return { ...result, noted }
  }

  test('calls over UDP and TCP: an event for each message that the phones noted', async () => {
    const calls = 100
    const result = await during(
      (['u1', 't1', 'tn'] as const).map((transport) => ({ scenario: 'call', transport, calls })),
    )
    deepEqual(counted(result.events.map(told)), counted(result.noted))
    ok(result.noted.length >= 6 * 6 * calls, `${result.noted.length} messages`)
    const byes = result.events.filter(({ sip }) => sip.method === 'BYE' && !sip.retransmission)
    equal(byes.length, 6 * calls)
    ok(byes.every(({ sip }) => sip.call_duration > 0))
    const [udp, tcp] = ['udp', 'tcp'].map((name) =>
      result.events.filter(({ network, sip }) => network.transport === name && sip.method === 'ACK'),
    )
    deepEqual([udp?.length, tcp?.length], [2 * calls, 4 * calls])
    wentWell(result)
  })

  test('a ping, a login, calls that are busy, cancelled and changed', async () => {
    const calls = 5
    const result = await during(
      (['u1', 't1'] as const).map((transport) => ({ scenario: 'services', transport, calls })),
    )
    deepEqual(counted(result.events.map(told)), counted(result.noted))
    const of = (what: string) => result.events.filter((event) => told(event) === what)
    const logins = of('REGISTER').filter(({ event }) => event.category.includes('authentication'))
    deepEqual([of('REGISTER').length, logins.length], [8 * calls, 4 * calls])
    deepEqual(unique(logins.map(({ user, sip }) => [user.name, sip.auth.realm])), [['anna', 'services']])
    deepEqual(unique(of('401 REGISTER').map(({ sip, status }) => [sip.auth, status])), [
      [{ scheme: 'Digest', realm: 'services' }, 'Error'],
    ])
    deepEqual(unique(of('486 INVITE').map(({ event }) => [event.reason, event.outcome])), [
      ['Busy Here', 'failure'],
    ])
    // All but an ACK have a response, and each response knows how long it took.
    const times = result.events
      .filter(({ sip }) => sip.type === 'response')
      .map(({ sip }) => sip.response_time)
    deepEqual(
      times.filter((time) => !(time > 0)),
      [],
    )
    deepEqual(unique(of('INVITE').map(({ sip }) => sip.sdp.media)), [
      [{ type: 'audio', port: 6000, protocol: 'RTP/AVP', codecs: ['PCMA/8000', 'telephone-event/8000'] }],
    ])
    // The phone hangs up 50 milliseconds after it was answered, by a clock that SIPp reads when it has time for it.
    const durations = of('BYE').map(({ sip }) => sip.call_duration)
    deepEqual(
      durations.filter((duration) => !(duration > 25e6 && duration < 5e9)),
      [],
    )
    wentWell(result)
  })
})

/** The method of a request, `200 BYE` of a response. */
const told = ({ sip: { method, code, cseq } }: Event): string => method ?? `${code} ${cseq.method}`

/** How often each is there. */
function counted(all: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const one of all) counts[one] = (counts[one] ?? 0) + 1
  return Object.fromEntries(Object.entries(counts).sort())
}

const unique = (all: readonly unknown[]): unknown[] =>
  [...new Set(all.map((one) => JSON.stringify(one)))].map((one) => JSON.parse(one))
