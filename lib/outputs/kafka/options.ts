import { z } from 'zod'
import { formatString } from '../../events/format-string.js'
import { duration, MILLISECOND, MINUTE, SECOND } from '../../options/duration.js'
import { secret } from '../../options/kinds.js'
import { codec } from '../codec.js'
import { deliveryShape } from '../delivery-options.js'
import { rulesOption } from '../select.js'
import { sslOption } from '../ssl/options.js'
import { compressions } from './compression.js'
import { mechanisms } from './sasl.js'

const reachable = z
  .boolean()
  .default(false)
  .describe('Only partitions that have a leader; otherwise events wait until theirs has one.')

const grouped = (what: string) =>
  z
    .strictObject({
      reachable_only: reachable,
      group_events: z.int().min(1).default(1).describe('Events in a row to one partition.'),
    })
    .optional()
    .describe(what)

const partition = z
  .strictObject({
    hash: z
      .strictObject({
        reachable_only: reachable,
        hash: z.array(z.string().min(1)).default([]).describe('Fields to hash; without any, the key.'),
        random: z
          .boolean()
          .default(true)
          .describe('An event that lacks one of the fields goes anywhere; otherwise it is refused.'),
      })
      .optional()
      .describe('The same partition for the same key or fields.'),
    random: grouped('Partitions by chance.'),
    round_robin: grouped('One partition after the other.'),
  })
  .refine((choice) => Object.values(choice).filter((one) => one !== undefined).length <= 1, {
    message: 'must be one of hash, random and round_robin',
  })
  .optional()
  .describe('How events spread over the partitions of a topic: by the hash of their key unless given.')

const metadata = z
  .strictObject({
    retry: z
      .strictObject({
        max: z.int().min(0).default(3).describe('Tries more to hear of a topic that is not ready.'),
        backoff: duration()
          .default(250 * MILLISECOND)
          .describe('Wait between them.'),
      })
      .prefault({})
      .describe('Topics that are just being created.'),
    refresh_frequency: duration()
      .default(10 * MINUTE)
      .describe('How long what is known of a topic is good.'),
    full: z.boolean().default(false).describe('No effect: only topics that events go to are asked for.'),
  })
  .prefault({})
  .describe('What is known of the cluster.')

export const options = z
  .strictObject({
    hosts: z
      .array(z.string().min(1))
      .min(1, { message: 'names no broker' })
      .describe('Brokers to hear of the cluster from: `host[:9092]`.'),
    topic: formatString.optional().describe('The topic, a format string such as `net-%{[type]}`.'),
    topics: rulesOption('topic', 'topic'),
    key: formatString.optional().describe('The key of a message; without it, or its fields, there is none.'),
    partition,
    version: z
      .string()
      .regex(/^(\d+\.){1,3}\d+$/, { message: 'must be a version such as 2.1.0' })
      .default('2.1.0')
      .describe('Version of the brokers. No effect: brokers say themselves what they speak.'),
    username: z.string().min(1).optional().describe('User to log in with.'),
    password: secret(z.string().optional().describe('Its password.')),
    sasl: z
      .strictObject({
        mechanism: z.enum(mechanisms).default('PLAIN').describe('How to log in.'),
      })
      .optional()
      .describe('Logging in, with `username` and `password`.'),
    headers: z
      .array(
        z.strictObject({
          key: z.string().min(1).describe('Its name.'),
          value: z.string().describe('Its value.'),
        }),
      )
      .default([])
      .describe('Headers of each message.'),
    client_id: z.string().default('beats').describe('What brokers call this client in logs and quotas.'),
    codec,
    metadata,
    ...deliveryShape(2048),
    bulk_flush_frequency: duration()
      .default(0)
      .describe('The longest wait for a fuller batch; 0: what the queue says.'),
    timeout: duration({ min: MILLISECOND })
      .default(30 * SECOND)
      .describe('The longest wait for a connection or an answer.'),
    broker_timeout: duration({ min: MILLISECOND })
      .default(10 * SECOND)
      .describe('The longest wait of a broker for its replicas, with `required_acks: -1`.'),
    channel_buffer_size: z.int().min(1).default(256).describe('No effect: the queue is what waits.'),
    keep_alive: duration().default(0).describe('Idle time before TCP probes the connection; 0: never.'),
    compression: z
      .enum(compressions)
      .default('gzip')
      .describe('Compression; zstd needs Node.js 22.15 or later.'),
    compression_level: z.int().min(0).max(9).default(4).describe('Strength of gzip and zstd.'),
    max_message_bytes: z
      .int()
      .min(1)
      .default(1_000_000)
      .describe('An event larger than that is refused, and batches are kept below it.'),
    required_acks: z
      .int()
      .min(-1)
      .max(1)
      .default(1)
      .describe('Who has to have an event: 1 the leader, -1 all replicas in sync, 0 nobody.'),
    ssl: sslOption(),
  })
  .superRefine(({ topic, topics, username, password, sasl }, context) => {
    const wrong = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if ((topic === undefined || topic === '') && topics.length === 0)
      wrong('topic', 'is missing: say which topic events go to')
    if (username !== undefined && password === undefined) wrong('password', 'is missing beside username')
    if (sasl !== undefined && username === undefined) wrong('username', 'is missing beside sasl')
  })

export type KafkaOptions = z.output<typeof options>
