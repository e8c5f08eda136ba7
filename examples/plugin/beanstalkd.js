// The work queue beanstalkd: commands and answers are lines, some with a body behind.
// Spec: https://github.com/beanstalkd/beanstalkd/blob/master/doc/protocol.txt
import { defineProtocol, exchangeCounters, exchanges, z } from 'packetbeat-native'

/** Reads the words of a line. By the first of them, `bodies` tells which word is the length of the body. */
const message = (bodies) => (cursor) => {
  const words = cursor.line(1024).split(' ')
  const length = words[bodies[words[0]]]
  if (length !== undefined) cursor.skip(Number(length) + 2)
  return words
}
const command = message({ put: 4 })
const answer = message({ RESERVED: 2, FOUND: 2, OK: 1 })

const failed = ([word]) => /^(BAD|DEADLINE|DRAINING|EXPECTED|INTERNAL|JOB|NOT|OUT|TIMED|UNKNOWN)/.test(word)

export const beanstalkd = defineProtocol({
  name: 'beanstalkd',
  title: 'beanstalkd, a work queue',
  transports: ['tcp'],
  ports: [11300],
  options: z.strictObject({}),
  counters: exchangeCounters,
  fields: {
    method: { type: 'keyword', description: 'The command.', value: ({ request }) => request[0] },
    query: {
      type: 'keyword',
      description: 'The command with its arguments.',
      value: ({ request }) => request.join(' '),
    },
    'beanstalkd.response': {
      type: 'keyword',
      description: 'The answer, without its body.',
      value: ({ response }) => response?.join(' '),
    },
  },
  start: (_options, context) => exchanges(context, { request: command, response: answer, failed }),
})
