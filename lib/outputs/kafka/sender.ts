import type { EventBatch } from '../../pipeline/batch.js'
import type { Leftover } from '../output.js'
import { type Cluster, NO_LEADER, type Topic } from './cluster.js'
import { deliver, type Part, type ProduceSettings } from './delivery.js'
import type { Messages, Topical } from './messages.js'
import { type Partitioner, type PartitionOptions, partitioner, reachableOnly } from './partition.js'
import { BATCH_SIZE, recordSize } from './record-batch.js'

export interface SenderSettings {
  cluster: Cluster
  messages(batch: EventBatch): Messages
  partition: PartitionOptions | undefined
  produce: Omit<ProduceSettings, 'reject'>
  warn(message: string): void
}

// Topics may be named by what is in events; the partitioner of one that is forgotten begins anew.
const MOST_PARTITIONERS = 1024

/** Sends batches; each partition's answer decides on its own events alone. */
export function sender({ cluster, messages, partition, produce, warn }: SenderSettings) {
  const partitioners = new Map<string, Partitioner>()
  const partitionerOf = (topic: string): Partitioner => {
    const before = partitioners.get(topic) ?? partitioner(partition)
    partitioners.delete(topic)
    partitioners.set(topic, before)
    if (partitioners.size > MOST_PARTITIONERS) partitioners.delete(partitioners.keys().next().value as string)
    return before
  }
  const reachable = reachableOnly(partition)

  return async (batch: EventBatch): Promise<Leftover> => {
    const made = messages(batch)
    const { events, lines, rejected } = made
    const reject = (line: number, reason: string) => {
      rejected.push({ index: events[line] as number, reason })
    }
    const topics = made.topics.map((topical) => withoutLarge(topical, made, produce, reject))
    const known = await cluster.topics(topics.map(({ topic }) => topic))
    const late = new Late()
    const parts: Part[] = []
    for (const topical of topics) {
      const topic = known.get(topical.topic)
      if (topic === undefined || topic.problem !== undefined) {
        const problem = topic?.problem ?? 'no broker knows it'
        if (topic?.invalid === true) for (const line of topical.lines) reject(line, problem)
        else late.add(topical.topic, problem, topical.lines)
        continue
      }
      const choose = chooser(topic, partitionerOf(topical.topic), reachable)
      for (const part of split(topical, made, choose, reject)) {
        if (part.leader === NO_LEADER)
          late.add(part.topic, 'the partition has no leader', part.records.indexes)
        else parts.push(part)
      }
    }
    await deliver(parts, cluster, { ...produce, reject })
    for (const { topic, failure, records, at } of parts)
      if (failure !== undefined) late.add(topic, failure, records.indexes.slice(at))
    cluster.forget(late.topics)
    const retry = late.lines.map((line) => events[line] as number).sort((one, other) => one - other)
    if (retry.length > 0) {
      if (retry.length === lines.count && rejected.length === 0) throw new Error(late.told())
      warn(
        `Kafka took ${batch.count - retry.length - rejected.length} of ${batch.count} events: ${late.told()}`,
      )
    }
    return { retry, rejected }
  }
}

/** Events that are to be sent again, and why. */
class Late {
  readonly lines: number[] = []
  readonly topics = new Set<string>()
  readonly #reasons = new Map<string, Set<string>>()

  add(topic: string, reason: string, lines: readonly number[]): void {
    for (const line of lines) this.lines.push(line)
    this.topics.add(topic)
    const topics = this.#reasons.get(reason) ?? new Set()
    this.#reasons.set(reason, topics.add(topic))
  }

  told(): string {
    return [...this.#reasons].map(([reason, topics]) => `${named([...topics])}: ${reason}`).join('; ')
  }
}

const named = ([first = '', ...more]: readonly string[]): string =>
  more.length === 0 ? `topic ${first}` : `topic ${first} and ${more.length} more`

/** The events that a message may hold. */
function withoutLarge(
  topical: Topical,
  { lines }: Messages,
  { maxBytes, headers }: Omit<ProduceSettings, 'reject'>,
  reject: (line: number, reason: string) => void,
): Topical {
  const { topic, keys, times } = topical
  const records = { bytes: lines.bytes, ends: lines.ends, indexes: topical.lines, keys, times }
  const fits = topical.lines.map(
    (_, position) => BATCH_SIZE + recordSize(records, position, headers) <= maxBytes,
  )
  if (!fits.includes(false)) return topical
  topical.lines.forEach((line, position) => {
    if (!fits[position]) reject(line, `it is larger than output.kafka.max_message_bytes (${maxBytes})`)
  })
  const kept = <T>(list: readonly T[]): T[] => list.filter((_, position) => fits[position])
  return { topic, lines: kept(topical.lines), keys: keys && kept(keys), times: kept(times) }
}

type Choose = (...message: Parameters<Partitioner>) => number | undefined

interface Chooser {
  topic: Topic
  choose(message: Parameters<Partitioner>[0]): number | undefined
}

function chooser(topic: Topic, partition: Choose, reachable: boolean): Chooser {
  const all = topic.leaders.map((_, id) => id)
  const led = all.filter((id) => topic.leaders[id] !== NO_LEADER)
  const among = reachable && led.length > 0 ? led : all
  return {
    topic,
    choose: (message) => {
      const chosen = partition(message, among.length)
      return chosen === undefined ? undefined : among[chosen]
    },
  }
}

/** The events of a topic by their partitions. */
function split(
  { topic, lines, keys, times }: Topical,
  { lines: { bytes, ends }, document }: Messages,
  { topic: { leaders }, choose }: Chooser,
  reject: (line: number, reason: string) => void,
): Part[] {
  interface Open extends Part {
    records: Part['records'] & {
      indexes: number[]
      keys: (Buffer | undefined)[] | undefined
      times: number[]
    }
  }
  const parts = new Map<number, Open>()
  lines.forEach((line, position) => {
    const key = keys?.[position]
    const partition = choose({ key, document: () => document(line) })
    if (partition === undefined) {
      reject(line, 'it lacks a field of output.kafka.partition.hash.hash')
      return
    }
    let part = parts.get(partition)
    if (part === undefined) {
      const records = { bytes, ends, indexes: [], keys: keys && [], times: [] }
      const leader = leaders[partition] ?? NO_LEADER
      part = { topic, partition, leader, records, at: 0, most: Number.POSITIVE_INFINITY }
      parts.set(partition, part)
    }
    part.records.indexes.push(line)
    part.records.times.push(times[position] as number)
    part.records.keys?.push(key)
  })
  return [...parts.values()]
}
