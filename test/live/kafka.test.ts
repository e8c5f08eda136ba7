import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import * as zlib from 'node:zlib'
import kafkajs from 'kafkajs'
import type { Report } from '../../lib/outputs/check.js'
import { kafka } from '../../lib/outputs/kafka/index.js'
import { outputContext } from '../support/output-context.js'
import { folder } from './support/folder.js'
import { type Broker, kafkaBroker, user } from './support/kafka.js'
import { administer, createTopics, type Read, readTopic, readTopics } from './support/kafka-reader.js'
import { events, sending } from './support/kafka-sending.js'
import { cli, lacking, root } from './support/needs.js'

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs

const values = (messages: readonly Read[]) => messages.map(({ value }) => value?.toString() ?? '')
const ids = (messages: readonly Read[]): number[] =>
  values(messages)
    .map((text) => (JSON.parse(text) as { id: number }).id)
    .sort((one, other) => one - other)
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)
const texts = (list: readonly object[]) => list.map((event) => JSON.stringify(event)).sort()

describe('Kafka', { skip: lacking('java', 'mvn'), timeout: 300_000 }, () => {
  let broker: Broker
  before(async () => {
    broker = await kafkaBroker()
    await broker.start()
  })
  after(() => broker?.kill())

  /** Sends events to a topic; what became of them is in the counters. */
  async function send(list: readonly object[], options: object) {
    const sender = await sending({ hosts: [broker.plain], ...options })
    await sender.add(list)
    return { counters: await sender.close(), warnings: sender.warnings }
  }

  test('every event of a capture arrives once, as the document that the file output writes', () => {
    const home = folder()
    const file = join(root, 'test/traces/sample.pcap')
    const run = (output: object) => {
      const config = join(home, 'packetbeat.json')
      const protocols = ['http', 'dns', 'icmp', 'tls', 'redis', 'mysql'].map((type) => ({ type }))
      writeFileSync(config, JSON.stringify({ packetbeat: { flows: {}, protocols }, ...output }), {
        mode: 0o600,
      })
      execFileSync(process.execPath, [cli, 'run', '-I', file, '-c', config, '--path.home', home])
    }
    run({ output: { file: { path: join(home, 'out') } } })
    run({ output: { kafka: { hosts: [broker.plain], topic: 'capture', partition: { round_robin: {} } } } })
    const written = readdirSync(join(home, 'out'))
      .flatMap((name) =>
        readFileSync(join(home, 'out', name), 'utf8')
          .trimEnd()
          .split('\n'),
      )
      .sort()
    ok(written.length > 5)
    return readTopic(broker.plain, 'capture').then((messages) => {
      deepEqual(values(messages).sort(), written)
      for (const { value, timestamp } of messages)
        equal(Number(timestamp), Date.parse(JSON.parse(String(value))['@timestamp']))
    })
  })

  test('whatever the compression and the acknowledgement, another reader and the broker understand it', async () => {
    const zstd = 'zstdCompress' in zlib ? ['zstd'] : []
    const list = events(500)
    const names = ['none', 'gzip', 'snappy', 'lz4', ...zstd]
    // Whoever asks for no acknowledgement does not hear that a new topic is not ready.
    const topics = names.flatMap((name) => [-1, 0, 1].map((acks) => `${name}${acks}`))
    await createTopics(broker.plain, topics)
    for (const compression of names)
      for (const required_acks of [-1, 0, 1]) {
        const topic = `${compression}${required_acks}`
        const { counters } = await send(list, { topic, compression, required_acks })
        equal(counters['pipeline.events.acked'], 500, topic)
        equal(counters['pipeline.events.retried'], 0, topic)
      }
    for (const [topic, messages] of await readTopics(broker.plain, topics))
      equal(values(messages).sort().join('\n') === texts(list).join('\n'), true, topic)
  })

  test('without zstd in Node.js it is refused at the start, in one sentence', {
    skip: 'zstdCompress' in zlib && 'this Node.js has zstd',
  }, async () => {
    await rejects(send([], { topic: 'x', compression: 'zstd' }), /needs Node.js 22.15 or later/)
  })

  test('partitions: by the key, by fields, in turn, by chance; topics, headers and formats by the event', async () => {
    const list = events(90).map((event, index) => ({ ...event, host: `host ${index % 7}`, type: 'dns' }))
    const headers = [{ key: 'team', value: 'network' }]
    // Events that are sent again, since a new topic was not ready, have another turn.
    await createTopics(broker.plain, ['turn'])
    await send(list, { topic: 'by-%{[type]}', key: '%{[host]}', headers })
    await send(list, { topic: 'fields', partition: { hash: { hash: ['host'] } } })
    await send(list, { topic: 'turn', partition: { round_robin: { group_events: 5 } } })
    await send(list, { topic: 'chance', partition: { random: {} } })
    await send(list, {
      topics: [{ topic: 'rule', mappings: { dns: 'format' }, when: { equals: { type: 'dns' } } }],
      topic: 'format',
      codec: { format: { string: '%{[id]}' } },
    })
    const topics = ['by-dns', 'fields', 'turn', 'chance', 'format']
    const read = await readTopics(broker.plain, topics)
    const messages = (topic: string) => read.get(topic) ?? []
    for (const topic of topics.slice(0, -1)) deepEqual(ids(messages(topic)), numbers(90), topic)
    deepEqual(
      values(messages('format'))
        .map(Number)
        .sort((one, other) => one - other),
      numbers(90),
    )
    for (const { key, partition, value, headers } of messages('by-dns')) {
      const { host } = JSON.parse(String(value))
      equal(String(key), host)
      equal(partition, fnvPartition(host, 3))
      equal(String(headers?.team), 'network')
    }
    for (const { key, partition, value } of messages('fields')) {
      equal(key, null)
      equal(partition, fnvPartition(JSON.parse(String(value)).host, 3))
    }
    for (const { partition, value } of messages('turn'))
      equal(partition, Math.floor(JSON.parse(String(value)).id / 5) % 3)
    for (const partition of numbers(3))
      ok(messages('chance').filter((message) => message.partition === partition).length > 10)
  })

  test('encrypted or not, with every mechanism; a wrong password and an unknown authority are told', async () => {
    const ssl = { certificate_authorities: [broker.authority] }
    const ways: Record<string, object> = { ssl: { hosts: [broker.ssl], ssl } }
    for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']) {
      ways[mechanism] = { hosts: [broker.sasl], ...user, sasl: { mechanism } }
      ways[`${mechanism}-encrypted`] = { hosts: [broker.saslSsl], ...user, sasl: { mechanism }, ssl }
    }
    for (const [topic, way] of Object.entries(ways)) {
      const { counters } = await send(events(20), { topic, ...way })
      equal(counters['pipeline.events.acked'], 20, topic)
      await kafka.check?.(kafka.options.parse({ topic, ...way }), outputContext(), silent)
    }
    for (const [topic, messages] of await readTopics(broker.plain, Object.keys(ways)))
      deepEqual(ids(messages), numbers(20), topic)
    const refused = async (options: object) => {
      const { counters, warnings } = await send(events(1), { topic: 'refused', max_retries: 0, ...options })
      equal(counters['pipeline.events.abandoned'], 1)
      return warnings.join('\n')
    }
    const wrong = { ...user, password: 'wrong' }
    for (const mechanism of ['PLAIN', 'SCRAM-SHA-512'])
      match(
        await refused({ hosts: [broker.sasl], ...wrong, sasl: { mechanism } }),
        /the broker refuses the user or the password; check output.kafka.username/,
      )
    match(await refused({ hosts: [broker.ssl], ssl: {} }), /self-signed certificate/)
    const output = kafka.options.parse({ hosts: [broker.sasl], topic: 'x', ...wrong })
    await rejects(async () => kafka.check?.(output, outputContext(), silent), /refuses the user/)
  })

  test('a session that the broker limits is renewed before it ends', async () => {
    await createTopics(broker.plain, ['renewed'])
    const login = { ...user, sasl: { mechanism: 'SCRAM-SHA-256' } }
    const sender = await sending({ hosts: [broker.sasl], topic: 'renewed', ...login })
    for (const start of numbers(8)) {
      await sender.add(events(5, start * 5))
      await sender.acked(start * 5 + 5)
      await sleep(400)
    }
    const counters = await sender.close()
    equal(counters['output.failures'], 0, sender.warnings.join('\n'))
    deepEqual(ids(await readTopic(broker.plain, 'renewed')), numbers(40))
  })

  test('an event too large for the broker, or for the configuration, is refused; the others arrive', async () => {
    await administer(broker.plain, (admin) =>
      admin.createTopics({
        topics: [
          {
            topic: 'small',
            numPartitions: 2,
            configEntries: [{ name: 'max.message.bytes', value: '20000' }],
          },
        ],
      }),
    )
    const large = (id: number, length: number) => ({ id, text: 'x'.repeat(length) })
    const list = [...events(100), large(100, 30_000), ...events(100, 101), large(201, 60_000)]
    const options = { topic: 'small', compression: 'none', max_message_bytes: 50_000, key: '%{[id]}' }
    const { counters, warnings } = await send(list, options)
    equal(counters['pipeline.events.rejected'], 2)
    equal(counters['pipeline.events.acked'], 200)
    match(warnings.join(), /larger than output.kafka.max_message_bytes \(50000\)/)
    match(warnings.join(), /larger than the topic allows/)
    deepEqual(
      ids(await readTopic(broker.plain, 'small')),
      numbers(201).filter((id) => id !== 100),
    )
  })

  test('a topic that the user may not write to holds up its own events alone; none of the others is doubled', async () => {
    const acl = (operation: number, permissionType: number) => ({
      resourceType: AclResourceTypes.TOPIC,
      resourceName: 'few-1',
      resourcePatternType: ResourcePatternTypes.LITERAL,
      principal: `User:${user.username}`,
      host: '*',
      operation,
      permissionType,
    })
    const rules = [
      acl(AclOperationTypes.DESCRIBE, AclPermissionTypes.ALLOW),
      acl(AclOperationTypes.WRITE, AclPermissionTypes.DENY),
    ]
    await administer(broker.plain, async (admin) => {
      await admin.createTopics({ topics: [{ topic: 'few-1' }] })
      await admin.createAcls({ acl: rules })
    })
    const sender = await sending({ hosts: [broker.sasl], topic: 'few-%{[to]}', ...user }, 300)
    await sender.add(events(300).map((event) => ({ ...event, to: event.id % 3 })))
    await sender.acked(200)
    await administer(broker.plain, (admin) => admin.deleteAcls({ filters: rules }))
    const counters = await sender.close()
    equal(counters['pipeline.events.acked'], 300)
    match(sender.warnings.join('\n'), /topic few-1: the user may not write to the topic/)
    for (const [topic, messages] of await readTopics(broker.plain, ['few-0', 'few-1', 'few-2']))
      deepEqual(
        ids(messages),
        numbers(300).filter((id) => id % 3 === Number(topic.at(-1))),
        topic,
      )
  })
})

/** As upstream has it, and in another way than we do it. */
function fnvPartition(text: string, partitions: number): number {
  let hash = 2166136261n
  for (const byte of Buffer.from(text)) hash = ((hash ^ BigInt(byte)) * 16777619n) % 2n ** 32n
  return Number(hash % 2n ** 31n) % partitions
}

const silent: Report = {
  step: (_, work) => work(silent),
  info: () => undefined,
  warn: () => undefined,
}
