import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { afterEach, describe, it } from 'node:test'
import { kafka } from '../../../lib/outputs/kafka/index.js'
import type { Lane, Leftover, Output } from '../../../lib/outputs/output.js'
import { FillingBatch } from '../../../lib/pipeline/filling-batch.js'
import { type FakeKafka, type FakeKafkaOptions, fakeKafka, type Received } from '../../support/fake-kafka.js'
import { outputContext } from '../../support/output-context.js'

const require = createRequire(import.meta.url)
const Decoder = require('kafkajs/src/protocol/decoder')
const decode = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: unknown,
) => Promise<{ records: { value: Buffer }[] }>

const UNKNOWN_TOPIC = 3
const TOO_LARGE = 10
const INVALID_TOPIC = 17
const NOT_ENOUGH_REPLICAS = 19
const PRODUCE = 0
const METADATA = 3

let broker: FakeKafka | undefined
let output: Output | undefined
afterEach(async () => {
  await output?.close()
  await broker?.close()
  broker = output = undefined
})

/** The output, before a broker that does as it is told. */
async function open(options: object, told: FakeKafkaOptions = {}) {
  broker = await fakeKafka(told)
  const context = outputContext()
  const metadata = { retry: { max: 1, backoff: '1ms' } }
  const hosts = [`127.0.0.1:${broker.port}`]
  const parsed = kafka.options.parse({ hosts, topic: 'events', compression: 'none', metadata, ...options })
  const opened = await kafka.open(parsed, context)
  output = opened
  const send = async (events: readonly object[], signal = new AbortController().signal): Promise<Leftover> =>
    (opened.lanes[0] as Lane).send(batchOf(events), signal)
  return { send, warnings: context.warnings, received: broker.received }
}

function batchOf(events: readonly object[]): FillingBatch {
  const batch = new FillingBatch()
  for (const event of events) batch.text(JSON.stringify(event))
  return batch
}

const numbered = (count: number, more: (id: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, id) => ({ '@timestamp': '2024-01-01T00:00:00.000Z', id, ...more(id) }))

const idsOf = async ({ records }: Received): Promise<number[]> =>
  (await decode(new Decoder(records))).records.map(({ value }) => JSON.parse(value.toString()).id)

const turn = { round_robin: { group_events: 1 } }

