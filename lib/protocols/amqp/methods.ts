import {
  consumerTag,
  deliveryTag,
  exchange,
  flags,
  long,
  longString,
  messageCount,
  noLongString,
  noShort,
  octet,
  options,
  queue,
  type Read,
  replyCode,
  replyText,
  routingKey,
  short,
  shortString,
  user,
} from './arguments.js'

// Classes and methods; arguments at the end that mean nothing are left out. Spec: amqp0-9-1.xml; RabbitMQ, "AMQP 0-9-1 Extensions" (confirm, basic.nack, exchange.bind and
// unbind, connection.blocked, unblocked and update-secret); access is of 0-9, whose clients still ask for it.

/** Who may send a method. */
const CLIENT = 1
const SERVER = 2
const BOTH = 3

/**
 * - `call`: it is answered, but for its `no-wait`. `answer`: of the call that `of` names.
 * - `message`: its header and body follow. `notice`: it is not answered.
 */
export type Kind = 'call' | 'answer' | 'message' | 'notice'

export interface Method {
  /** Class and name: basic.publish. */
  name: string
  /** `event.action`. */
  action: string
  kind: Kind
  /** By direction, whether it may be sent. */
  by: readonly [boolean, boolean]
  read: readonly Read[]
  /** Of an answer: the call. */
  of: Method | undefined
  /** A message's header and body follow. */
  content: boolean
  /** A step of the login. */
  login: boolean
  /** What `hide_connection_information` hides while it goes well. */
  hidden: boolean
  /** connection.close or channel.close. */
  closes: boolean
}

// How connections and channels are negotiated, and what a client wants of a channel before it does something.
const hidden =
  /^(?:LOGIN|connection\.(?:start|secure|tune|open|close|update-secret)|channel\.(?:open|close)|basic\.qos)$/

/** By class and method number. */
const all: (Method | undefined)[][] = []

export const methodOf = (classId: number, methodId: number): Method | undefined => all[classId]?.[methodId]

/** An answer names its call. */
function method(name: string, by: number, kind: Kind, read: Read[], of?: Method, content = false): Method {
  return {
    name,
    action: `amqp.${name.toLowerCase()}`,
    kind,
    by: [(by & CLIENT) !== 0, (by & SERVER) !== 0],
    read,
    of,
    content: content || kind === 'message',
    login: /^connection\.(?:start|secure|tune|open)/.test(name),
    hidden: hidden.test(name),
    closes: name.endsWith('.close'),
  }
}

function define(classId: number, id: number, defined: Method): Method {
  const methods = all[classId] ?? []
  all[classId] = methods
  methods[id] = defined
  return defined
}

/** A call and its answer, whose number is the next one unless told. */
function call(
  classId: number,
  id: number,
  name: string,
  by: number,
  read: Read[],
  answer: Read[] = [],
  answerId = id + 1,
): Method {
  const asked = define(classId, id, method(name, by, 'call', read))
  const other = by === BOTH ? BOTH : BOTH & ~by
  define(classId, answerId, method(`${name}-ok`, other, 'answer', answer, asked))
  return asked
}

const notice = (classId: number, id: number, name: string, by: number, read: Read[]) =>
  define(classId, id, method(name, by, 'notice', read))
const message = (classId: number, id: number, name: string, by: number, read: Read[]) =>
  define(classId, id, method(name, by, 'message', read))

const CONNECTION = 10
const closing = [replyCode, replyText, short('class-id'), short('method-id')]
const limits = [short('channel-max'), long('frame-max'), short('heartbeat')]
call(
  CONNECTION,
  10,
  'connection.start',
  SERVER,
  [
    octet('version-major'),
    octet('version-minor'),
    options('server-properties'),
    longString('mechanisms'),
    longString('locales'),
  ],
  [options('client-properties'), shortString('mechanism'), user, shortString('locale')],
)
call(CONNECTION, 20, 'connection.secure', SERVER, [])
call(CONNECTION, 30, 'connection.tune', SERVER, limits, limits)
export const connectionOpen = call(CONNECTION, 40, 'connection.open', CLIENT, [shortString('virtual-host')])
export const connectionClose = call(CONNECTION, 50, 'connection.close', BOTH, closing)
notice(CONNECTION, 60, 'connection.blocked', SERVER, [shortString('reason')])
notice(CONNECTION, 61, 'connection.unblocked', SERVER, [])
call(CONNECTION, 70, 'connection.update-secret', CLIENT, [noLongString, shortString('reason')])

