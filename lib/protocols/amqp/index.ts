import { z } from 'zod'
import { defineProtocol } from '../protocol.js'
import { AmqpConversation } from './conversation.js'
import { fields } from './fields.js'
import { counters, shared } from './shared.js'

export const amqp = defineProtocol({
  name: 'amqp',
  title: 'AMQP 0-9-1: calls with their answers, messages, publisher confirms, RabbitMQ’s extensions',
  transports: ['tcp'],
  ports: [5672],
  options: z.strictObject({
    max_body_length: z.coerce
      .number()
      .int()
      .min(0)
      .default(1000)
      .describe('Bytes of a message body that are shown, with send_request and send_response.'),
    parse_headers: z.boolean().default(true).describe('Decode the properties of messages.'),
    parse_arguments: z.boolean().default(true).describe('Decode the argument tables of methods.'),
    hide_connection_information: z
      .boolean()
      .default(true)
      .describe(
        'Leave out how connections and channels are opened, closed and negotiated, logins included, unless it fails.',
      ),
  }),
  counters,
  fields,
  start(options, context) {
    const common = shared(options, context)
    return (endpoints) => new AmqpConversation(endpoints, common)
  },
})
