import { deepEqual, equal, ok } from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Capture, type Event } from './support/capture.js'
import { wentWell } from './support/losses.js'
import { everywhere } from './support/matrix.js'
import type { Counted, Network } from './support/network.js'
import { nginx } from './support/nginx.js'

const protocols = [{ type: 'http' }, { type: 'icmp' }]

everywhere('Flows', ['nginx', 'curl', 'ping'], nginx, (engine, place, link) => {
  test('packets and bytes of all flows are what the interface counted', async () => {
    const { network } = place()
    const flows = { timeout: '30s', period: '-1s' }
    const { result, counted } = await measured(network, { engine, protocols, flows }, () => talk(network))
    const reports = result.events.filter(({ type }) => type === 'flow')
    ok(reports.length >= 3)
    ok(reports.every(({ flow }) => flow.final))
    deepEqual(sum(reports), counted)
    deepEqual(
      { packets: result.counters['capture.packets'], bytes: result.counters['capture.bytes'] },
      counted,
    )
    equal(result.counters['flows.reported'], reports.length)
    // libpcap counts on loopback what leaves as well as what arrives, and hands over one of them.
    if (engine === 'af_packet') equal(result.counters['capture.kernel_packets'], counted.packets)
    wentWell(result)
  })

  // Once is enough: it takes long, and what it is about is behind the capture.
  if (engine === 'af_packet' && link === 'veth')
    test('reports of what is new since the last one add up to the same', async () => {
      const { network } = place()
      const flows = { timeout: '30s', period: '1s', enable_delta_flow_reports: true }
      const { result, counted } = await measured(network, { engine, protocols, flows }, async () => {
        // The first reports are made when the clock of the packets shows full ten seconds.
        const seconds = 12 - ((Date.now() / 1000) % 10)
        await Promise.all([
          network.ask(['ping', '-q', '-c', String(Math.ceil(seconds * 10)), '-i', '0.1', network.ip4]),
          talk(network),
        ])
      })
      const reports = result.events.filter(({ type }) => type === 'flow')
      ok(reports.some(({ flow }) => !flow.final))
      deepEqual(sum(reports), counted)
      wentWell(result)
    })
})

async function talk(network: Network): Promise<void> {
  await network.ask(['curl', '-s', `http://${network.ip4}/long.txt`, `http://${network.ip4}/answer.json`])
  await network.ask(['curl', '-sg', `http://[${network.ip6}]/long.txt`])
  await network.ask(['ping', '-q', '-c', '2', '-i', '0.05', '-s', '3000', network.ip4])
}

/** What the program wrote, and what the interface counted while it captured. */
async function measured(
  network: Network,
  settings: Parameters<typeof Capture.during>[1],
  clients: () => Promise<void>,
) {
  const before = await quiet(network)
  const result = await Capture.during(network, settings, clients)
  const after = network.counted()
  return { result, counted: { packets: after.packets - before.packets, bytes: after.bytes - before.bytes } }
}

/** What a new interface has counted when it has told the routers, twice, which groups it is in. */
async function quiet(network: Network): Promise<Counted> {
  for (let last = network.counted(); ; ) {
    await sleep(1500)
    const now = network.counted()
    if (now.packets === last.packets) return now
    last = now
  }
}

const sum = (flows: readonly Event[]): Counted =>
  flows.reduce(
    (total, { network }) => ({
      packets: total.packets + (network.packets ?? 0),
      bytes: total.bytes + (network.bytes ?? 0),
    }),
    { packets: 0, bytes: 0 },
  )
