import { z } from 'zod'
import { duration, HOUR } from '../../options/duration.js'
import { defineProtocol } from '../protocol.js'
import { MysqlConversation } from './conversation.js'
import { counters } from './counters.js'
import { fields } from './fields.js'

export const mysql = defineProtocol({
  name: 'mysql',
  title: 'MySQL and MariaDB: logins, queries, prepared statements with their parameters, compression',
  transports: ['tcp'],
  ports: [3306, 3307],
  options: z.strictObject({
    max_rows: z.int().min(0).default(10).describe('Rows of a result that `response` shows.'),
    max_row_length: z.int().min(0).default(1024).describe('Characters of a row that `response` shows.'),
    statement_timeout: duration()
      .default(HOUR)
      .describe('How long a prepared statement is remembered without being used.'),
  }),
  counters,
  fields,
  start(options, context) {
    const shared = MysqlConversation.shared(options, context)
    return (endpoints) => new MysqlConversation(endpoints, shared)
  },
})
