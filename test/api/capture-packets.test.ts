import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { capture, type Packet } from '../../lib/index.js'
import { BEGIN, files, pcap, tcp, udp } from '../support/frames.js'
import { mutations } from '../support/mutations.js'
import { readPcap } from '../support/pcap.js'
import { traceFolder, traces } from '../support/traces.js'
import { noTshark } from '../support/tshark.js'

const file = files('capture-packets')
const sample = join(traceFolder, 'sample.pcap')

/** What `look` makes of each packet. */
async function each<T>(
  options: { file: string; filter?: string },
  look: (packet: Packet) => T,
): Promise<T[]> {
  const seen: T[] = []
  for await (const batch of capture({ ...options, read: 'packets' }))
    for (const packet of batch) seen.push(look(packet))
  return seen
}

const lookAtAll = (packet: Packet) => ({
  seconds: packet.seconds,
  nanoseconds: packet.nanoseconds,
  time: packet.time,
  wireLength: packet.wireLength,
  capturedLength: packet.capturedLength,
  data: packet.data.toString('latin1'),
  linkType: packet.linkType,
  decoded: packet.decoded,
  networkOffset: packet.networkOffset,
  transportOffset: packet.transportOffset,
  payloadOffset: packet.payloadOffset,
  payload: packet.payload.toString('latin1'),
  ipVersion: packet.ipVersion,
  protocol: packet.protocol,
  source: [packet.sourceIp, packet.sourcePort],
  destination: [packet.destinationIp, packet.destinationPort],
  tcpFlags: packet.tcpFlags,
})

