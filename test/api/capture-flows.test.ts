import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { capture, type FlowReport } from '../../lib/index.js'
import { BEGIN, files, pcap, tcp, udp } from '../support/frames.js'

const file = files('capture-flows')

async function reports(path: string, flows: object = {}): Promise<FlowReport[]> {
  const all: FlowReport[] = []
  for await (const batch of capture({ file: path, read: 'flows', flows })) all.push(...batch)
  return all
}

describe('flow reports', () => {
  it('count both sides', async () => {
    const frames = [udp('?'), udp('four', true), udp('??'), tcp('abc', { sequence: 1 })]
    const all = await reports(file('both.pcap', pcap(frames)))
    assert.equal(all.length, 2)
    const [datagrams, stream] = all.sort((a, b) => b.transport - a.transport) as [FlowReport, FlowReport]
    const { id, communityId, ...rest } = datagrams
    assert.match(communityId, /^1:/)
    assert.notEqual(id, stream.id)
    assert.deepEqual(rest, {
      start: BEGIN * 1000,
      end: BEGIN * 1000 + 2,
      reported: BEGIN * 1000 + 3,
      final: true,
      transport: 17,
      sourceIps: ['10.0.0.1'],
      destinationIps: ['10.0.0.2'],
      vlans: [],
      sourceMac: '00-00-00-00-00-00',
      destinationMac: '00-00-00-00-00-00',
      sourcePort: 40000,
      destinationPort: 53,
      sourceBytes: 43 + 44,
      sourcePackets: 2,
      destinationBytes: 46,
      destinationPackets: 1,
      handshake: -1,
      retransmissions: 0,
      outOfOrder: 0,
      zeroWindows: 0,
      resets: 0,
      tcpEnd: '',
    })
    assert.deepEqual([stream.transport, stream.sourcePackets, stream.sourceBytes], [6, 1, 57])
  })

  it('come as often as asked, with what is new or all of it', async () => {
    const path = file('long.pcap', pcap(Array.from({ length: 25_000 }, () => udp('x'))))
    const packets = async (flows: object) => (await reports(path, flows)).map((each) => each.sourcePackets)
    assert.deepEqual(await packets({ periodSeconds: 0 }), [25_000])
    const grown = await packets({ periodSeconds: 3 })
    assert.ok(grown.length === 6 && grown.every((count, at) => count > (grown[at - 1] ?? 0)), String(grown))
    assert.equal(grown.at(-1), 25_000)
    const added = await packets({ periodSeconds: 3, delta: true })
    assert.equal(added.length, grown.length)
    assert.equal(
      added.reduce((sum, count) => sum + count, 0),
      25_000,
    )
  })
})
