import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'node:test'
import { Capture, type Event } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { everywhere } from './support/matrix.js'

const protocols = [{ type: 'icmp' }]
const nothing = async () => undefined

// On a veth pair hosts also tell which groups they are in; those are events as well, but not what ping did.
const echoes = (events: readonly Event[]) =>
  events.filter(({ icmp }) => [8, 128].includes(icmp.request?.type))

everywhere('ICMP', ['ping'], nothing, (engine, place) => {
  test('ping, over IPv4 and IPv6, also in fragments: one event for each echo', async () => {
    const { network } = place()
    const result = await Capture.during(network, { engine, protocols }, async () => {
      await network.ask(['ping', '-q', '-c', '5', '-i', '0.05', network.ip4])
      await network.ask(['ping', '-q', '-c', '3', '-i', '0.05', network.ip6])
      await network.ask(['ping', '-q', '-c', '2', '-i', '0.05', '-s', '4000', network.ip4])
      await network.ask(['ping', '-q', '-c', '2', '-i', '0.05', '-s', '4000', network.ip6])
    })
    const seen = echoes(result.events)
    deepEqual(
      seen.map(({ icmp, path, status, source, destination }) => [
        icmp.version,
        path,
        status,
        source.bytes,
        destination.bytes,
      ]),
      // Bytes as ping counts them: without the header.
      [
        ...Array.from({ length: 5 }, () => [4, network.ip4, 'OK', 56, 56]),
        ...Array.from({ length: 3 }, () => [6, network.ip6, 'OK', 56, 56]),
        ...Array.from({ length: 2 }, () => [4, network.ip4, 'OK', 4000, 4000]),
        ...Array.from({ length: 2 }, () => [6, network.ip6, 'OK', 4000, 4000]),
      ],
    )
    // Each of the last four, and its answer, came in three pieces.
    equal(result.counters['fragments.reassembled'], 8)
    wentWell(result)
  })

  test('an echo that nobody answers is an event that says so', async () => {
    const { network } = place()
    const result = await Capture.during(network, { engine, protocols }, async () => {
      network.ignorePings(true)
      try {
        await network.ask(['sh', '-c', `ping -q -c 3 -i 0.05 -W 0.2 ${network.ip4} || true`])
      } finally {
        network.ignorePings(false)
      }
    })
    deepEqual(
      echoes(result.events).map(({ status, error }) => [status, error.message]),
      Array.from({ length: 3 }, () => ['Error', 'Request was received without an associated response.']),
    )
    wentWell(result, { 'icmp.unmatched_requests': 3 })
  })
})
