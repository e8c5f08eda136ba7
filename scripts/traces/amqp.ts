import { amqplib, PORT, rabbitmq } from '../../test/live/support/amqp.js'
import type { Talk } from '../../test/live/support/record.js'

/** Scenarios of test/live/clients/amqp.ts, one after the other. */
const talk = (...scenarios: string[]): Talk => ({
  port: PORT,
  serve: rabbitmq,
  run: async (network) => (await amqplib(network, ...scenarios)).length,
})

/** By name: what works, what is confirmed or refused, and what amqplib does not do. */
export const talks: Readonly<Record<string, Talk>> = {
  amqplib: talk('topology', 'small-messages'),
  refused: talk('few-confirms', 'refused', 'logins'),
  raw: talk('raw'),
}
