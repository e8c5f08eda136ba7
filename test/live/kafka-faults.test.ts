import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Broker, freePort, kafkaBroker } from './support/kafka.js'
import { administer, createTopics, type Read, readTopic } from './support/kafka-reader.js'
import { events, type Sending, sending } from './support/kafka-sending.js'
import { lacking } from './support/needs.js'
import { until } from './support/processes.js'
import { type Unreliable, unreliable } from './support/unreliable.js'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)
const idOf = (text: string): number => (JSON.parse(text) as { id: number }).id

/** All events are there; what is there twice was in a batch that was not acknowledged. Returns how many are. */
function nothingLost(messages: readonly Read[], count: number, { failed }: Sending): number {
  const found = messages.map(({ value }) => idOf(String(value)))
  deepEqual(
    [...new Set(found)].sort((one, other) => one - other),
    numbers(count),
  )
  const unsure = new Set([...failed].map(idOf))
  const seen = new Set<number>()
  const doubled = found.filter((id) => seen.has(id) || !seen.add(id))
  deepEqual(
    doubled.filter((id) => !unsure.has(id)),
    [],
  )
  return doubled.length
}

describe('Kafka in trouble', { skip: lacking('java', 'mvn'), timeout: 300_000 }, () => {
  let broker: Broker
  let relay: Unreliable
  before(async () => {
    broker = await kafkaBroker()
    await broker.start()
    relay = await unreliable(broker.proxy, broker.proxied)
  })
  after(async () => {
    await relay?.close()
    await broker?.kill()
  })

  test('a connection that is reset in the midst of requests costs nothing but the time', async () => {
    await createTopics(broker.plain, ['reset'])
    const hosts = [`127.0.0.1:${broker.proxy}`]
    const sender = await sending({ hosts, topic: 'reset', compression: 'none' })
    // In the greeting, in a request, and between two.
    relay.cuts = [10, 30_000, 150_000, 90_000]
    await sender.add(events(2000))
    const counters = await sender.close()
    equal(relay.cuts.length, 0)
    equal(counters['pipeline.events.acked'], 2000)
    match(sender.warnings.join('\n'), /the output took nothing of \d+ events: .*127\.0\.0\.1/)
    nothingLost(await readTopic(broker.plain, 'reset'), 2000, sender)
  })

  test('answers that come too late are given up; only what they were about is sent again', async () => {
    await createTopics(broker.plain, ['late'])
    const hosts = [`127.0.0.1:${broker.proxy}`]
    const sender = await sending({ hosts, topic: 'late', timeout: '300ms' })
    await sender.add(events(400))
    await sender.acked(400)
    relay.delay = 600
    const more = sender.add(events(300, 400))
    await until('an answer is too late', () => sender.warnings.length > 0)
    relay.delay = 0
    await more
    const counters = await sender.close()
    equal(counters['pipeline.events.acked'], 700)
    match(sender.warnings.join('\n'), /did not answer within 0.3 s/)
    const doubled = nothingLost(await readTopic(broker.plain, 'late'), 700, sender)
    ok(doubled > 0, 'the broker had what it answered too late')
  })

  test('one of two hosts is enough to hear of the cluster', async () => {
    const nobody = `127.0.0.1:${await freePort()}`
    for (const hosts of [
      [nobody, broker.plain],
      [broker.plain, nobody],
    ]) {
      const topic = `hosts-${hosts.indexOf(nobody)}`
      await createTopics(broker.plain, [topic])
      const sender = await sending({ hosts, topic, worker: 2 })
      await sender.add(events(500))
      const counters = await sender.close()
      equal(counters['output.failures'], 0)
      equal(nothingLost(await readTopic(broker.plain, topic), 500, sender), 0)
    }
    const sender = await sending({ hosts: [nobody], topic: 'nowhere', max_retries: 1 })
    await sender.add(events(10))
    equal((await sender.close())['pipeline.events.abandoned'], 10)
    match(sender.warnings.join('\n'), /no broker answers: 127\.0\.0\.1:\d+: connect ECONNREFUSED/)
  })

  test('a topic that is deleted is made anew, and has what is sent from then on', async () => {
    await createTopics(broker.plain, ['deleted'])
    const sender = await sending({ hosts: [broker.plain], topic: 'deleted' })
    await sender.add(events(300, 10_000))
    await sender.acked(300)
    await administer(broker.plain, async (admin) => {
      await admin.deleteTopics({ topics: ['deleted'] })
      await until('the topic is gone', async () => !(await admin.listTopics()).includes('deleted'))
    })
    await sender.add(events(500))
    const counters = await sender.close()
    equal(counters['pipeline.events.acked'], 800)
    nothingLost(await readTopic(broker.plain, 'deleted'), 500, sender)
  })

  test('a broker that dies and comes back has every event', async () => {
    await createTopics(broker.plain, ['killed'])
    const sender = await sending({ hosts: [broker.plain], topic: 'killed' })
    await sender.add(events(1000))
    await sender.acked(300)
    const killed = broker.kill()
    const more = sender.add(events(4000, 1000))
    await killed
    await until('the output notices', () => sender.warnings.length > 0)
    await broker.start()
    await more
    const counters = await sender.close()
    equal(counters['pipeline.events.acked'], 5000)
    nothingLost(await readTopic(broker.plain, 'killed'), 5000, sender)
  })
})