describe('packets of a file', () => {
  it('are all there, byte for byte', async () => {
    for (const trace of traces().filter((name) => name.endsWith('.pcap'))) {
      const recorded = readPcap(readFileSync(trace))
      assert.ok(recorded !== undefined)
      const seen = await each({ file: trace }, ({ data, wireLength, seconds }) => ({
        seconds,
        wireLength,
        frame: Buffer.from(data),
      }))
      assert.deepEqual(
        seen,
        recorded.records.map(({ seconds, wireLength, frame }) => ({ seconds, wireLength, frame })),
        trace,
      )
    }
  })

  it('say what their headers say', async () => {
    const frames = [
      tcp('GET /', { sequence: 1, acknowledges: 1, flags: 8 }),
      Buffer.concat([udp('answer', true), Buffer.alloc(9)]),
    ]
    const seen = await each({ file: file('two.pcap', pcap(frames)) }, lookAtAll)
    assert.deepEqual(seen, [
      {
        seconds: BEGIN,
        nanoseconds: 0,
        time: BEGIN * 1000,
        wireLength: 59,
        capturedLength: 59,
        data: (frames[0] as Buffer).toString('latin1'),
        linkType: 1,
        decoded: 'decoded',
        networkOffset: 14,
        transportOffset: 34,
        payloadOffset: 54,
        payload: 'GET /',
        ipVersion: 4,
        protocol: 6,
        source: ['10.0.0.1', 40000],
        destination: ['10.0.0.2', 80],
        tcpFlags: 24,
      },
      {
        seconds: BEGIN,
        nanoseconds: 1_000_000,
        time: BEGIN * 1000 + 1,
        wireLength: 57,
        capturedLength: 57,
        data: (frames[1] as Buffer).toString('latin1'),
        linkType: 1,
        decoded: 'decoded',
        networkOffset: 14,
        transportOffset: 34,
        payloadOffset: 42,
        payload: 'answer',
        ipVersion: 4,
        protocol: 17,
        source: ['10.0.0.2', 53],
        destination: ['10.0.0.1', 40000],
        tcpFlags: 0,
      },
    ])
  })

  it('have no headers where there are none', async () => {
    const arp = Buffer.alloc(42)
    arp.writeUInt16BE(0x0806, 12)
    const cut = tcp('lost', { sequence: 1 }).subarray(0, 40)
    const seen = await each({ file: file('odd.pcap', pcap([arp, cut, Buffer.alloc(0)], 100)) }, lookAtAll)
    assert.deepEqual(
      seen.map(
        ({ decoded, networkOffset, transportOffset, payloadOffset, payload, source, capturedLength }) => [
          decoded,
          networkOffset,
          transportOffset,
          payloadOffset,
          payload,
          source,
          capturedLength,
        ],
      ),
      [
        ['notIp', -1, -1, -1, '', ['', 0], 42],
        ['truncated', 14, 34, -1, '', ['10.0.0.1', 0], 40],
        ['truncated', -1, -1, -1, '', ['', 0], 0],
      ],
    )
    assert.deepEqual(new Set(seen.map(({ wireLength }) => wireLength)), new Set([100]))
  })

  it('longer than a batch are cut, which is counted', async () => {
    const long = Buffer.concat([udp('x'), Buffer.alloc(300_000)])
    const reading = capture({ file: file('long.pcap', pcap([long, udp('y')])), read: 'packets' })
    const seen: unknown[] = []
    for await (const batch of reading)
      for (const { wireLength, capturedLength, payload } of batch)
        seen.push([wireLength, capturedLength < wireLength, payload.toString()])
    assert.deepEqual(seen, [
      [long.length, true, 'x'],
      [43, false, 'y'],
    ])
    assert.deepEqual(reading.statistics().droppedByUs, { 'capture.cut': 1 })
  })

  it('are what tshark says they are', { skip: noTshark }, async () => {
    const fields = [
      'frame.len',
      'frame.cap_len',
      'ip.src',
      'ipv6.src',
      'ip.dst',
      'ipv6.dst',
      'tcp.port',
      'udp.port',
    ]
    for (const trace of ['sample.pcap', 'dns/dig-dnsmasq.pcap', 'icmp/ping.pcap']) {
      const path = join(traceFolder, trace)
      const arguments_ = [
        '-n',
        '-r',
        path,
        '-T',
        'fields',
        '-E',
        'occurrence=a',
        ...fields.flatMap((field) => ['-e', field]),
      ]
      const told = execFileSync('tshark', [...arguments_, '-e', 'frame.time_epoch'], { encoding: 'utf8' })
      const wanted = told
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t'))
      const seen = await each({ file: path }, (packet) => {
        const of6 = packet.ipVersion === 6
        const ports = `${packet.sourcePort},${packet.destinationPort}`
        return [
          String(packet.wireLength),
          String(packet.capturedLength),
          of6 ? '' : packet.sourceIp,
          of6 ? packet.sourceIp : '',
          of6 ? '' : packet.destinationIp,
          of6 ? packet.destinationIp : '',
          packet.protocol === 6 ? ports : '',
          packet.protocol === 17 ? ports : '',
          `${packet.seconds}.${String(packet.nanoseconds).padStart(9, '0')}`,
        ]
      })
      assert.deepEqual(seen, wanted, trace)
    }
  })

  it('have their own addresses, however many there are', async () => {
    const frames: Buffer[] = []
    const wanted: string[] = []
    for (let host = 0; host < 6000; host++) {
      const frame = udp('x')
      frame.writeUInt32BE(0x0a000000 + Math.imul(host % 3000, 0x10001), 26)
      frames.push(frame)
      wanted.push([...frame.subarray(26, 30)].join('.'))
      const six = Buffer.alloc(62)
      six.set([0x86, 0xdd, 0x60], 12)
      six.set([0, 8, 17, 64, 0x20, 0x01, 0x0d, 0xb8], 18)
      six.writeUInt16BE(1 + (host % 3000), 36)
      six.writeUInt16BE(8, 58)
      frames.push(six)
      wanted.push(`2001:db8::${(1 + (host % 3000)).toString(16)}`)
    }
    assert.deepEqual(
      await each({ file: file('hosts.pcap', pcap(frames)) }, ({ sourceIp }) => sourceIp),
      wanted,
    )
  })

  it('are those that the filter lets through', async () => {
    const all = await each({ file: sample }, ({ sourcePort, destinationPort, protocol }) => [
      sourcePort,
      destinationPort,
      protocol,
    ])
    const dns = all.filter((of) => of.slice(0, 2).includes(53) && of[2] === 17)
    assert.ok(dns.length > 0 && dns.length < all.length)
    const reading = capture({ file: sample, read: 'packets', filter: 'udp port 53' })
    let count = 0
    for await (const batch of reading) count += batch.length
    assert.equal(count, dns.length)
    const { counters } = reading.statistics()
    assert.deepEqual(
      [counters['capture.packets'], counters['capture.filtered']],
      [dns.length, all.length - dns.length],
    )
  })

  it('come out of compressed files, too', async () => {
    const gz = file('sample.pcap.gz', gzipSync(readFileSync(sample)))
    assert.deepEqual(await each({ file: gz }, lookAtAll), await each({ file: sample }, lookAtAll))
  })

  it('stay right whatever has become of the file', async () => {
    for (const { name, bytes } of mutations(readFileSync(sample), 7, 1)) {
      const damaged = file('damaged.pcap', bytes)
      try {
        await each({ file: damaged }, (packet) => {
          const { start, end, networkOffset, transportOffset, payloadOffset, payloadLength, capturedLength } =
            packet
          assert.equal(end - start, capturedLength, name)
          for (const offset of [networkOffset, transportOffset, payloadOffset])
            assert.ok(offset >= -1 && offset <= capturedLength, `${name}: ${offset} of ${capturedLength}`)
          assert.ok(payloadLength >= 0 && payloadOffset + payloadLength <= capturedLength, name)
          assert.equal(packet.sourceIp === '', packet.ipVersion === 0, name)
        })
      } catch (error) {
        assert.match(String((error as { code?: unknown }).code), /^ERR_CAPTURE_FILE_/, name)
      }
    }
  })
})

