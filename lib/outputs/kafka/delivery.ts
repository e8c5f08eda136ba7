import type { Cluster } from './cluster.js'
import type { Compressor } from './compression.js'
import type { Connection } from './connection.js'
import { isOfMessages, NO_ERROR, told } from './errors.js'
import { BATCH_SIZE, type Records, recordBatch, recordSize } from './record-batch.js'
import { type Chunk, PRODUCE, type Produced, placeOf, produce } from './requests.js'

/** Messages on their way to one partition. What comes before `at` has been dealt with. */
export interface Part {
  topic: string
  partition: number
  /** The broker that leads it. */
  leader: number
  records: Records
  at: number
  /** Why the messages from `at` on were not taken. */
  failure?: string
  /** Messages at once, at most: fewer after the broker has refused them together. */
  most: number
}

export interface ProduceSettings {
  acks: number
  /** Milliseconds. */
  brokerTimeout: number
  maxBytes: number
  headers: Buffer
  compressor: Compressor
  /** The broker will never take a message. */
  reject(line: number, reason: string): void
}

/** Sends parts to their brokers, as far as these take them. Never rejects: each part says where it has come to. */
export async function deliver(
  parts: readonly Part[],
  cluster: Cluster,
  settings: ProduceSettings,
): Promise<void> {
  const leaders = new Set(parts.map(({ leader }) => leader))
  await Promise.all(
    [...leaders].map(async (leader) => {
      const theirs = parts.filter((part) => part.leader === leader)
      try {
        await deliverTo(await cluster.broker(leader), theirs, settings)
      } catch (error) {
        for (const part of theirs) part.failure ??= (error as Error).message
      }
    }),
  )
}

/** One request after the other: the protocol allows one record batch for a partition in each. */
async function deliverTo(
  connection: Connection,
  parts: readonly Part[],
  settings: ProduceSettings,
): Promise<void> {
  const { acks, brokerTimeout: timeout } = settings
  const version = connection.version(PRODUCE)
  for (;;) {
    const open = parts.filter(
      ({ at, failure, records }) => failure === undefined && at < records.indexes.length,
    )
    if (open.length === 0) return
    const cuts = await Promise.all(open.map((part) => cut(part, settings)))
    const request = produce(cuts, { acks, timeout, version })
    if (acks === 0) {
      await connection.tell(request)
      for (const { part, last } of cuts) part.at = last
      continue
    }
    const answers = await connection.call(request)
    for (const each of cuts) settle(each, answers, settings)
  }
}

interface Cut extends Chunk {
  part: Part
  /** The message after those in it. */
  last: number
}

/** As many messages of a part as one record batch may hold. */
async function cut(part: Part, settings: ProduceSettings): Promise<Cut> {
  const { maxBytes, headers, compressor } = settings
  const { topic, partition, records, at } = part
  let last = Math.min(records.indexes.length, at + part.most)
  if (compressor.compress === undefined) last = fitting(records, at, last, maxBytes, headers)
  for (;;) {
    const bytes = await recordBatch(records, at, last, settings)
    if (bytes.length <= maxBytes || last - at === 1) return { topic, partition, records: bytes, part, last }
    last = at + Math.ceil((last - at) / 2)
  }
}

function fitting(records: Records, first: number, last: number, maxBytes: number, headers: Buffer): number {
  let size = BATCH_SIZE
  for (let position = first; position < last; position++) {
    size += recordSize(records, position, headers)
    if (size > maxBytes) return Math.max(first + 1, position)
  }
  return last
}

function settle({ part, last }: Cut, answers: Produced, { reject }: ProduceSettings): void {
  const error = answers.get(placeOf(part))
  if (error === undefined) part.failure = 'the broker says nothing of the partition'
  else if (error === NO_ERROR) part.at = last
  else if (!isOfMessages(error)) part.failure = told(error)
  else if (last - part.at > 1) part.most = Math.ceil((last - part.at) / 2)
  else {
    reject(part.records.indexes[part.at] as number, told(error))
    part.at = last
  }
}
