import { compileFormat, type Format } from '../../events/format-string.js'
import type { Document } from '../../events/writer.js'
import type { EventBatch } from '../../pipeline/batch.js'
import type { Encode } from '../codec.js'
import { type Lines, print } from '../lines.js'
import { type Selector, selector } from '../select.js'
import { timeReader } from './event-time.js'
import type { KafkaOptions } from './options.js'

/** Events for one topic, in their order. */
export interface Topical {
  topic: string
  /** Which lines of the batch. */
  lines: number[]
  /** Of each of them; undefined: no message has a key. */
  keys: (Buffer | undefined)[] | undefined
  /** Of each of them, in milliseconds since 1970. */
  times: number[]
}

export interface Messages {
  lines: Lines
  /** By line: the index of its event. */
  events: readonly number[]
  topics: readonly Topical[]
  rejected: { index: number; reason: string }[]
  /** The event of a line. */
  document(line: number): Document
}

/** Makes messages of events: which topic, which key, which time. */
export function messageMaker(
  options: Pick<KafkaOptions, 'topic' | 'topics' | 'key'>,
  encode: Encode | undefined,
  known: Document,
): (batch: EventBatch) => Messages {
  const topicOf = selector({
    otherwise: options.topic,
    rules: options.topics.map(({ topic, ...rule }) => ({ ...rule, format: topic })),
    known,
  })
  const keyOf = options.key === undefined || options.key === '' ? undefined : compileFormat(options.key)
  const readTime = timeReader()
  return (batch) => {
    const printed = print(batch, encode)
    const { retry: events, rejected } = printed.leftover(0)
    const { lines } = printed
    const document = documents(batch, lines, events)
    const timeOf = (line: number): number =>
      (batch.documents.length > 0
        ? undefined
        : readTime(lines.bytes, startOf(lines, line), lines.ends[line] as number)) ??
      (Date.parse(String(document(line)['@timestamp'])) || Date.now())
    const refused = [...rejected]
    const topics = group(lines.count, topicOf, keyOf, timeOf, document, (line, reason) =>
      refused.push({ index: events[line] as number, reason }),
    )
    return { lines, events, topics, rejected: refused, document }
  }
}

function group(
  count: number,
  topicOf: Selector,
  keyOf: Format | undefined,
  timeOf: (line: number) => number,
  document: (line: number) => Document,
  refuse: (line: number, reason: string) => void,
): readonly Topical[] {
  const topics = new Map<string, Topical>()
  for (let line = 0; line < count; line++) {
    const name = topicOf.constant ?? topicOf.of(document(line))
    if (name === undefined || !isTopic(name)) {
      refuse(
        line,
        name === undefined ? 'no topic fits it' : `${JSON.stringify(name)} cannot be the name of a topic`,
      )
      continue
    }
    let topic = topics.get(name)
    if (topic === undefined) {
      topic = { topic: name, lines: [], keys: keyOf === undefined ? undefined : [], times: [] }
      topics.set(name, topic)
    }
    topic.lines.push(line)
    topic.times.push(timeOf(line))
    if (keyOf !== undefined) {
      const key = keyOf(document(line))
      topic.keys?.push(key === undefined ? undefined : Buffer.from(key))
    }
  }
  return [...topics.values()]
}

/** The event of each line: read once, and only when somebody asks. */
function documents(batch: EventBatch, lines: Lines, events: readonly number[]): (line: number) => Document {
  if (batch.documents.length > 0) return (line) => batch.documents[events[line] as number] as Document
  const parsed: Document[] = []
  return (line) => {
    parsed[line] ??= JSON.parse(
      lines.bytes.utf8Slice(startOf(lines, line), (lines.ends[line] as number) - 1),
    ) as Document
    return parsed[line] as Document
  }
}

const startOf = ({ ends }: Lines, line: number): number => (line === 0 ? 0 : (ends[line - 1] as number))

/** What brokers take as the name of a topic. */
export const isTopic = (name: string): boolean =>
  /^[\w.-]{1,249}$/.test(name) && name !== '.' && name !== '..'
