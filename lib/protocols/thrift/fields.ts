import { defineFields, filled, type Transaction } from '../../events/fields.js'
import { rememberedQuoted } from '../../events/json.js'

/** A call and its reply. */
export interface ThriftTransaction extends Transaction {
  method: string
  service: string | undefined
  /** In parentheses. */
  params: string
  /** What was returned, empty when that is nothing; undefined: there was no reply. */
  returned: string | undefined
  exceptions: string | undefined
  /** Who logs in. */
  user: string | undefined
  withRequest: boolean
  withResponse: boolean
}

const query = ({ method, params }: ThriftTransaction) => method + params
const quotedParams = rememberedQuoted()
const quotedMethod = rememberedQuoted()

/** The parameters are in `thrift.params` as well: they are printed once for both. */
function quotedQuery(text: string): string {
  const at = text.indexOf('(')
  return quotedMethod(text.slice(0, at)).slice(0, -1) + quotedParams(text.slice(at)).slice(1)
}

const answer = ({ returned, exceptions }: ThriftTransaction) =>
  exceptions === undefined ? returned : `Exceptions: ${exceptions}`

export const fields = defineFields<ThriftTransaction>({
  method: {
    type: 'keyword',
    description: 'The name of the method, without the service; SASL for a login.',
    json: rememberedQuoted(),
    value: ({ method }) => method,
  },
  path: {
    type: 'keyword',
    description: 'The service, as in thrift.service; empty when it is not known.',
    json: rememberedQuoted(),
    value: ({ service }) => service ?? '',
  },
  query: {
    type: 'keyword',
    description:
      'The call as one would write it: add(num1: 1, num2: 2), with numbers for names without idl_files.',
    json: quotedQuery,
    value: query,
  },
  'thrift.service': {
    type: 'keyword',
    description: 'The service, when the client names it (TMultiplexedProtocol) or idl_files do.',
    json: rememberedQuoted(),
    value: ({ service }) => service,
  },
  'thrift.params': {
    type: 'keyword',
    description: 'The arguments of the call, in parentheses.',
    json: quotedParams,
    value: ({ params }) => params,
  },
  'thrift.return_value': {
    type: 'keyword',
    description: 'What was returned; empty for a method that returns nothing, and for an exception.',
    value: ({ returned }) => returned,
  },
  'thrift.exceptions': {
    type: 'keyword',
    description: 'The exception that was thrown: one that the method declares, or a TApplicationException.',
    value: ({ exceptions }) => exceptions,
  },
  'user.name': {
    type: 'keyword',
    description: 'Who logs in with SASL and PLAIN.',
    value: ({ user }) => filled(user),
  },
  request: {
    type: 'text',
    description: 'The call, with send_request.',
    value: (transaction) => (transaction.withRequest ? query(transaction) : undefined),
  },
  response: {
    type: 'text',
    description: 'What was returned, or Exceptions: and the exception, with send_response.',
    value: (transaction) => (transaction.withResponse ? answer(transaction) : undefined),
  },
})