describe('a batch of packets', () => {
  const frames = Array.from({ length: 5000 }, (_, at) => udp(`number ${at}`))
  const many = file('many.pcap', pcap(frames))
  const text = (packet: Packet | undefined) => packet?.payload.toString('latin1')

  it('has its packets by index, too', async () => {
    let before = 0
    for await (const batch of capture({ file: many, read: 'packets' })) {
      assert.equal(text(batch.at(0)), `number ${before}`)
      assert.equal(text(batch.at(-1)), `number ${before + batch.length - 1}`)
      assert.equal(batch.at(batch.length), undefined)
      assert.equal(batch.at(-batch.length - 1), undefined)
      assert.equal(batch.at(0.5), undefined)
      assert.equal([...batch].length, batch.length)
      before += batch.length
    }
    assert.equal(before, frames.length)
  })

  it('is on loan: one object for all, refused when it was given back', async () => {
    const packets = new Set<Packet>()
    const copies: Packet[] = []
    let last: { at(index: number): unknown; length: number } | undefined
    for await (const batch of capture({ file: many, read: 'packets' })) {
      if (last !== undefined) {
        const gone = last
        assert.throws(() => gone.at(0), { code: 'ERR_CAPTURE_RELEASED' })
        assert.equal(gone.length, 0)
      }
      for (const packet of batch) packets.add(packet)
      copies.push((batch.at(-1) as Packet).copy())
      last = batch
    }
    assert.equal(packets.size, 1)
    assert.equal(text(copies.at(-1)), `number ${frames.length - 1}`)
    assert.equal(new Set(copies.map(text)).size, copies.length)
    assert.ok(copies.length > 1)
    assert.deepEqual(lookAtAll((copies[0] as Packet).copy()), lookAtAll(copies[0] as Packet))
  })

  it('may be kept where copies were asked for', async () => {
    const kept: Packet[] = []
    for await (const batch of capture({ file: many, read: 'packets', copy: true })) kept.push(...batch)
    assert.deepEqual(
      kept.map(text),
      frames.map((_, at) => `number ${at}`),
    )
  })
})
