import { defineFields, type Field, filled } from '../../events/fields.js'
import { type NameParts, partsOf } from '../../net/public-suffix.js'
import { opcodeName, rcodeName } from './codes.js'
import { type Message, opcodeOf } from './message.js'
import { optFields } from './opt-fields.js'
import { recordMembers } from './record-members.js'
import { recordsJson } from './records-json.js'
import { flagNames, messageText, questionText } from './text.js'
import { answered, type DnsTransaction, outcome, question, wanted } from './transaction.js'

function parts(transaction: DnsTransaction): NameParts {
  transaction.parts ??= partsOf(answered(transaction)?.name ?? '')
  return transaction.parts
}

const flag = (bit: number, description: string): Field<DnsTransaction> => ({
  type: 'boolean',
  description,
  value: (transaction) => (outcome(transaction).flags & bit) !== 0,
})

const count = (what: string, of: (message: Message) => number): Field<DnsTransaction> => ({
  type: 'long',
  description: `How many ${what} the message has.`,
  value: (transaction) => of(outcome(transaction)),
})

export const fields = defineFields<DnsTransaction>({
  // A response without its query has no beginning; upstream writes its time as the end alone.
  'event.start': {
    type: 'date',
    description: 'When the query was captured.',
    value: ({ query, start }) => (query === undefined ? undefined : start),
  },
  'event.duration': {
    type: 'long',
    description: 'Nanoseconds from the query to the response.',
    value: ({ query, start, end }) =>
      query === undefined || end === undefined || end < start ? undefined : end - start,
  },
  method: {
    type: 'keyword',
    plain: true,
    description: 'The operation: QUERY, IQUERY, STATUS, NOTIFY, UPDATE or a number.',
    value: (transaction) => opcodeName(opcodeOf(wanted(transaction))),
  },
  query: {
    type: 'keyword',
    description: 'What was asked, in one line: class IN, type A, example.com.',
    value: (transaction) => {
      const asked = question(transaction)
      return asked && questionText(asked)
    },
  },
  resource: {
    type: 'keyword',
    description: 'The name that was asked for.',
    value: (transaction) => question(transaction)?.name,
  },
  request: {
    type: 'text',
    description: 'The whole query in one line, with send_request.',
    value: ({ query, options }) => (options.send_request && query ? messageText(query) : undefined),
  },
  response: {
    type: 'text',
    description: 'The whole response in one line, with send_response.',
    value: ({ response, options }) => (options.send_response && response ? messageText(response) : undefined),
  },
  'dns.type': {
    type: 'keyword',
    plain: true,
    description: 'answer when there is a response, else query.',
    value: ({ response }) => (response === undefined ? 'query' : 'answer'),
  },
  'dns.id': {
    type: 'long',
    description: 'The number that the query and its response have in common.',
    value: (transaction) => wanted(transaction).id,
  },
  'dns.op_code': {
    type: 'keyword',
    plain: true,
    description: 'The operation, as the response repeats it.',
    value: (transaction) => opcodeName(opcodeOf(outcome(transaction))),
  },
  'dns.response_code': {
    type: 'keyword',
    plain: true,
    description: 'NOERROR, NXDOMAIN and so on; the twelve bits of EDNS included.',
    value: (transaction) => rcodeName(outcome(transaction).rcode),
  },
  'dns.flags.authoritative': flag(0x0400, 'The server is an authority for the name.'),
  'dns.flags.truncated_response': flag(0x0200, 'The response was too long; ask again over TCP.'),
  'dns.flags.recursion_desired': flag(0x0100, 'The server is to ask others.'),
  'dns.flags.recursion_available': flag(0x0080, 'The server does ask others.'),
  'dns.flags.authentic_data': flag(0x0020, 'The server has verified the signatures.'),
  'dns.flags.checking_disabled': flag(0x0010, 'The client does not want signatures verified.'),
  'dns.header_flags': {
    type: 'keyword',
    list: true,
    description: 'The flags that are set: AA, TC, RD, RA, AD, CD, and DO of EDNS.',
    value: (transaction) => {
      const message = outcome(transaction)
      const names = flagNames(message)
      return filled(message.opt?.do ? [...names, 'DO'] : names)
    },
  },
  'dns.question.name': {
    type: 'keyword',
    description: 'The name that was asked for, in the case it had.',
    value: (transaction) => answered(transaction)?.name,
  },
  'dns.question.type': {
    type: 'keyword',
    plain: true,
    description: 'The type of record that was asked for.',
    value: (transaction) => answered(transaction)?.type,
  },
  'dns.question.class': {
    type: 'keyword',
    plain: true,
    description: 'The class of record that was asked for.',
    value: (transaction) => answered(transaction)?.class,
  },
  'dns.question.registered_domain': {
    type: 'keyword',
    description: 'The domain that was registered: the public suffix and one label more.',
    value: (transaction) => parts(transaction).registeredDomain,
  },
  'dns.question.etld_plus_one': {
    type: 'keyword',
    description: 'The older name of registered_domain.',
    value: (transaction) => parts(transaction).etldPlusOne,
  },
  'dns.question.top_level_domain': {
    type: 'keyword',
    description: 'The public suffix, such as com or co.uk.',
    value: (transaction) => parts(transaction).topLevelDomain,
  },
  'dns.question.subdomain': {
    type: 'keyword',
    description: 'What stands before the registered domain.',
    value: (transaction) => parts(transaction).subdomain,
  },
  'dns.answers_count': count('answers', ({ answersCount }) => answersCount),
  'dns.authorities_count': count('authority records', ({ authoritiesCount }) => authoritiesCount),
  'dns.additionals_count': count(
    'additional records, OPT aside,',
    ({ additionalsCount }) => additionalsCount,
  ),
  'dns.answers': {
    type: 'object',
    list: true,
    members: recordMembers,
    json: recordsJson,
    description: 'The answers: name, type, class, ttl, data, and what else the type has.',
    value: (transaction) => filled(outcome(transaction).answers),
  },
  'dns.authorities': {
    type: 'object',
    list: true,
    members: recordMembers,
    json: recordsJson,
    description: 'The authority records, with include_authorities.',
    value: (transaction) =>
      transaction.options.include_authorities ? filled(outcome(transaction).authorities) : undefined,
  },
  'dns.additionals': {
    type: 'object',
    list: true,
    members: recordMembers,
    json: recordsJson,
    description: 'The additional records, with include_additionals.',
    value: (transaction) =>
      transaction.options.include_additionals ? filled(outcome(transaction).additionals) : undefined,
  },
  'dns.resolved_ip': {
    type: 'ip',
    list: true,
    description: 'The addresses among the answers.',
    value: ({ relatedIps }) => filled(relatedIps),
  },
  ...optFields,
})
