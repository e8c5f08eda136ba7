import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { certificates } from './support/certificates.js'
import { allAtLeastOnce, allOnce, deliver, expected, wentWell } from './support/delivery.js'
import { lumberjack, type Receiver, receiver } from './support/lumberjack.js'
import { lacking } from './support/needs.js'
import { Network } from './support/network.js'
import { until } from './support/processes.js'
import { relay } from './support/relay.js'

const LOOPS = 10
const soon = { backoff: { init: '50ms', max: '200ms' } }

describe('output.logstash', { skip: lacking('go', 'openssl') }, () => {
  let network: Network
  let lines: string[]
  let next = 5044
  before(async () => {
    network = new Network('lo')
    await receiver()
    lines = await expected(network, LOOPS)
  })
  after(() => network.remove())

  const host = (port: number) => `${network.ip4}:${port}`
  /** Receivers with these flags, each on a port of its own. */
  const started = async (...each: string[][]): Promise<{ port: number; receiver: Receiver }[]> => {
    const all = each.map(async (flags) => {
      const port = next++
      return { port, receiver: await lumberjack(network, port, ...flags) }
    })
    return Promise.all(all)
  }
  const one = async (...flags: string[]) => (await started(flags))[0] as { port: number; receiver: Receiver }
  const came = async (...receivers: Receiver[]) =>
    (await Promise.all(receivers.map((each) => each.stop()))).flat()
  const send = (ports: number[], options: object = {}, loops = LOOPS) =>
    deliver(network, { logstash: { hosts: ports.map(host), ...soon, ...options } }, loops)

  for (const options of [
    {},
    { compression_level: 0, pipelining: 0 },
    { compression_level: 9, slow_start: true },
  ])
    test(`every event arrives once, as the file output writes it, with ${JSON.stringify(options)}`, async () => {
      const { port, receiver } = await one()
      wentWell(await send([port], { bulk_max_size: 100, ...options }).done, lines.length)
      allOnce(await came(receiver), lines)
      assert.equal(receiver.batches()[0]?.length, 'slow_start' in options ? 10 : 100)
    })

  test('over TLS to a receiver that asks for a certificate; without one nothing arrives', async () => {
    const { home } = certificates(network.ip4)
    const pem = (name: string) => `${home}/${name}.pem`
    const key = (name: string) => `${home}/${name}.key`
    const { port, receiver } = await one('-cert', pem('server'), '-key', key('server'), '-ca', pem('root'))
    const ssl = { certificate_authorities: [pem('root')], certificate: pem('client'), key: key('client') }
    wentWell(await send([port], { ssl }).done, lines.length)
    for (const [wrong, says] of [
      [{ certificate_authorities: [pem('root')] }, /TLS failed: .*certificate required/],
      [{ ...ssl, certificate_authorities: [pem('client')] }, /unable to verify|self-signed|issuer/i],
    ] as const) {
      const refused = await send([port], { ssl: wrong, max_retries: 0 }, 1).done
      assert.equal(refused.counters['pipeline.events.acked'], undefined)
      assert.match(refused.warnings.join('\n'), says)
    }
    allOnce(await came(receiver), lines)
  })

  test('a receiver that takes longer than the timeout is waited for while it says that it is alive', async () => {
    const { port, receiver } = await one('-delay', '700ms', '-keepalive', '100ms')
    const few = await expected(network, 2)
    wentWell(await send([port], { timeout: '300ms' }, 2).done, few.length)
    allOnce(await came(receiver), few)
  })

  test('what is not acknowledged in time is sent again', async () => {
    const slow = await one('-delay', '600ms', '-keepalive', '0s')
    const quick = await one()
    const delivered = await send([slow.port, quick.port], { timeout: '200ms', loadbalance: true }).done
    allAtLeastOnce(await came(slow.receiver, quick.receiver), lines, delivered)
    assert.match(delivered.warnings.join('\n'), /no acknowledgement in 0.2 s/)
  })

  for (const loadbalance of [false, true])
    test(`two hosts ${loadbalance ? 'share the work' : 'are used one at a time'} with loadbalance: ${loadbalance}`, async () => {
      const pair = await started(['-delay', '2ms'], ['-delay', '2ms'])
      wentWell(
        await send(
          pair.map(({ port }) => port),
          { loadbalance, bulk_max_size: 20 },
        ).done,
        lines.length,
      )
      allOnce(await came(...pair.map(({ receiver }) => receiver)), lines)
      assert.equal(pair.filter(({ receiver }) => receiver.batches().length > 0).length, loadbalance ? 2 : 1)
    })

  for (const loadbalance of [false, true])
    test(`one of two hosts is down, with loadbalance: ${loadbalance}`, async () => {
      const { port, receiver } = await one()
      const delivered = await send([next++, port], { loadbalance, bulk_max_size: 100 }).done
      assert.equal(allAtLeastOnce(await came(receiver), lines, delivered), 0)
    })

  test('a receiver that is killed and started again in the middle costs no event', async () => {
    const { port, receiver } = await one('-delay', '20ms')
    const { done } = send([port], { bulk_max_size: 50 })
    await until('some batches', () => receiver.batches().length > 5)
    receiver.running.signal('SIGKILL')
    await receiver.running.ended
    await sleep(300)
    const again = await lumberjack(network, port, '-delay', '1ms')
    const delivered = await done
    allAtLeastOnce(await came(receiver, again), lines, delivered)
    assert.ok(again.batches().length > 1)
  })

  // In bytes; acknowledgements have six.
  const cuts = {
    'in the middle of windows': [1, 7, 700, 5_000, 20_000].map((after) => ({ of: 'client', after }) as const),
    'in the middle of acknowledgements': [1, 6, 9, 12, 17].map((after) => ({ of: 'server', after }) as const),
  }
  for (const [where, list] of Object.entries(cuts))
    test(`connections that are reset ${where} cost no event`, async () => {
      const { port, receiver } = await one()
      const before = next++
      await relay(network, before, port, list)
      const delivered = await send([before], { bulk_max_size: 50, compression_level: 0 }).done
      const twice = allAtLeastOnce(await came(receiver), lines, delivered)
      assert.equal(delivered.counters['output.failures'] !== undefined, true)
      // What came before the reset was not acknowledged only where the acknowledgements were cut.
      if (list[0]?.of === 'server') assert.ok(twice > 0)
    })
})
