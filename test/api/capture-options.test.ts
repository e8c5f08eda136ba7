import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { capture, UserError } from '../../lib/index.js'
import { files, pcap, udp } from '../support/frames.js'

const file = files('capture-options')('one.pcap', pcap([udp('x')]))

/** Refused when it runs; that it does not compile either is what `@ts-expect-error` says. */
const refused = (call: () => unknown, message: RegExp) =>
  assert.throws(call, (error) => {
    assert.ok(error instanceof UserError)
    assert.equal(error.code, 'ERR_OPTIONS')
    assert.match(error.message, /^The options of capture are wrong: [^\n]+\.$/)
    assert.match(error.message, message)
    return true
  })

describe('the options of capture', () => {
  it('say what is read', () => {
    // @ts-expect-error: nothing says what to read
    refused(() => capture({ file }), /read must not be undefined; allowed: packets, segments/)
    // @ts-expect-error: no such thing
    refused(() => capture({ file, read: 'packet' }), /read must not be "packet"; did you mean packets\?/)
    // @ts-expect-error: no options
    refused(() => capture(), /they must be an object/)
  })

  it('are known by name', () => {
    refused(
      // @ts-expect-error: misspelt
      () => capture({ file, read: 'packets', filtr: 'tcp' }),
      /there is no filtr \(did you mean filter\?\); allowed: read, /,
    )
    refused(
      // @ts-expect-error: misspelt
      () => capture({ file, read: 'segments', limits: { held: 1 } }),
      /limits has unknown settings: held/,
    )
  })

  it('do not contradict each other', () => {
    refused(
      // @ts-expect-error: a file and a device
      () => capture({ file, device: 'lo', read: 'packets' }),
      /device is of a live capture; leave it out/,
    )
    // @ts-expect-error: the snap length of a file is what it is
    refused(() => capture({ file, snaplen: 100, read: 'packets' }), /snaplen is of a live capture/)
    // @ts-expect-error: packets have a filter
    refused(() => capture({ file, read: 'packets', ports: [80] }), /ports is of segments and datagrams/)
    // @ts-expect-error: flows are no conversations
    refused(() => capture({ file, read: 'flows', limits: {} }), /limits is of segments and datagrams/)
    // @ts-expect-error: only flows are reported
    refused(() => capture({ file, read: 'segments', flows: { delta: true } }), /flows is of flows/)
  })

  it('have the right types and ranges', () => {
    refused(() => capture({ file, read: 'segments', ports: [80, 65536] }), /ports\.1 must be at most 65535/)
    refused(() => capture({ file, read: 'segments', ports: [] }), /ports must have at least 1 entry/)
    refused(() => capture({ device: 'lo', read: 'packets', snaplen: 0 }), /snaplen must be at least 1/)
    refused(() => capture({ file: '', read: 'packets' }), /file must not be empty/)
    // @ts-expect-error: a text
    refused(() => capture({ file, read: 'packets', copy: 'yes' }), /copy must be true or false/)
    refused(
      // @ts-expect-error: its name is pcap
      () => capture({ device: 'lo', read: 'packets', engine: 'libpcap' }),
      /engine must not be "libpcap"/,
    )
    refused(
      // @ts-expect-error: a controller is no signal
      () => capture({ file, read: 'packets', signal: new AbortController() }),
      /signal must be an AbortSignal/,
    )
    refused(
      () => capture({ file, read: 'flows', flows: { timeoutSeconds: -1 } }),
      /flows\.timeoutSeconds must be at/,
    )
  })

  it('are all told at once', () => {
    // @ts-expect-error: two mistakes
    refused(() => capture({ file, device: 'lo', read: 'packets', ports: [80] }), /device is .*; ports is /)
  })

  it('decide about the types of rows', async () => {
    for await (const batch of capture({ file, read: 'packets' }))
      for (const packet of batch) {
        // @ts-expect-error: of segments
        assert.equal(packet.reason, undefined)
        // @ts-expect-error: what is on loan is read only
        assert.throws(() => (packet.time = 0), TypeError)
        const source: string = packet.sourceIp
        assert.equal(source, '10.0.0.1')
      }
    for await (const batch of capture({ file, read: 'datagrams' }))
      for (const datagram of batch) {
        // @ts-expect-error: of packets
        assert.equal(datagram.linkType, undefined)
        const direction: 0 | 1 = datagram.direction
        assert.equal(direction, 0)
      }
    for await (const batch of capture({ file, read: 'flows' })) {
      // @ts-expect-error: a flow has two sides
      assert.equal(batch.at(0).data, undefined)
      const bytes: number | undefined = batch.at(0)?.sourceBytes
      assert.equal(bytes, 43)
    }
  })
})
