import { type Endpoints, transportName } from './endpoints.js'
import { defineFields, type Fields, filled, type Transaction } from './fields.js'

/** Tells `network.direction` from two addresses; see events/direction.ts. */
export type DirectionOf = (source: string, destination: string) => string

/** Of `network.direction`. */
export const directions = [
  'ingress',
  'egress',
  'internal',
  'inbound',
  'outbound',
  'external',
  'unknown',
] as const

const statuses: readonly Transaction['status'][] = ['OK', 'Error', 'Client Error', 'Server Error', 'NO_REPLY']

type Side = 'source' | 'destination'

const ip = (side: Side) => (_: Transaction, endpoints: Endpoints) =>
  side === 'source' ? endpoints.sourceIp : endpoints.destinationIp
const port = (side: Side) => (_: Transaction, endpoints: Endpoints) =>
  filled(side === 'source' ? endpoints.sourcePort : endpoints.destinationPort)
const bytes = (side: Side) => (transaction: Transaction) =>
  filled(side === 'source' ? transaction.sourceBytes : transaction.destinationBytes)

function side(name: string, of: Side, who: string): Fields<Transaction> {
  return {
    [`${name}.ip`]: {
      type: 'ip',
      ...(name === of && { always: true }),
      description: `Address of ${who}.`,
      value: ip(of),
      ofConversation: true,
    },
    [`${name}.port`]: { type: 'long', description: `Port of ${who}.`, value: port(of), ofConversation: true },
    [`${name}.bytes`]: {
      type: 'long',
      description: `Bytes that ${who} sent in this transaction, without TCP and IP headers.`,
      value: bytes(of),
    },
  }
}

/** The fields that the events of all protocols have. */
export const commonFields = (direction: DirectionOf): Fields<Transaction> =>
  defineFields<Transaction>({
    '@timestamp': {
      type: 'date',
      always: true,
      description: 'When the first message of the transaction was seen, by the packet clock.',
      value: ({ start }) => start,
    },
    'event.start': {
      type: 'date',
      description: 'When the packet with the first byte of the request was captured.',
      value: ({ start }) => start,
    },
    'event.end': {
      type: 'date',
      description: 'When the packet with the first byte of the response was captured.',
      value: ({ end }) => end,
    },
    'event.duration': {
      type: 'long',
      description: 'Nanoseconds from the first byte of the request to the first byte of the response.',
      value: ({ start, end }) => (end === undefined || end < start ? undefined : end - start),
    },
    status: {
      type: 'keyword',
      plain: true,
      always: true,
      words: statuses,
      description:
        'OK, or Error when the protocol says so or a message is missing; of NFS NO_REPLY when the reply is missing.',
      value: ({ status }) => status,
    },
    'error.message': {
      type: 'text',
      list: 'or one',
      description: 'What was noticed about the transaction: a missing message, lost packets, a broken body.',
      value: ({ notes }) => (notes === undefined || notes.length > 1 ? filled(notes) : notes[0]),
    },
    ...side('source', 'source', 'the side that asks'),
    ...side('destination', 'destination', 'the side that answers'),
    ...side('client', 'source', 'the client'),
    ...side('server', 'destination', 'the server'),
    'network.type': {
      type: 'keyword',
      always: true,
      words: ['ipv4', 'ipv6'],
      description: 'ipv4 or ipv6.',
      value: (_, { ipVersion }) => `ipv${ipVersion}`,
      ofConversation: true,
    },
    'network.transport': {
      type: 'keyword',
      always: true,
      words: ['tcp', 'udp', 'icmp', 'ipv6-icmp'],
      description: 'tcp, udp, icmp or ipv6-icmp.',
      value: (_, { protocol }) => transportName(protocol),
      ofConversation: true,
    },
    'network.community_id': {
      type: 'keyword',
      description: 'Community ID, version 1, seed 0: the same for all tools that see this conversation.',
      value: (_, { communityId }) => filled(communityId),
      ofConversation: true,
    },
    'network.direction': {
      type: 'keyword',
      always: true,
      words: directions,
      description: 'ingress, egress, internal, inbound, outbound, external or unknown.',
      value: (_, { sourceIp, destinationIp }) => direction(sourceIp, destinationIp),
      ofConversation: true,
    },
    'network.bytes': {
      type: 'long',
      description: 'source.bytes and destination.bytes together.',
      value: ({ sourceBytes, destinationBytes }) => filled(sourceBytes + destinationBytes),
    },
    'related.ip': {
      type: 'ip',
      list: true,
      always: true,
      description: 'All addresses of the event.',
      value: (_, { sourceIp, destinationIp }) => [...new Set([sourceIp, destinationIp])],
      ofConversation: true,
      own: ({ relatedIps }, endpoints) => {
        if (relatedIps === undefined) return undefined
        const { sourceIp, destinationIp } = endpoints
        if (relatedIps.every((ip) => ip === sourceIp || ip === destinationIp)) return undefined
        return [...new Set([sourceIp, destinationIp, ...relatedIps])]
      },
    },
  })
