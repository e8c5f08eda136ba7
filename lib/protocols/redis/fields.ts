import { defineFields, filled, type Transaction } from '../../events/fields.js'
import type { Ordered } from '../../transactions/in-order.js'
import { named } from './commands.js'
import { type Command, type Resp, RespError } from './parser.js'

/** A command and its answer; of a message that was pushed, `words` is what the server sent. */
export interface RedisTransaction extends Transaction, Ordered {
  words: Command
  /** undefined: none came. */
  reply: Resp | undefined
  /** Answers still to come; more than one for a subscription to several channels. */
  expected: number
  withRequest: boolean
  withResponse: boolean
}

/** A reply as redis-cli would show it on one line. */
export function readable(reply: Resp): string {
  if (reply === null) return 'nil'
  if (reply instanceof RespError) return reply.message
  return typeof reply === 'string' ? reply : `[${reply.map(readable).join(', ')}]`
}

const failed = ({ reply }: RedisTransaction) => reply instanceof RespError
const query = ({ words }: RedisTransaction) => filled(words.join(' '))
const answer = ({ reply }: RedisTransaction) => (reply === undefined ? undefined : readable(reply))

export const fields = defineFields<RedisTransaction>({
  method: {
    type: 'keyword',
    description: 'The command in upper case, with its second word where that names what is done: CONFIG GET.',
    value: ({ words }) => named(words).method,
  },
  resource: {
    type: 'keyword',
    description: 'The first argument, for most commands the key; empty for commands that have none.',
    value: ({ words }) => named(words).resource ?? '',
  },
  query: { type: 'keyword', description: 'The whole command, its words separated by spaces.', value: query },
  'event.action': {
    type: 'keyword',
    description: 'redis. and the command in lower case.',
    value: ({ words }) => `redis.${named(words).method.toLowerCase()}`,
  },
  'event.outcome': {
    type: 'keyword',
    description: 'failure, when Redis answered with an error.',
    value: (transaction) => (failed(transaction) ? 'failure' : undefined),
  },
  'redis.return_value': {
    type: 'keyword',
    description: 'What Redis answered: arrays in brackets, a missing value as nil.',
    value: (transaction) => (failed(transaction) ? undefined : answer(transaction)),
  },
  'redis.error': {
    type: 'keyword',
    description: 'The error that Redis answered with.',
    value: (transaction) => (failed(transaction) ? answer(transaction) : undefined),
  },
  request: {
    type: 'text',
    description: 'The whole command, with send_request.',
    value: (transaction) => (transaction.withRequest ? query(transaction) : undefined),
  },
  response: {
    type: 'text',
    description: 'The whole answer, with send_response.',
    value: (transaction) => (transaction.withResponse ? answer(transaction) : undefined),
  },
})
