// What Kafka holds, as another client reads it.
import { createRequire } from 'node:module'
import kafkajs, { type Admin, type KafkaConfig, type KafkaMessage } from 'kafkajs'

import { until } from './processes.js'

const require = createRequire(import.meta.url)
const { uncompressSync } = require('snappy') as typeof import('snappy')
const { decompressFrameSync } = require('lz4-napi') as typeof import('lz4-napi')
const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs

const noWriting = async (): Promise<Buffer> => {
  throw new Error('the reader does not write')
}
const codec = (decompress: (bytes: Buffer) => Buffer) => () => ({
  compress: noWriting,
  decompress: async (bytes: Buffer) => decompress(bytes),
})
CompressionCodecs[CompressionTypes.Snappy] = codec(unxerial)
CompressionCodecs[CompressionTypes.LZ4] = codec(decompressFrameSync)

/** The framing of Java's snappy: 16 bytes, then blocks behind their lengths. */
function unxerial(bytes: Buffer): Buffer {
  const blocks: Buffer[] = []
  for (let at = 16; at < bytes.length; ) {
    const length = bytes.readInt32BE(at)
    blocks.push(uncompressSync(bytes.subarray(at + 4, at + 4 + length)) as Buffer)
    at += 4 + length
  }
  return Buffer.concat(blocks)
}

export type Read = KafkaMessage & { partition: number }

const client = (address: string, more: Partial<KafkaConfig> = {}) =>
  new Kafka({ brokers: [address], logLevel: logLevel.NOTHING, ...more })

/** Does something as an administrator. */
export async function administer<T>(address: string, act: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = client(address).admin()
  await admin.connect()
  try {
    return await act(admin)
  } finally {
    await admin.disconnect()
  }
}

/** Makes topics, and waits until the broker is ready to lead them. */
export const createTopics = (address: string, topics: readonly string[]): Promise<void> =>
  administer(address, async (admin) => {
    await admin.createTopics({ topics: topics.map((topic) => ({ topic })) })
    // The broker names itself their leader a little before it is.
    for (const topic of topics)
      await until(`${topic} has a leader`, () =>
        admin.fetchTopicOffsets(topic).then(
          () => true,
          () => false,
        ),
      )
  })

let groups = 0

/** Every message that topics hold, however often. */
export async function readTopics(address: string, topics: readonly string[]): Promise<Map<string, Read[]>> {
  const found = new Map<string, Read[]>(topics.map((topic) => [topic, []]))
  const ends = await administer(address, (admin) =>
    Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic))),
  )
  const counts = ends.map((partitions) =>
    partitions.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0),
  )
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return found
  const consumer = client(address).consumer({
    groupId: `reader-${process.pid}-${groups++}`,
    maxWaitTimeInMs: 50,
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [...topics], fromBeginning: true })
  let seen = 0
  await new Promise<void>((resolve, reject) => {
    consumer.on('consumer.crash', ({ payload }) => reject(payload.error))
    void consumer.run({
      eachMessage: async ({ topic, partition, message }) => {
        found.get(topic)?.push({ ...message, partition })
        if (++seen === total) resolve()
      },
    })
  })
  await consumer.disconnect()
  return found
}

export const readTopic = async (address: string, topic: string): Promise<Read[]> =>
  (await readTopics(address, [topic])).get(topic) ?? []
