import { type DirectionOf, directions } from '../events/common.js'
import { transportName } from '../events/endpoints.js'
import { defineFields, type Fields, filled } from '../events/fields.js'
import type { Origin } from '../events/writer.js'
import type { Flow } from './flow.js'

/** One value as it is, several as a list: of a tunnel the outermost comes first. */
const oneOrMore = <V>(values: V[]): V | V[] | undefined => (values.length === 1 ? values[0] : filled(values))

type Side = 'source' | 'destination'

function side(name: Side, who: string): Fields<Flow, Origin> {
  return {
    [`${name}.mac`]: {
      type: 'keyword',
      description: `Hardware address of ${who}.`,
      value: (flow) => filled(flow[`${name}Mac`]),
    },
    [`${name}.ip`]: {
      type: 'ip',
      list: 'or one',
      description: `Address of ${who}; in a tunnel all of them, the outermost first.`,
      value: (flow) => oneOrMore(flow[`${name}Ips`]),
    },
    [`${name}.port`]: {
      type: 'long',
      description: `TCP, UDP or SCTP port of ${who}.`,
      value: (flow) => filled(flow[`${name}Port`]),
    },
    [`${name}.bytes`]: {
      type: 'long',
      description: `Bytes of all frames from ${who}, headers included.`,
      value: (flow) => filled(flow[`${name}Bytes`]),
    },
    [`${name}.packets`]: {
      type: 'long',
      description: `Frames from ${who}.`,
      value: (flow) => filled(flow[`${name}Packets`]),
    },
  }
}

/** The fields of flow events. */
export const flowFields = (direction: DirectionOf): Fields<Flow, Origin> =>
  defineFields<Flow, Origin>({
    '@timestamp': {
      type: 'date',
      always: true,
      description: 'When the flow was reported, by the packet clock.',
      value: ({ reported }) => reported,
    },
    'event.type': {
      type: 'keyword',
      always: true,
      list: true,
      description: 'connection; and end, in the last report of the flow.',
      words: ['connection', 'end'],
      value: ({ final }) => (final ? ['connection', 'end'] : ['connection']),
    },
    'event.start': {
      type: 'date',
      always: true,
      description: 'Time of the first packet.',
      value: ({ start }) => start,
    },
    'event.end': {
      type: 'date',
      always: true,
      description: 'Time of the last packet.',
      value: ({ end }) => end,
    },
    'event.duration': {
      type: 'long',
      always: true,
      description: 'Nanoseconds from the first packet to the last.',
      value: ({ start, end }) => end - start,
    },
    'flow.id': {
      type: 'keyword',
      always: true,
      description: 'Made of all addresses of the flow.',
      value: ({ id }) => id,
    },
    'flow.final': {
      type: 'boolean',
      always: true,
      description: 'True in the last report of the flow.',
      value: ({ final }) => final,
    },
    'flow.vlan': {
      type: 'long',
      list: 'or one',
      description: 'VLAN number, the outer one first where there are two.',
      value: ({ vlans }) => oneOrMore(vlans),
    },
    'flow.tcp.handshake': {
      type: 'long',
      description:
        'Nanoseconds from the SYN to the ACK that ends the handshake: the round trip as seen here.',
      value: ({ handshake }) => (handshake < 0 ? undefined : handshake),
    },
    'flow.tcp.retransmissions': {
      type: 'long',
      description: 'TCP segments that were sent again.',
      value: ({ retransmissions }) => filled(retransmissions),
    },
    'flow.tcp.out_of_order': {
      type: 'long',
      description: 'TCP segments that came before their predecessors.',
      value: ({ outOfOrder }) => filled(outOfOrder),
    },
    'flow.tcp.zero_windows': {
      type: 'long',
      description: 'Times a side said that it can take no more.',
      value: ({ zeroWindows }) => filled(zeroWindows),
    },
    'flow.tcp.resets': { type: 'long', description: 'TCP resets.', value: ({ resets }) => filled(resets) },
    'flow.tcp.end': {
      type: 'keyword',
      words: ['fin', 'reset'],
      description: 'How the connection ended: fin or reset.',
      value: ({ tcpEnd }) => filled(tcpEnd),
    },
    ...side('source', 'the sender of the first packet'),
    ...side('destination', 'the other side'),
    'network.type': {
      type: 'keyword',
      words: ['ipv4', 'ipv6'],
      description: 'ipv4 or ipv6, of the outermost header.',
      value: ({ sourceIps: [ip] }) => (ip === undefined ? undefined : ip.includes(':') ? 'ipv6' : 'ipv4'),
    },
    'network.transport': {
      type: 'keyword',
      words: ['tcp', 'udp', 'icmp', 'ipv6-icmp', 'sctp'],
      description: 'tcp, udp, icmp, ipv6-icmp or sctp.',
      value: ({ transport }) => transportName(transport),
    },
    'network.community_id': {
      type: 'keyword',
      description: 'Community ID, version 1, seed 0.',
      value: ({ communityId }) => filled(communityId),
    },
    'network.direction': {
      type: 'keyword',
      words: directions,
      description: 'ingress, egress, internal, inbound, outbound, external or unknown.',
      value: ({ sourceIps: [source], destinationIps: [destination] }) =>
        source === undefined || destination === undefined ? undefined : direction(source, destination),
    },
    'network.bytes': {
      type: 'long',
      description: 'source.bytes and destination.bytes together.',
      value: ({ sourceBytes, destinationBytes }) => filled(sourceBytes + destinationBytes),
    },
    'network.packets': {
      type: 'long',
      description: 'source.packets and destination.packets together.',
      value: ({ sourcePackets, destinationPackets }) => filled(sourcePackets + destinationPackets),
    },
    'related.ip': {
      type: 'ip',
      list: true,
      description: 'All addresses of the flow.',
      value: ({ sourceIps, destinationIps }) => filled([...new Set([...sourceIps, ...destinationIps])]),
    },
  })
