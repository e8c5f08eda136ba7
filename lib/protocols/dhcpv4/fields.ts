import type { Endpoints } from '../../events/endpoints.js'
import { defineFields, type Field, type FieldType, filled, type Value } from '../../events/fields.js'
import { hardwareTypeName } from './codes.js'
import type { Message } from './message.js'
import { PREFIX, valueAt } from './option.js'
import { codes, optionFields } from './options.js'
import type { DhcpTransaction } from './transaction.js'

type Item = Field<DhcpTransaction>

const of = (description: string, value: (message: Message) => Value, type: FieldType = 'keyword'): Item => ({
  type,
  description,
  value: ({ message }) => value(message),
})

/** Of what JSON writes as it is. */
const token = (description: string, value: (message: Message) => Value): Item => ({
  ...of(description, value),
  plain: true,
})

/** The source is who sent the packet, the destination where it went; the client is who sends BOOTREQUESTs. */
const side = (name: 'client' | 'server', who: string, sends: (message: Message) => boolean) => ({
  [`${name}.ip`]: {
    type: 'ip',
    description: `Address of ${who}, or of a relay agent in its place.`,
    value: ({ message }, { sourceIp, destinationIp }) => (sends(message) ? sourceIp : destinationIp),
  } satisfies Item,
  [`${name}.port`]: {
    type: 'long',
    description: `Port of ${who}.`,
    value: ({ message }, { sourcePort, destinationPort }: Endpoints) =>
      filled(sends(message) ? sourcePort : destinationPort),
  } satisfies Item,
  [`${name}.bytes`]: {
    type: 'long',
    description: `Bytes of the message, if ${who} sent it.`,
    value: ({ message, sourceBytes }) => (sends(message) ? filled(sourceBytes) : undefined),
  } satisfies Item,
})

const ETHERNET = 1

/** Names of the client, as it gives them or is given them. */
function hosts({ options }: Message): string[] | undefined {
  const hostname = valueAt(options?.values, codes.HOSTNAME) as string | undefined
  const fqdn = (valueAt(options?.values, codes.FQDN) as { name: string } | undefined)?.name
  return filled([
    ...new Set([hostname, fqdn].filter((name) => name !== undefined && name !== '')),
  ] as string[])
}

export const fields = defineFields<DhcpTransaction>({
  ...side('client', 'the client', ({ isReply }) => !isReply),
  ...side('server', 'the server', ({ isReply }) => isReply),
  'client.mac': token(
    'Hardware address of the client, if it is Ethernet and no relay agent stands for it.',
    ({ hardwareType, relayIp, clientMac }) =>
      hardwareType === ETHERNET && relayIp === '' ? filled(clientMac) : undefined,
  ),
  'related.hosts': {
    type: 'keyword',
    list: true,
    description: 'Names of the client.',
    value: ({ message }) => hosts(message),
  },
  'dhcpv4.op_code': token('bootrequest or bootreply.', ({ isReply }) =>
    isReply ? 'bootreply' : 'bootrequest',
  ),
  'dhcpv4.transaction_id': token(
    'What a request and its answers have in common: 0x and eight hexadecimal digits.',
    ({ transactionId }) => `0x${transactionId.toString(16).padStart(8, '0')}`,
  ),
  'dhcpv4.client_mac': token('Hardware address of the client.', ({ clientMac }) => filled(clientMac)),
  'dhcpv4.hardware_type': token('Kind of that address, such as Ethernet.', ({ hardwareType }) =>
    hardwareTypeName(hardwareType),
  ),
  'dhcpv4.hops': of('Relay agents on the way.', ({ hops }) => hops, 'long'),
  'dhcpv4.seconds': of('Seconds since the client began to ask.', ({ seconds }) => seconds, 'long'),
  'dhcpv4.flags': token('How the client can take an answer: unicast or broadcast.', ({ broadcast }) =>
    broadcast ? 'broadcast' : 'unicast',
  ),
  'dhcpv4.client_ip': of('Address the client has and uses.', ({ clientIp }) => filled(clientIp), 'ip'),
  'dhcpv4.assigned_ip': of('Address it is offered or given.', ({ assignedIp }) => filled(assignedIp), 'ip'),
  'dhcpv4.server_ip': of('Server to boot from next.', ({ serverIp }) => filled(serverIp), 'ip'),
  'dhcpv4.relay_ip': of('Relay agent nearest to the client.', ({ relayIp }) => filled(relayIp), 'ip'),
  'dhcpv4.server_name': of('Name of the server to boot from.', ({ serverName }) => filled(serverName)),
  'dhcpv4.boot_file_name': of('File to boot from.', ({ bootFileName }) => filled(bootFileName)),
  'dhcpv4.response_time': {
    type: 'long',
    description: 'Of an answer: nanoseconds since its request. Each of several servers has its own.',
    value: ({ responseTime }) => responseTime,
  },
  ...optionFields,
  [`${PREFIX}other`]: {
    type: 'keyword',
    list: true,
    description:
      'Options without a field, or with data of another kind than they should have: number and bytes.',
    value: ({ message }) => filled(message.options?.other),
  },
})
