// The work queue beanstalkd: commands and answers are lines, some with a body, and each answer is to the oldest command
// that waits. https://github.com/beanstalkd/beanstalkd/blob/master/doc/protocol.txt
import { defineFields, defineProtocol, FROM_CLIENT, InOrder, Messages, notes, z } from 'packetbeat-native'

/** A line and the body behind it, whose length in bytes is the word at `at`. */
const message = (at) => (cursor) => {
  const words = cursor.line(1024).split(' ')
  const body = words[at[words[0]]]
  if (body !== undefined) cursor.skip(Number(body) + 2)
  return words
}
const command = message({ put: 4 })
const answer = message({ RESERVED: 2, FOUND: 2, OK: 1 })

const isError = ([word]) => /^[A-Z_]+$/.test(word) && /TIMED|NOT_|BAD_|OUT_OF|UNKNOWN|TOO_|SOON|EXPECTED/.test(word)

export const beanstalkd = defineProtocol({
  name: 'beanstalkd',
  title: 'beanstalkd, the work queue',
  transports: ['tcp'],
  ports: [11300],
  options: z.strictObject({ queue_max_messages: z.int().min(1).default(1000).describe('Commands that may wait.') }),
  counters: { unmatched_responses: 'answers to commands that were not captured' },
  fields: defineFields({
    method: { type: 'keyword', description: 'The command.', value: ({ words }) => words[0] },
    query: { type: 'keyword', description: 'The command with its arguments.', value: ({ words }) => words.join(' ') },
    'beanstalkd.response': { type: 'keyword', description: 'First word of the answer.', value: ({ answered }) => answered?.[0] },
    'beanstalkd.job': { type: 'keyword', description: 'Number of the job.', value: ({ answered }) => (/^\d+$/.test(answered?.[1]) ? answered[1] : undefined) },
  }),
  start({ queue_max_messages }, { emit, count, memory, waitingRoom }) {
    const report = (endpoints, command, status, note) => emit(endpoints, { ...command, status, notes: note && [note] })
    const room = waitingRoom((command) => {
      command.late = true
      report(command.endpoints, command, 'Error', notes.UNMATCHED_REQUEST)
    })
    return (endpoints) => {
      const [commands, answers] = [new Messages(command, memory), new Messages(answer, memory)]
      const waiting = new InOrder(room, { bytes: 0, messages: queue_max_messages })
      const asked = (words, start, sourceBytes) =>
        waiting.push({ words, start, sourceBytes, destinationBytes: 0, endpoints, late: false })
      const answered = (words, end, destinationBytes) => {
        const command = waiting.shift()
        if (command === undefined) count('unmatched_responses')
        else report(endpoints, { ...command, end, destinationBytes, answered: words }, isError(words) ? 'Error' : 'OK')
      }
      return {
        data: (segment) =>
          segment.direction === FROM_CLIENT ? commands.feed(segment, asked) : answers.feed(segment, answered),
        close: () => {
          for (const command of waiting.drain()) report(endpoints, command, 'Error', notes.UNMATCHED_REQUEST)
        },
      }
    }
  },
})
