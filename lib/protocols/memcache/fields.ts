import { defineFields, type Field, type Transaction } from '../../events/fields.js'
import { quotedList } from '../../events/json.js'
import type { Ordered } from '../../transactions/in-order.js'
import type { Details, Request, Response } from './message.js'
import { shown, shownJson, type Whole } from './numbers.js'
import { statusName } from './opcodes.js'

/** A request and its answer; one of them may be missing. */
export interface MemcacheTransaction extends Transaction, Ordered {
  request: Request | undefined
  response: Response | undefined
  /** More was said than the event lists. */
  cut: boolean
}

type Item = Field<MemcacheTransaction>

/** A number that may be too great for a double. */
const number = (
  description: string,
  value: (transaction: MemcacheTransaction) => Whole | undefined,
): Item => ({
  type: 'long',
  description,
  value: (transaction) => shown(value(transaction)),
  json: shownJson,
})

const counted = (
  description: string,
  value: (transaction: MemcacheTransaction) => number | undefined,
): Item => ({ type: 'long', description, value })

const detail = (description: string, name: keyof Details): Item => ({
  type: 'keyword',
  description,
  value: ({ request }) => request?.details?.[name] as string | undefined,
})

const keys = (
  description: string,
  value: (transaction: MemcacheTransaction) => readonly string[] | undefined,
): Item => ({
  type: 'keyword',
  list: true,
  description,
  value,
  json: quotedList,
})

const isQuietMeta = ({ quiet, command }: Request): boolean => quiet && command.syntax.startsWith('meta')

const base64 = (texts: readonly string[]): string => `["${texts.join('","')}"]`

