import { z } from 'zod'
import { defineProtocol } from '../protocol.js'
import { operations } from './codes.js'
import { CassandraConversation, counters } from './conversation.js'
import { fields } from './fields.js'

// Upstream's list has no CREDENTIALS, of version 1.
const names = operations.filter((name) => name !== 'CREDENTIALS')

export const cassandra = defineProtocol({
  name: 'cassandra',
  title: 'Cassandra: CQL native protocol 1 to 5, prepared statements and batches, LZ4 and Snappy',
  transports: ['tcp'],
  ports: [9042],
  options: z.strictObject({
    send_request: z
      .boolean()
      .default(true)
      .describe('Put the request into the event: cassandra.request and params.'),
    send_response: z.boolean().default(true).describe('Put the response into the event: cassandra.response.'),
    send_request_header: z
      .boolean()
      .default(true)
      .describe('With send_request: put the header of the request frame into the event.'),
    send_response_header: z
      .boolean()
      .default(true)
      .describe('With send_response: put the header of the response frame into the event.'),
    compressor: z
      .enum(['snappy', ''])
      .default('')
      .describe('Not needed: how a frame is compressed, Snappy or LZ4, is told by its bytes.'),
    ignored_ops: z
      .array(z.enum(names))
      .default([])
      .describe('Operations, of a request or of its response, whose events are left out.'),
  }),
  counters,
  fields,
  start(options, context) {
    const shared = CassandraConversation.shared(options, context)
    return (endpoints) => new CassandraConversation(endpoints, shared)
  },
})
