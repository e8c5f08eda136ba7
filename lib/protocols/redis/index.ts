import { z } from 'zod'
import { defineProtocol } from '../protocol.js'
import { counters, RedisConversation } from './conversation.js'
import { fields } from './fields.js'

export const redis = defineProtocol({
  name: 'redis',
  title: 'Redis: RESP2, RESP3 and inline commands, pipelines, publish and subscribe',
  transports: ['tcp'],
  ports: [6379],
  options: z.strictObject({
    queue_max_bytes: z.coerce
      .number()
      .int()
      .min(0)
      .default(1_048_576)
      .describe('Bytes of commands that may wait for their answers on one connection; 0: no limit.'),
    queue_max_messages: z.coerce
      .number()
      .int()
      .min(0)
      .default(20_000)
      .describe('Commands that may wait for their answers on one connection; 0: no limit.'),
  }),
  counters,
  fields,
  start(options, context) {
    const shared = RedisConversation.shared(options, context)
    return (endpoints) => new RedisConversation(endpoints, shared)
  },
})
