import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { type CapturedConversation, capture, type Datagram, type TcpSegment } from '../../lib/index.js'
import { FIN, files, ipv4, pcap, RST, SYN, tcp, udp } from '../support/frames.js'
import { mutations } from '../support/mutations.js'
import { traceFolder } from '../support/traces.js'
import { noTshark } from '../support/tshark.js'

const file = files('capture-streams')

/** What happened to each connection, as "open > GET < 200 gap< 5 close fin". */
async function told(path: string, ports?: readonly number[]): Promise<string[]> {
  const stories = new Map<CapturedConversation, string[]>()
  const tell = ({ type, direction, data, missing, reason, conversation }: TcpSegment) => {
    if (!stories.has(conversation)) stories.set(conversation, [])
    const side = direction === 0 ? '>' : '<'
    const what = {
      open: 'open',
      data: `${side} ${data.toString('latin1')}`,
      gap: `gap${side} ${missing}`,
      close: `close ${reason}`,
    }
    stories.get(conversation)?.push(what[type])
  }
  const options = { file: path, read: 'segments', ...(ports === undefined ? {} : { ports }) } as const
  for await (const batch of capture(options)) for (const segment of batch) tell(segment)
  return [...stories].map(
    ([{ sourceIp, sourcePort, destinationIp, destinationPort }, story]) =>
      `${sourceIp}:${sourcePort} ${destinationIp}:${destinationPort} ${story.join(' ')}`,
  )
}

describe('segments', () => {
  it('are the bytes of connections, in order, with their begin and end', async () => {
    const path = file(
      'order.pcap',
      pcap([
        tcp('', { sequence: 99, flags: SYN }),
        tcp('', { sequence: 499, acknowledges: 100, flags: SYN, reversed: true }),
        tcp('def', { sequence: 103 }),
        tcp('abc', { sequence: 100 }),
        tcp('abc', { sequence: 100 }),
        tcp('yes', { sequence: 500, acknowledges: 106, reversed: true }),
        tcp('', { sequence: 106, acknowledges: 503, flags: FIN }),
        tcp('', { sequence: 503, acknowledges: 107, flags: FIN, reversed: true }),
        tcp('refused', { sequence: 1, ports: [40001, 81] }),
        tcp('', { sequence: 8, flags: RST, ports: [40001, 81] }),
      ]),
    )
    assert.deepEqual(await told(path), [
      '10.0.0.1:40000 10.0.0.2:80 open > abc > def < yes close fin',
      '10.0.0.1:40001 10.0.0.2:81 open > refused close reset',
    ])
  })

  it('are only those of the ports asked for', async () => {
    const path = file(
      'ports.pcap',
      pcap([tcp('a', { sequence: 1 }), tcp('b', { sequence: 1, ports: [4, 81] })]),
    )
    assert.deepEqual(await told(path, [81]), ['10.0.0.1:4 10.0.0.2:81 open > b close end'])
    assert.deepEqual(await told(path, [82]), [])
  })

  it('say what is missing', async () => {
    const frames = [tcp('abc', { sequence: 100 }), tcp('xyz', { sequence: 110 })]
    assert.deepEqual(await told(file('gap.pcap', pcap(frames))), [
      '10.0.0.1:40000 10.0.0.2:80 open > abc gap> 7 > xyz close end',
    ])
  })

  it('without a SYN go to the lower port', async () => {
    const frames = [
      tcp('late', { sequence: 1, reversed: true }),
      tcp('more', { sequence: 1, ports: [1000, 2000] }),
    ]
    assert.deepEqual(await told(file('late.pcap', pcap(frames))), [
      '10.0.0.1:40000 10.0.0.2:80 open < late close end',
      '10.0.0.2:2000 10.0.0.1:1000 open < more close end',
    ])
  })

  it('are told apart where a number is used again in one batch', async () => {
    const frames = Array.from({ length: 300 }, (_, at) => [
      tcp('', { sequence: at * 1000 - 1, flags: SYN }),
      tcp(`request ${at}`, { sequence: at * 1000 }),
      tcp('', { sequence: at * 1000 + 10, flags: RST }),
    ]).flat()
    const stories = await told(file('again.pcap', pcap(frames)))
    assert.deepEqual(
      stories,
      Array.from({ length: 300 }, (_, at) => `10.0.0.1:40000 10.0.0.2:80 open > request ${at} close reset`),
    )
  })

  it('have a row for each direction’s bytes, however long', async () => {
    const text = 'x'.repeat(1400)
    const frames = Array.from({ length: 1000 }, (_, at) => tcp(text, { sequence: 1 + at * text.length }))
    let bytes = 0
    for await (const batch of capture({ file: file('long.pcap', pcap(frames)), read: 'segments' }))
      for (const { start, end, bytes: memory } of batch)
        for (let at = start; at < end; at++) if (memory[at] === 0x78) bytes++
    assert.equal(bytes, 1000 * 1400)
  })

  it('are what tshark follows', { skip: noTshark }, async () => {
    const path = join(traceFolder, 'http/curl-nginx.pcap')
    const streams = new Map<CapturedConversation, [string, string]>()
    for await (const batch of capture({ file: path, read: 'segments' }))
      for (const { type, direction, data, conversation } of batch) {
        if (type === 'open') streams.set(conversation, ['', ''])
        const stream = streams.get(conversation)
        if (stream !== undefined) stream[direction] += data.toString('hex')
      }
    const follow = [...streams.keys()].flatMap((_, at) => ['-z', `follow,tcp,raw,${at}`])
    const out = execFileSync('tshark', ['-n', '-q', '-r', path, ...follow], { encoding: 'utf8' })
    const wanted = out
      .split(/^=+$/m)
      .filter((part) => part.includes('Filter:'))
      .map((part) => {
        const lines = part.split('\n').filter((line) => /^\t?[0-9a-f]+$/.test(line))
        const side = (answer: boolean) =>
          lines
            .filter((line) => line.startsWith('\t') === answer)
            .join('')
            .replaceAll('\t', '')
        return [side(false), side(true)]
      })
    assert.equal(wanted.length, streams.size)
    // tshark prints them in whatever order.
    assert.deepEqual([...streams.values()].sort(), wanted.sort())
  })

  it('end in order, whatever has become of the file', async () => {
    const trace = readFileSync(join(traceFolder, 'http/curl-nginx.pcap'))
    for (const { name, bytes } of mutations(trace, 3, 1)) {
      const open = new Set<CapturedConversation>()
      const reading = async () => {
        for await (const batch of capture({ file: file('worse.pcap', bytes), read: 'segments' }))
          for (const { type, conversation } of batch) {
            assert.equal(open.has(conversation), type !== 'open', name)
            if (type === 'open') open.add(conversation)
            if (type === 'close') open.delete(conversation)
          }
      }
      await reading().catch((error) => assert.match(String(error.code), /^ERR_CAPTURE_FILE_/, name))
      assert.equal(open.size, 0, name)
    }
  })

  it('may be kept where copies were asked for, and one by one', async () => {
    const frames = Array.from({ length: 5000 }, (_, at) => tcp('0123456789', { sequence: 1 + at * 10 }))
    const path = file('kept.pcap', pcap(frames))
    const kept: TcpSegment[] = []
    const copies: TcpSegment[] = []
    for await (const batch of capture({ file: path, read: 'segments', copy: true })) kept.push(...batch)
    for await (const batch of capture({ file: path, read: 'segments' }))
      for (const segment of batch) copies.push(segment.copy())
    const look = ({ type, time, direction, data, reason }: TcpSegment) => [
      type,
      time,
      direction,
      String(data),
      reason,
    ]
    assert.deepEqual(kept.map(look), copies.map(look))
    assert.equal(kept.map(({ data }) => String(data)).join(''), '0123456789'.repeat(5000))
    assert.equal(new Set(kept.map(({ conversation }) => conversation)).size, 1)
  })
})

