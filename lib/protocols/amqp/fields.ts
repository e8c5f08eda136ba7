import { defineFields, type Field, type Fields, filled, type Value } from '../../events/fields.js'
import { rememberedQuoted } from '../../events/json.js'
import type { FlagName, Flags } from './arguments.js'
import type { Properties } from './properties.js'
import { requestText, responseText } from './text.js'
import type { AmqpTransaction } from './transaction.js'

type Kind = Omit<Field<AmqpTransaction>, 'value' | 'description'>

/** A text that is mostly the same as in the event before. */
const name = (): Kind => ({ type: 'keyword', json: rememberedQuoted() })
const keyword: Kind = { type: 'keyword' }
const long: Kind = { type: 'long' }
const object: Kind = { type: 'object' }

/** Fields of one part of a transaction, which most transactions do not have. */
function part<P>(
  of: (transaction: AmqpTransaction) => P | undefined,
  fields: Readonly<Record<string, readonly [Kind, string, (part: P) => Value]>>,
): Fields<AmqpTransaction> {
  const entries = Object.entries(fields).map(([field, [kind, description, value]]) => [
    `amqp.${field}`,
    // It is asked of the part, which the type of a field does not tell.
    { ...kind, description, of, value: value as never },
  ])
  return Object.fromEntries(entries)
}

/** Flags of a method; `redelivered` is one of the answer to basic.get. */
function flags(descriptions: Partial<Record<FlagName, string>>): Fields<AmqpTransaction> {
  const entries = Object.entries(descriptions) as [FlagName, string][]
  const flag = (flag: FlagName) => (flags: Flags) => flags[flag]
  return part<Flags>(
    (transaction) => transaction.arguments.flags,
    Object.fromEntries(
      entries.map(([name, description]) => [name, [{ type: 'boolean' }, description, flag(name)]]),
    ),
  )
}

/** Arguments that few methods have. An answer tells what was agreed, so it stands before the call. */
function others(descriptions: Readonly<Record<string, readonly [Kind, string]>>): Fields<AmqpTransaction> {
  const entries = Object.entries(descriptions)
  const value =
    (name: string) =>
    ({ arguments: given, answer }: AmqpTransaction): Value =>
      answer?.more?.[name] ?? given.more?.[name]
  return part<AmqpTransaction>(
    (transaction) =>
      transaction.arguments.more === undefined && transaction.answer?.more === undefined
        ? undefined
        : transaction,
    Object.fromEntries(entries.map(([name, [kind, text]]) => [name, [kind, text, value(name)]])),
  )
}