const CHANNEL = 20
call(CHANNEL, 10, 'channel.open', CLIENT, [])
call(CHANNEL, 20, 'channel.flow', BOTH, [flags('active')], [flags('active')])
call(CHANNEL, 40, 'channel.close', BOTH, closing)

const ACCESS = 30
const rights = flags('exclusive', 'passive', 'active', 'write', 'read')
call(ACCESS, 10, 'access.request', CLIENT, [shortString('realm'), rights])

const EXCHANGE = 40
const declared = flags('passive', 'durable', 'auto-delete', 'internal', 'no-wait')
const withArguments = options('arguments')
const between = [
  noShort,
  shortString('destination'),
  shortString('source'),
  routingKey,
  flags('no-wait'),
  withArguments,
]
call(EXCHANGE, 10, 'exchange.declare', CLIENT, [
  noShort,
  exchange,
  shortString('exchange-type'),
  declared,
  withArguments,
])
call(EXCHANGE, 20, 'exchange.delete', CLIENT, [noShort, exchange, flags('if-unused', 'no-wait')])
call(EXCHANGE, 30, 'exchange.bind', CLIENT, between)
call(EXCHANGE, 40, 'exchange.unbind', CLIENT, between, [], 51)

const QUEUE = 50
export const queueDeclare = call(
  QUEUE,
  10,
  'queue.declare',
  CLIENT,
  [noShort, queue, flags('passive', 'durable', 'exclusive', 'auto-delete', 'no-wait'), withArguments],
  [queue, messageCount, long('consumer-count')],
)
call(QUEUE, 20, 'queue.bind', CLIENT, [noShort, queue, exchange, routingKey, flags('no-wait'), withArguments])
call(QUEUE, 30, 'queue.purge', CLIENT, [noShort, queue, flags('no-wait')], [messageCount])
call(
  QUEUE,
  40,
  'queue.delete',
  CLIENT,
  [noShort, queue, flags('if-unused', 'if-empty', 'no-wait')],
  [messageCount],
)
call(QUEUE, 50, 'queue.unbind', CLIENT, [noShort, queue, exchange, routingKey, withArguments])

const BASIC = 60
call(BASIC, 10, 'basic.qos', CLIENT, [long('prefetch-size'), short('prefetch-count'), flags('global')])
export const basicConsume = call(
  BASIC,
  20,
  'basic.consume',
  CLIENT,
  [noShort, queue, consumerTag, flags('no-local', 'no-ack', 'exclusive', 'no-wait'), withArguments],
  [consumerTag],
)
export const basicCancel = call(
  BASIC,
  30,
  'basic.cancel',
  BOTH,
  [consumerTag, flags('no-wait')],
  [consumerTag],
)
export const basicPublish = message(BASIC, 40, 'basic.publish', CLIENT, [
  noShort,
  exchange,
  routingKey,
  flags('mandatory', 'immediate'),
])
export const basicReturn = message(BASIC, 50, 'basic.return', SERVER, [
  replyCode,
  replyText,
  exchange,
  routingKey,
])
export const basicDeliver = message(BASIC, 60, 'basic.deliver', SERVER, [
  consumerTag,
  deliveryTag,
  flags('redelivered'),
  exchange,
  routingKey,
])
export const basicGet = define(
  BASIC,
  70,
  method('basic.get', CLIENT, 'call', [noShort, queue, flags('no-ack')]),
)
const got = [deliveryTag, flags('redelivered'), exchange, routingKey, messageCount]
define(BASIC, 71, method('basic.get-ok', SERVER, 'answer', got, basicGet, true))
export const basicGetEmpty = define(BASIC, 72, method('basic.get-empty', SERVER, 'answer', [], basicGet))
export const basicAck = notice(BASIC, 80, 'basic.ack', BOTH, [deliveryTag, flags('multiple')])
export const basicReject = notice(BASIC, 90, 'basic.reject', CLIENT, [deliveryTag, flags('requeue')])
notice(BASIC, 100, 'basic.recover-async', CLIENT, [flags('requeue')])
call(BASIC, 110, 'basic.recover', CLIENT, [flags('requeue')])
export const basicNack = notice(BASIC, 120, 'basic.nack', BOTH, [deliveryTag, flags('multiple', 'requeue')])

const CONFIRM = 85
export const confirmSelect = call(CONFIRM, 10, 'confirm.select', CLIENT, [flags('no-wait')])

const TX = 90
call(TX, 10, 'tx.select', CLIENT, [])
call(TX, 20, 'tx.commit', CLIENT, [])
call(TX, 30, 'tx.rollback', CLIENT, [])

/** All that a client and a server say until the connection is open, as one call. */
export const login = method('LOGIN', CLIENT, 'call', [])