describe('datagrams', () => {
  const seen = async (path: string, ports?: readonly number[]) => {
    const all: unknown[] = []
    const look = ({ conversation: { sourcePort, destinationPort, protocol }, direction, data }: Datagram) =>
      all.push([protocol, sourcePort, destinationPort, direction, data.toString('latin1')])
    const options = { file: path, read: 'datagrams', ...(ports === undefined ? {} : { ports }) } as const
    for await (const batch of capture(options)) for (const datagram of batch) look(datagram)
    return all
  }

  it('are of UDP and ICMP, with who sent them', async () => {
    const ping = Buffer.from([8, 0, 0, 0, 0, 1, 0, 1, 0x70])
    const path = file(
      'datagrams.pcap',
      pcap([udp('?'), udp('!', true), ipv4(1, ping), tcp('x', { sequence: 1 })]),
    )
    const icmp = [1, 0, 0, 0, ping.toString('latin1')]
    assert.deepEqual(await seen(path), [[17, 40000, 53, 0, '?'], [17, 40000, 53, 1, '!'], icmp])
    assert.deepEqual(await seen(path, [54]), [icmp])
  })

  it('whose begin was not seen go to the lower port', async () => {
    assert.deepEqual(await seen(file('answer.pcap', pcap([udp('!', true)]))), [[17, 40000, 53, 1, '!']])
  })

  it('say how long they were on the wire', async () => {
    const whole = udp('0123456789')
    const path = file('cut.pcap', pcap([whole.subarray(0, 45)], whole.length))
    for await (const batch of capture({ file: path, read: 'datagrams' }))
      for (const { data, wireLength } of batch) assert.deepEqual([String(data), wireLength], ['012', 10])
  })

  it('are put together of fragments', async () => {
    const whole = udp('0123456789abcdef').subarray(34)
    const part = (from: number, to: number, more: boolean) => {
      const frame = ipv4(17, whole.subarray(from, to))
      frame.writeUInt16BE((more ? 0x2000 : 0) | (from / 8), 20)
      return frame
    }
    const path = file('fragments.pcap', pcap([part(16, 24, false), part(0, 16, true)]))
    assert.deepEqual(await seen(path), [[17, 40000, 53, 0, '0123456789abcdef']])
  })
})