export const fields = defineFields<MemcacheTransaction>({
  'event.action': {
    type: 'keyword',
    plain: true,
    description: 'memcache. and what the request does: load, store, delete, counter, info, stats, auth ...',
    value: ({ request }) => request?.command.action,
  },
  'event.outcome': {
    type: 'keyword',
    plain: true,
    description: 'success or failure, by what the server answered; absent without an answer.',
    value: ({ response }) =>
      response === undefined ? undefined : response.status === 'OK' ? 'success' : 'failure',
  },
  'user.name': {
    type: 'keyword',
    description: 'Who logs in, where the protocol says it in the clear. Passwords are never shown.',
    value: ({ request }) => (request?.command.type === 'Auth' ? request.user : undefined),
  },
  'memcache.protocol_type': {
    type: 'keyword',
    plain: true,
    description: 'text or binary.',
    value: ({ request, response }) =>
      (request === undefined ? response?.header : request.header) === undefined ? 'text' : 'binary',
  },

  'memcache.request.command': {
    type: 'keyword',
    plain: true,
    description: 'The command: get, set, slabs reassign ...; UNKNOWN for one that no list has.',
    value: ({ request }) => request?.command.name,
  },
  'memcache.request.type': {
    type: 'keyword',
    plain: true,
    description:
      'What it does: Load, Store, Delete, Counter, Info, Stats, SlabCtrl, LRUCrawler, Auth or UNKNOWN.',
    value: ({ request }) => request?.command.type,
  },
  'memcache.request.line': detail('The line of an unknown command.', 'line'),
  'memcache.request.opcode': {
    type: 'keyword',
    plain: true,
    description: 'Binary protocol: the command as the specification names it.',
    value: ({ request }) => request?.header?.opcode.name,
  },
  'memcache.request.opcode_value': counted(
    'Binary protocol: the number of the command.',
    ({ request }) => request?.header?.opcode.value,
  ),
  'memcache.request.opaque': counted(
    'Binary protocol: what the answer repeats.',
    ({ request }) => request?.header?.opaque,
  ),
  'memcache.request.vbucket': counted(
    'Binary protocol: the virtual bucket.',
    ({ request }) => request?.header?.vbucket,
  ),
  'memcache.request.quiet': {
    type: 'boolean',
    description: 'Binary and meta commands: it is answered only when something is amiss, or found.',
    value: ({ request }) =>
      request?.header?.opcode.quiet ?? (request !== undefined && isQuietMeta(request) ? true : undefined),
  },
  'memcache.request.noreply': {
    type: 'boolean',
    description: 'Text protocol: the client wants no answer.',
    value: ({ request }) => request?.noreply,
  },
  'memcache.request.keys': keys('The keys that are asked for or changed.', ({ request }) => request?.keys),
  'memcache.request.bytes': counted('Bytes of the value that is stored.', ({ request }) => request?.bytes),
  'memcache.request.count_values': counted('Values in the request.', ({ request }) =>
    request?.bytes === undefined ? undefined : 1,
  ),
  'memcache.request.values': {
    type: 'keyword',
    list: true,
    description: 'The values that are stored, in base64; with maxvalues.',
    value: ({ request }) => request?.values,
    json: base64,
  },
  'memcache.request.flags': number('What the client notes about the value.', ({ request }) => request?.flags),
  'memcache.request.exptime': number(
    'Seconds the item is to live, or when it expires.',
    ({ request }) => request?.exptime,
  ),
  'memcache.request.cas_unique': number(
    'The version of the item that may be replaced.',
    ({ request }) => request?.cas,
  ),
  'memcache.request.delta': number('What a counter is changed by.', ({ request }) => request?.details?.delta),
  'memcache.request.initial': number(
    'What a new counter begins with.',
    ({ request }) => request?.details?.initial,
  ),
  'memcache.request.verbosity': number('Level of the log.', ({ request }) => request?.details?.verbosity),
  'memcache.request.sleep_us': number(
    'Microseconds that the LRU crawler sleeps between items.',
    ({ request }) => request?.details?.sleep,
  ),
  'memcache.request.raw_args': detail('What stands after an administrative command.', 'args'),
  'memcache.request.meta_flags': detail('The flags of a meta command, with their values.', 'metaFlags'),
  'memcache.request.source_class': number(
    'Slab class that a page is taken from.',
    ({ request }) => request?.details?.sourceClass,
  ),
  'memcache.request.dest_class': number(
    'Slab class that a page is given to.',
    ({ request }) => request?.details?.destClass,
  ),
  'memcache.request.automove': detail('How pages are moved: standby, slow or aggressive.', 'automove'),

  'memcache.response.command': {
    type: 'keyword',
    plain: true,
    description:
      'Text protocol: the first word of the answer; <counter_op_res> for a number, <list> for lines of a list. Binary: the command.',
    value: ({ response }) => response?.command,
  },
  'memcache.response.type': {
    type: 'keyword',
    plain: true,
    description: 'What it says: Success, Fail, or as the type of the request.',
    value: ({ response }) => response?.type,
  },
  'memcache.response.line': {
    type: 'keyword',
    description: 'An answer that no list has.',
    value: ({ response }) => response?.line,
  },
  'memcache.response.error_msg': {
    type: 'keyword',
    description: 'What the server says about a failure.',
    value: ({ response }) => response?.error,
  },
  'memcache.response.opcode': {
    type: 'keyword',
    plain: true,
    description: 'Binary protocol: the command as the specification names it.',
    value: ({ response }) => response?.header?.opcode.name,
  },
  'memcache.response.opcode_value': counted(
    'Binary protocol: the number of the command.',
    ({ response }) => response?.header?.opcode.value,
  ),
  'memcache.response.opaque': counted(
    'Binary protocol: what the request said.',
    ({ response }) => response?.header?.opaque,
  ),
  'memcache.response.status': {
    type: 'keyword',
    plain: true,
    description: 'Binary protocol: the status as the specification names it.',
    value: ({ response }) =>
      response?.header === undefined ? undefined : statusName(response.header.status),
  },
  'memcache.response.status_code': counted(
    'Binary protocol: the number of the status.',
    ({ response }) => response?.header?.status,
  ),
  'memcache.response.keys': keys('The keys that were found.', ({ response }) => response?.keys),
  'memcache.response.bytes': counted('Bytes of all values.', ({ response }) => response?.bytes),
  'memcache.response.count_values': counted(
    'Values in the answer, or lines of a list.',
    ({ response }) => response?.count,
  ),
  'memcache.response.values': {
    type: 'keyword',
    list: true,
    description: 'The values, in base64; with maxvalues.',
    value: ({ response }) => response?.values,
    json: base64,
  },
  'memcache.response.flags': number(
    'What clients noted about the (first) value.',
    ({ response }) => response?.flags,
  ),
  'memcache.response.cas_unique': number('The version of the (first) item.', ({ response }) => response?.cas),
  'memcache.response.value': number('What a counter has become.', ({ response }) => response?.value),
  'memcache.response.stats': {
    type: 'object',
    list: true,
    description: 'Statistics, each with its name and value.',
    members: {
      name: { type: 'keyword', always: true, description: 'What is counted.' },
      value: { type: 'keyword', always: true, description: 'How much of it.' },
    },
    value: ({ response }) => response?.stats,
  },
  'memcache.response.version': {
    type: 'keyword',
    description: 'The version of the server.',
    value: ({ response }) => response?.version,
  },
  'memcache.response.meta_flags': {
    type: 'keyword',
    description: 'The flags of an answer to a meta command, with their values.',
    value: ({ response }) => response?.metaFlags,
  },
})
