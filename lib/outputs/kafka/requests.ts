import { RequestWriter, type ResponseReader } from './wire.js'

/** A request and how to read its answer. */
export interface Call<Answer> {
  /** Its number in the protocol. */
  key: number
  version: number
  body: RequestWriter
  read(answer: ResponseReader): Answer
}

/** Requests by their numbers, of those that are used here. Spec: kafka.apache.org/protocol, "Api Keys". */
export const PRODUCE = 0
export const METADATA = 3
const SASL_HANDSHAKE = 17
const API_VERSIONS = 18
export const SASL_AUTHENTICATE = 36

/** For each request the versions that a broker knows. */
export type Versions = ReadonlyMap<number, { min: number; max: number }>

export const apiVersions = (): Call<{ error: number; versions: Versions }> => ({
  key: API_VERSIONS,
  version: 0,
  body: new RequestWriter(),
  read: (answer) => ({
    error: answer.int16(),
    versions: new Map(
      answer.array((each) => [each.int16(), { min: each.int16(), max: each.int16() }] as const),
    ),
  }),
})

export const saslHandshake = (mechanism: string): Call<{ error: number; mechanisms: string[] }> => ({
  key: SASL_HANDSHAKE,
  version: 1,
  body: new RequestWriter().string(mechanism),
  read: (answer) => ({ error: answer.int16(), mechanisms: answer.array((each) => each.string()) }),
})

export interface Authenticated {
  error: number
  message: string | null
  bytes: Buffer
  /** Milliseconds until the broker wants to hear it again; 0: never. */
  lifetime: number
}

/** `version`: 0 or 1; 1 tells the lifetime. */
export const saslAuthenticate = (bytes: Buffer, version: number): Call<Authenticated> => ({
  key: SASL_AUTHENTICATE,
  version,
  body: new RequestWriter().bytes(bytes),
  read: (answer) => ({
    error: answer.int16(),
    message: answer.nullableString(),
    bytes: answer.bytes(),
    lifetime: version === 0 ? 0 : answer.int64(),
  }),
})

export interface Metadata {
  brokers: { id: number; host: string; port: number }[]
  topics: { error: number; name: string; partitions: { error: number; id: number; leader: number }[] }[]
}

const METADATA_VERSION = 4

export const metadata = (topics: readonly string[], create: boolean): Call<Metadata> => {
  const body = new RequestWriter()
  body.array(topics, (topic) => body.string(topic)).boolean(create)
  return { key: METADATA, version: METADATA_VERSION, body, read: readMetadata }
}

function readMetadata(answer: ResponseReader): Metadata {
  answer.int32() // throttle time
  const brokers = answer.array((broker) => {
    const [id, host, port] = [broker.int32(), broker.string(), broker.int32()]
    broker.nullableString() // rack
    return { id, host, port }
  })
  answer.nullableString() // cluster
  answer.int32() // controller
  const topics = answer.array((topic) => {
    const [error, name] = [topic.int16(), topic.string()]
    topic.boolean() // internal
    const partitions = topic.array((partition) => {
      const [error, id, leader] = [partition.int16(), partition.int32(), partition.int32()]
      partition.array((replica) => replica.int32())
      partition.array((inSync) => inSync.int32())
      return { error, id, leader }
    })
    return { error, name, partitions }
  })
  return { brokers, topics }
}

export interface ProduceOptions {
  acks: number
  /** Milliseconds that the broker may wait for its replicas. */
  timeout: number
  version: number
}

/** The records of one partition: one batch, for the protocol allows no more in a request. */
export interface Chunk {
  topic: string
  partition: number
  records: Buffer
}

/** Errors by topic and partition, see `placeOf`. */
export type Produced = ReadonlyMap<string, number>

export const placeOf = ({ topic, partition }: Pick<Chunk, 'topic' | 'partition'>): string =>
  `${topic} ${partition}`

/** `chunks`: at most one for each partition. */
export function produce(
  chunks: readonly Chunk[],
  { acks, timeout, version }: ProduceOptions,
): Call<Produced> {
  const body = new RequestWriter().string(null).int16(acks).int32(timeout)
  const topics = new Map<string, Chunk[]>()
  for (const chunk of chunks) {
    const parts = topics.get(chunk.topic)
    if (parts === undefined) topics.set(chunk.topic, [chunk])
    else parts.push(chunk)
  }
  body.array([...topics], ([topic, parts]) => {
    body.string(topic).array(parts, ({ partition, records }) => body.int32(partition).bytes(records))
  })
  return { key: PRODUCE, version, body, read: (answer) => readProduced(answer, version) }
}

function readProduced(answer: ResponseReader, version: number): Produced {
  const errors = new Map<string, number>()
  answer.array((each) => {
    const topic = each.string()
    each.array((part) => {
      const [partition, error] = [part.int32(), part.int16()]
      part.int64() // offset
      part.int64() // time
      if (version >= 5) part.int64() // the log's first offset
      errors.set(placeOf({ topic, partition }), error)
    })
  })
  return errors
}

/** The newest version of each request that is spoken here, and the oldest: what came before has no record batches. */
export const spoken: ReadonlyMap<number, { min: number; max: number }> = new Map([
  [PRODUCE, { min: 3, max: 7 }],
  [METADATA, { min: METADATA_VERSION, max: METADATA_VERSION }],
])