describe('a batch for several partitions', () => {
  it('is left over only as far as a partition did not take it', async () => {
    let refusing = true
    const { send, warnings, received } = await open(
      { partition: turn },
      { partitions: 3, refuse: ({ partition }) => (partition === 1 && refusing ? NOT_ENOUGH_REPLICAS : 0) },
    )
    assert.deepEqual(await send(numbered(9)), { retry: [1, 4, 7], rejected: [] })
    assert.match(
      warnings.join(),
      /took 6 of 9 events: topic events: the partition has fewer replicas in sync/,
    )
    refusing = false
    const again = numbered(9).filter(({ id }) => id % 3 === 1)
    assert.deepEqual(await send(again), { retry: [], rejected: [] })
    const ids = (await Promise.all(received.map(idsOf))).flat()
    assert.deepEqual(ids.sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('that none took is a failure, told in a sentence', async () => {
    const { send } = await open({}, { refuse: () => NOT_ENOUGH_REPLICAS })
    await assert.rejects(send(numbered(3)), {
      message: 'topic events: the partition has fewer replicas in sync than min.insync.replicas',
    })
  })

  it('goes out in as many record batches as max_message_bytes asks for, in its order', async () => {
    for (const compression of ['none', 'gzip']) {
      const { send, received } = await open({ max_message_bytes: 2000, compression })
      const noise = (id: number) => ({
        note: randomBytes(300 + id).toString('base64'),
      })
      assert.deepEqual(await send(numbered(20, noise)), { retry: [], rejected: [] })
      assert.ok(received.length > 3, compression)
      for (const { records } of received) assert.ok(records.length <= 2000, compression)
      const ids = (await Promise.all(received.map(idsOf))).flat()
      assert.deepEqual(
        ids,
        numbered(20).map(({ id }) => id),
        compression,
      )
      await output?.close()
      await broker?.close()
    }
  })

  it('is halved while the broker finds it too large; an event alone that is so is refused', async () => {
    const { send, received } = await open(
      {},
      { refuse: ({ records }) => (records.length > 600 ? TOO_LARGE : 0) },
    )
    const { retry, rejected } = await send(numbered(50, (id) => ({ note: id === 20 ? 'x'.repeat(700) : '' })))
    assert.deepEqual(retry, [])
    assert.deepEqual(
      rejected.map(({ index }) => index),
      [20],
    )
    assert.match(String(rejected[0]?.reason), /larger than the topic allows/)
    const ids = (await Promise.all(received.map(idsOf))).flat()
    assert.deepEqual(
      ids,
      numbered(50)
        .map(({ id }) => id)
        .filter((id) => id !== 20),
    )
  })
})

describe('events for topics', () => {
  it('that cannot be are refused, those for topics that are not there wait', async () => {
    const describe = (topic: string) =>
      topic === 'missing' ? UNKNOWN_TOPIC : topic === 'refused' ? INVALID_TOPIC : 0
    const { send, received } = await open({ topic: '%{[to]}' }, { describe })
    const names = ['good', 'missing', 'refused', 'not a name', '..', undefined]
    const { retry, rejected } = await send(numbered(6, (id) => ({ to: names[id] })))
    assert.deepEqual(retry, [1])
    assert.deepEqual(rejected.map(({ index }) => index).sort(), [2, 3, 4, 5])
    assert.deepEqual(
      rejected.map(({ reason }) => reason),
      [
        '"not a name" cannot be the name of a topic',
        '".." cannot be the name of a topic',
        'no topic fits it',
        'the broker does not take the name of the topic',
      ],
    )
    assert.deepEqual(
      received.map(({ topic }) => topic),
      ['good'],
    )
  })

  it('are each sent there, and the topics are asked for once', async () => {
    let asked = 0
    const spoil = (key: number) => {
      if (key === METADATA) asked++
      return undefined
    }
    const { send, received } = await open({ topic: 't-%{[id]}' }, { spoil })
    for (let round = 0; round < 3; round++) assert.deepEqual((await send(numbered(40))).retry, [])
    assert.equal(asked, 1)
    assert.equal(received.length, 120)
  })
})

describe('a broker', () => {
  it('whose answers are not of the protocol costs the connection, no memory and no event', async () => {
    const answers = [
      'ffffffff',
      '7fffffff',
      '0000000400000063',
      '00000008000000027fffffff',
      '0000000200000000',
    ]
    for (const answer of answers) {
      let spoilt = 0
      const spoil = (key: number) =>
        key === PRODUCE && spoilt++ === 0 ? Buffer.from(answer, 'hex') : undefined
      const { send } = await open({}, { spoil })
      await assert.rejects(
        send(numbered(2)),
        /127\.0\.0\.1:\d+: the broker sent an answer that is not/,
        answer,
      )
      assert.deepEqual(await send(numbered(2)), { retry: [], rejected: [] })
      await output?.close()
      await broker?.close()
    }
  })

  it('whose answers have some other bytes than they should is survived, and soon', async () => {
    let seed = 1
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff
      return (seed >>> 8) % below
    }
    const spoil = (_: number, answer: Buffer | undefined) => {
      if (answer === undefined || random(3) > 0) return undefined
      const changed = Buffer.from(answer)
      // Not the length: a broker that never ends its answer is another test.
      for (let count = 1 + random(3); count > 0; count--)
        changed[4 + random(changed.length - 4)] = random(256)
      return changed
    }
    const refuse = () => (random(4) === 0 ? random(100) : 0)
    const { send } = await open({ timeout: '50ms', topic: 't-%{[id]}' }, { spoil, refuse, partitions: 2 })
    const outcomes = { taken: 0, left: 0, failed: 0 }
    for (let round = 0; round < 150; round++)
      await send(numbered(3)).then(
        ({ retry, rejected }) => outcomes[retry.length + rejected.length > 0 ? 'left' : 'taken']++,
        () => outcomes.failed++,
      )
    for (const [outcome, count] of Object.entries(outcomes)) assert.ok(count > 5, `${outcome}: ${count}`)
  })

  it('that says nothing of a partition is asked again', async () => {
    // Correlation 2, no topics, no throttling.
    const nothing = Buffer.from('0000000c000000020000000000000000', 'hex')
    const { send } = await open({}, { spoil: (key) => (key === PRODUCE ? nothing : undefined) })
    await assert.rejects(send(numbered(2)), /the broker says nothing of the partition/)
  })

  it('that is older than record batches is told apart', async () => {
    const { send } = await open({}, { produce: [0, 2] })
    await assert.rejects(send(numbered(1)), /it must be Kafka 0\.11 or later/)
  })

  it('that does not answer is left when the shutdown cannot wait', async () => {
    const { send } = await open({}, { spoil: (key) => (key === PRODUCE ? Buffer.alloc(0) : undefined) })
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    const start = performance.now()
    await assert.rejects(send(numbered(1), stop.signal), /the shutdown could not wait/)
    assert.ok(performance.now() - start < 5000)
  })

  it('that cannot be reached is left when the shutdown cannot wait', async () => {
    // Reserved for documents (RFC 5737): nobody answers there.
    const { send } = await open({ hosts: ['192.0.2.1'] })
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    const start = performance.now()
    await assert.rejects(send(numbered(1), stop.signal), /no broker answers/)
    assert.ok(performance.now() - start < 5000)
  })

  it('is given up after the timeout, and a new connection is made', async () => {
    let silent = 1
    const spoil = (key: number) => (key === PRODUCE && silent-- > 0 ? Buffer.alloc(0) : undefined)
    const { send } = await open({ timeout: '100ms' }, { spoil })
    await assert.rejects(send(numbered(1)), /did not answer within 0\.1 s/)
    assert.deepEqual(await send(numbered(1)), { retry: [], rejected: [] })
  })

  it('that is asked for no acknowledgement has everything before the output is closed', async () => {
    const { send, received } = await open({ required_acks: 0 })
    for (let round = 0; round < 20; round++) await send(numbered(500))
    await output?.close()
    for (let wait = 0; received.length < 20 && wait < 200; wait++)
      await new Promise((resolve) => setTimeout(resolve, 10))
    assert.equal((await Promise.all(received.map(idsOf))).flat().length, 10_000)
  })
})
