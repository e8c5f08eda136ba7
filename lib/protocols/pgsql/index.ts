import { z } from 'zod'
import { defineProtocol } from '../protocol.js'
import { counters, PgsqlConversation } from './conversation.js'
import { fields } from './fields.js'

export const pgsql = defineProtocol({
  name: 'pgsql',
  title: 'PostgreSQL 3.x: logins, simple and extended queries, prepared statements, pipelines, COPY',
  transports: ['tcp'],
  ports: [5432],
  options: z.strictObject({
    max_rows: z.coerce
      .number()
      .int()
      .min(0)
      .default(10)
      .describe('Rows of a result that are put into `response`, with send_response.'),
    max_row_length: z.coerce
      .number()
      .int()
      .min(0)
      .default(1024)
      .describe('Bytes of a row that are put into `response`, with send_response.'),
  }),
  counters,
  fields,
  start(options, context) {
    const shared = PgsqlConversation.shared(options, context)
    return (endpoints) => new PgsqlConversation(endpoints, shared)
  },
})
