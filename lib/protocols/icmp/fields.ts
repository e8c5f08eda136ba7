import { defineFields, type Field, type Transaction } from '../../events/fields.js'
import type { Identified } from '../../transactions/by-id.js'
import type { Message } from './message.js'
import { nameOf, type Version } from './types.js'

/** A request and its reply, a message that has no reply, or a reply whose request was not seen. */
export interface IcmpTransaction extends Transaction, Identified {
  version: Version
  request: Message | undefined
  response: Message | undefined
}

type Side = 'request' | 'response'

const side = (name: Side): Record<string, Field<IcmpTransaction>> => ({
  [`icmp.${name}.message`]: {
    type: 'keyword',
    description: `What the ${name} says, in words.`,
    value: (transaction) => {
      const message = transaction[name]
      return message && nameOf(transaction.version, message.type, message.code)
    },
  },
  [`icmp.${name}.type`]: {
    type: 'long',
    description: `The type of the ${name}.`,
    value: (transaction) => transaction[name]?.type,
  },
  [`icmp.${name}.code`]: {
    type: 'long',
    description: `The code of the ${name}, which tells more than its type.`,
    value: (transaction) => transaction[name]?.code,
  },
})

export const fields = defineFields<IcmpTransaction>({
  // A reply without its request has no beginning; upstream writes its time as the end alone.
  'event.start': {
    type: 'date',
    description: 'When the request was captured.',
    value: ({ request, start }) => (request === undefined ? undefined : start),
  },
  'event.duration': {
    type: 'long',
    description: 'Nanoseconds from the request to its reply.',
    value: ({ request, start, end }) =>
      request === undefined || end === undefined || end < start ? undefined : end - start,
  },
  path: {
    type: 'keyword',
    description: 'The address that was asked.',
    value: (_, { destinationIp }) => destinationIp,
    ofConversation: true,
  },
  'icmp.version': {
    type: 'long',
    description: '4 for ICMP, 6 for ICMPv6.',
    value: ({ version }) => version.number,
  },
  ...side('request'),
  ...side('response'),
})