export const fields = defineFields<AmqpTransaction>({
  method: {
    type: 'keyword',
    plain: true,
    description:
      'Class and method, such as basic.publish or queue.declare; LOGIN: all that is said until a connection is open.',
    value: ({ method }) => method.name,
  },
  'event.action': {
    type: 'keyword',
    plain: true,
    description: 'amqp. and the method; amqp.login.',
    value: ({ method }) => method.action,
  },
  request: {
    type: 'text',
    description:
      'With send_request: the body of what is published, or the method with its queue and exchange. A body that is no text is shown as its bytes in decimal.',
    value: (transaction) => (transaction.withRequest ? requestText(transaction) : undefined),
  },
  response: {
    type: 'text',
    description:
      'With send_response: the body of what is delivered, or OK, or the error that the server closed the channel with.',
    value: (transaction) => (transaction.withResponse ? responseText(transaction) : undefined),
  },
  'user.name': {
    ...name(),
    description: 'Who is logged in on the connection, or tries to: SASL PLAIN, AMQPLAIN.',
    value: ({ session }) => filled(session.user),
  },
  'related.user': {
    type: 'keyword',
    list: true,
    description: 'All users of the event.',
    value: ({ session, properties }) => users(session.user, properties?.userId),
  },
  'amqp.virtual-host': {
    ...name(),
    description: 'Virtual host of the connection: exchanges and queues are known by their names within it.',
    value: ({ session }) => session.virtualHost,
  },
  'amqp.exchange': {
    ...name(),
    description: 'Exchange that is published to or declared; none for the default exchange.',
    value: ({ arguments: given, answer }) => filled(given.exchange) ?? filled(answer?.exchange),
  },
  'amqp.routing-key': {
    ...name(),
    description: 'Routing key of a message or a binding.',
    value: ({ arguments: given, answer }) => given.routingKey ?? answer?.routingKey,
  },
  'amqp.queue': {
    ...name(),
    description:
      'Queue that is declared, bound or read from, with the name that the server gave it; of a delivery the one that its consumer reads from.',
    value: ({ arguments: given, answer }) => filled(answer?.queue) ?? filled(given.queue),
  },
  'amqp.consumer-tag': {
    ...name(),
    description: 'Name of a consumer on its channel, as the client or the server chose it.',
    value: ({ arguments: given, answer }) => filled(answer?.consumerTag) ?? filled(given.consumerTag),
  },
  'amqp.delivery-tag': {
    type: 'long',
    description: 'Number of a delivery on its channel, or of a message that is confirmed.',
    value: ({ arguments: given, answer }) => given.deliveryTag ?? answer?.deliveryTag,
  },
  'amqp.message-count': {
    type: 'long',
    description: 'Messages that are ready in the queue, were purged, or were deleted with it.',
    value: ({ arguments: given, answer }) => answer?.messageCount ?? given.messageCount,
  },
  'amqp.reply-code': {
    type: 'long',
    description: 'Why a message was returned, or a channel or connection closed: 404, 406, 530 ...',
    value: ({ arguments: given, answer }) => given.replyCode ?? answer?.replyCode,
  },
  'amqp.reply-text': {
    type: 'keyword',
    description: 'The same in words.',
    value: ({ arguments: given, answer }) => given.replyText ?? answer?.replyText,
  },
  'amqp.empty': {
    type: 'boolean',
    description: 'A basic.get found no message.',
    value: ({ empty }) => empty || undefined,
  },
  ...flags({
    passive: 'It is only asked whether it is there.',
    durable: 'It outlives a restart of the server.',
    exclusive: 'For this connection alone, or for this consumer.',
    'auto-delete': 'It is deleted when nobody uses it any more.',
    internal: 'Only other exchanges can publish to the exchange.',
    'no-wait': 'The client wants no answer.',
    'no-ack': 'A message counts as acknowledged when it was sent.',
    'no-local': 'No messages that were published on the same connection.',
    'if-unused': 'It is deleted only when nobody uses it.',
    'if-empty': 'It is deleted only when it has no messages.',
    multiple: 'All messages up to the delivery tag.',
    requeue: 'The message goes back to the queue.',
    mandatory: 'The message is returned when no queue takes it.',
    immediate: 'The message is returned when no consumer takes it.',
    global: 'For the channel, not for each consumer.',
    active: 'Messages may flow.',
    write: 'Leave to write is asked for.',
    read: 'Leave to read is asked for.',
  }),
  'amqp.redelivered': {
    type: 'boolean',
    description: 'The message may have been delivered before.',
    value: ({ arguments: given, answer }) => given.flags?.redelivered ?? answer?.flags?.redelivered,
  },
  ...part<Properties>(({ properties }) => properties, {
    'content-type': [name(), 'MIME type of the body.', ({ contentType }) => filled(contentType)],
    'content-encoding': [
      name(),
      'How the body is encoded, such as gzip.',
      ({ contentEncoding }) => filled(contentEncoding),
    ],
    headers: [object, 'Headers of the message.', ({ headers }) => present(headers)],
    'delivery-mode': [
      keyword,
      'persistent or non-persistent.',
      ({ deliveryMode }) =>
        deliveryMode === undefined ? undefined : deliveryMode === 2 ? 'persistent' : 'non-persistent',
    ],
    priority: [long, 'Priority of the message, 0 to 255.', ({ priority }) => priority],
    'correlation-id': [
      keyword,
      'What a reply and its request have in common.',
      ({ correlationId }) => filled(correlationId),
    ],
    'reply-to': [keyword, 'Queue that a reply goes to.', ({ replyTo }) => filled(replyTo)],
    expiration: [
      keyword,
      'Milliseconds after which the message is dropped.',
      ({ expiration }) => filled(expiration),
    ],
    'message-id': [keyword, 'Id of the message.', ({ messageId }) => filled(messageId)],
    timestamp: [keyword, 'When the message was made, to the second.', ({ timestamp }) => timestamp],
    type: [keyword, 'Kind of the message, as the application names it.', ({ type }) => filled(type)],
    'user-id': [
      keyword,
      'Who published the message; the server has checked it.',
      ({ userId }) => filled(userId),
    ],
    'app-id': [keyword, 'Application that published the message.', ({ appId }) => filled(appId)],
  }),
  'user.id': {
    type: 'keyword',
    description: 'The user-id of the message.',
    value: ({ properties }) => filled(properties?.userId),
  },
  ...others({
    'class-id': [long, 'Class of the method that a channel or connection was closed for.'],
    'method-id': [long, 'The method, within its class.'],
    'exchange-type': [keyword, 'direct, fanout, topic, headers, or of a plugin.'],
    source: [keyword, 'Exchange that messages come from, of exchange.bind and unbind.'],
    destination: [keyword, 'Exchange that messages go to, of exchange.bind and unbind.'],
    'consumer-count': [long, 'Consumers of the queue.'],
    arguments: [object, 'Arguments of the method, such as x-message-ttl.'],
    reason: [keyword, 'Why the server takes no messages, or the secret is changed.'],
    'prefetch-size': [long, 'Bytes that are delivered before they are acknowledged; 0: no limit.'],
    'prefetch-count': [long, 'Messages that are delivered before they are acknowledged; 0: no limit.'],
    realm: [keyword, 'What access is asked for to, in AMQP 0-9.'],
    'version-major': [long, 'Version of the protocol that the server begins with.'],
    'version-minor': [long, 'The same, after the point.'],
    'server-properties': [object, 'What the server says of itself.'],
    'client-properties': [object, 'What the client says of itself.'],
    mechanisms: [keyword, 'Ways to log in that the server offers.'],
    mechanism: [keyword, 'Way to log in that the client takes.'],
    locales: [keyword, 'Languages that the server offers.'],
    locale: [keyword, 'Language that the client takes.'],
    'channel-max': [long, 'Channels that a connection may have; 0: no limit.'],
    'frame-max': [long, 'Bytes that a frame may have; 0: no limit.'],
    heartbeat: [long, 'Seconds between heartbeats; 0: none.'],
  }),
})

/** An object that has something in it. */
const present = (table: object | undefined): object | undefined =>
  table === undefined || Object.keys(table).length === 0 ? undefined : table

function users(session: string | undefined, message: string | undefined): string[] | undefined {
  if (filled(session) === undefined) return filled(message) === undefined ? undefined : [message as string]
  return filled(message) === undefined || message === session
    ? [session as string]
    : [session as string, message as string]
}
