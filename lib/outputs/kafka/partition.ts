import { field } from '../../events/document.js'
import type { Document } from '../../events/writer.js'

/** An event as far as its partition depends on it. */
export interface Message {
  key: Buffer | undefined
  document(): Document
}

/** The partition of a message, among so many; undefined: it may not be sent, for it lacks what is to be hashed. */
export type Partitioner = (message: Message, partitions: number) => number | undefined

export interface PartitionOptions {
  hash?: { reachable_only: boolean; hash: readonly string[]; random: boolean } | undefined
  random?: { reachable_only: boolean; group_events: number } | undefined
  round_robin?: { reachable_only: boolean; group_events: number } | undefined
}

/** A new partitioner for one topic. */
export function partitioner({ hash, random, round_robin }: PartitionOptions = {}): Partitioner {
  if (random !== undefined) return grouped(random.group_events, (_, partitions) => byChance(partitions))
  if (round_robin !== undefined) return grouped(round_robin.group_events, (last) => last + 1)
  if (hash === undefined || hash.hash.length === 0) return byKey
  return byFields(hash.hash, hash.random)
}

/** True: only partitions that have a leader are chosen from. */
export const reachableOnly = ({ hash, random, round_robin }: PartitionOptions = {}): boolean =>
  (hash ?? random ?? round_robin)?.reachable_only ?? false

const byChance = (partitions: number): number => Math.floor(Math.random() * partitions)

/** So many messages in a row to one partition, then to the next. */
function grouped(size: number, next: (last: number, partitions: number) => number): Partitioner {
  let count = size
  let partition = -1
  return (_, partitions) => {
    if (count >= size) {
      count = 0
      partition = next(partition, partitions)
    }
    count++
    // There may be fewer than before.
    if (partition >= partitions) partition = 0
    return partition
  }
}

const byKey: Partitioner = ({ key }, partitions) =>
  key === undefined ? byChance(partitions) : inRange(fnv(OFFSET, key), partitions)

function byFields(names: readonly string[], chance: boolean): Partitioner {
  const fields = names.map(field)
  return (message, partitions) => {
    const document = message.document()
    let hash = OFFSET
    for (const each of fields) {
      const bytes = hashed(each.get(document))
      if (bytes === undefined) return chance ? byChance(partitions) : undefined
      hash = fnv(hash, bytes)
    }
    return inRange(hash, partitions)
  }
}

const OFFSET = 0x811c9dc5
const PRIME = 0x01000193

/** FNV-1a with 32 bits, going on from `hash`. Spec: RFC 9923 */
export function fnv(hash: number, bytes: Uint8Array): number {
  let sum = hash
  for (let at = 0; at < bytes.length; at++) sum = Math.imul(sum ^ (bytes[at] as number), PRIME)
  return sum >>> 0
}

const inRange = (hash: number, partitions: number): number => (hash & 0x7fffffff) % partitions

/** What of a value is hashed, as upstream has it: text as it is, whole numbers in eight bytes, others with seven digits. */
function hashed(value: unknown): Buffer | undefined {
  switch (typeof value) {
    case 'string':
      return Buffer.from(value)
    case 'boolean':
      return Buffer.of(value ? 1 : 0)
    case 'number': {
      if (!Number.isInteger(value)) return Buffer.from(shortest(value))
      const bytes = Buffer.allocUnsafe(8)
      bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)))
      return bytes
    }
    default:
      return undefined
  }
}

/** The fewest digits that tell a number of 32 bits from its neighbours; in the way of C's `%g`. */
function shortest(value: number): string {
  const single = Math.fround(value)
  let digits = 1
  while (digits < 9 && Math.fround(Number(single.toPrecision(digits))) !== single) digits++
  const [mantissa = '', exponent = '0'] = single.toExponential(digits - 1).split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return Number(single.toPrecision(digits)).toString()
  const sign = power < 0 ? '-' : '+'
  return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, '0')}`
}
