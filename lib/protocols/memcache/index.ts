import { z } from 'zod'
import { duration, SECOND } from '../../options/duration.js'
import { defineProtocol } from '../protocol.js'
import { MemcacheConversation } from './conversation.js'
import { MemcacheDatagrams } from './datagrams.js'
import { fields } from './fields.js'
import { counters, share } from './shared.js'

const TCP = 6

export const options = z.strictObject({
  parseunknown: z
    .boolean()
    .default(false)
    .describe('Take any printable line for a command, not only those that look like one of memcached.'),
  maxvalues: z.coerce
    .number()
    .int()
    .min(-1)
    .default(0)
    .describe('Values that an event shows, in base64; -1: all.'),
  maxbytespervalue: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Bytes of each value that an event shows; at most, and without it, 1 MiB.'),
  udptransactiontimeout: duration()
    .default(10 * SECOND)
    .describe('How long a request over UDP waits for its answer.'),
})

export const memcache = defineProtocol({
  name: 'memcache',
  title: 'Memcached: text, meta and binary commands, over TCP and UDP',
  transports: ['tcp', 'udp'],
  ports: [11211],
  options,
  counters,
  fields,
  start(options, context) {
    const shared = share(options, context)
    return (endpoints) =>
      endpoints.protocol === TCP
        ? new MemcacheConversation(endpoints, shared)
        : new MemcacheDatagrams(endpoints, shared)
  },
})
