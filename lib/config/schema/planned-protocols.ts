import { existsSync } from 'node:fs'
import { z } from 'zod'
import { MINUTE } from '../../options/duration.js'
import { flag, oneOf, time, whole } from './planned-options.js'
import type { ProtocolShape } from './protocol.js'

const existingFile = z.string().superRefine((path, context) => {
  if (!existsSync(path))
    context.addIssue({ code: 'custom', message: `is a file that does not exist, ${path}` })
})

/** Its options are made when they are asked for. */
export type PlannedProtocol = Omit<ProtocolShape, 'options'> & { options: () => Record<string, z.ZodType> }

/** Protocols of Packetbeat that do not exist here yet, with the options they have there. */
export const plannedProtocols: readonly PlannedProtocol[] = [
  {
    name: 'amqp',
    title: 'AMQP 0-9-1',
    transports: ['tcp'],
    ports: [5672],
    options: () => ({
      max_body_length: whole(1000, 'Bytes of a message body that are kept.'),
      parse_headers: flag(true, 'Decode the properties of content headers.'),
      parse_arguments: flag(true, 'Decode the arguments of methods.'),
      hide_connection_information: flag(true, 'Leave out how connections and channels are negotiated.'),
    }),
  },
  { name: 'dhcpv4', title: 'DHCP for IPv4', transports: ['udp'], ports: [67, 68], options: () => ({}) },
  {
    name: 'nfs',
    title: 'NFS and ONC RPC',
    transports: ['tcp', 'udp'],
    ports: [2049],
    options: () => ({ transaction_timeout: time(MINUTE, 'How long a call waits for its reply.') }),
  },
  {
    name: 'sip',
    title: 'SIP',
    transports: ['udp', 'tcp'],
    ports: [5060],
    options: () => ({
      parse_authorization: flag(true, 'Decode the Authorization header.'),
      parse_body: flag(true, 'Decode SDP bodies.'),
      keep_original: flag(true, 'Put the message into `event.original`.'),
      transport_protocol: oneOf(['udp', 'tcp'], 'udp', 'What it is carried by.'),
    }),
  },
  {
    name: 'thrift',
    title: 'Apache Thrift',
    transports: ['tcp'],
    ports: [9090],
    options: () => ({
      transport_type: oneOf(['socket', 'framed'], 'socket', 'Transport.'),
      protocol_type: oneOf(['binary'], 'binary', 'Encoding.'),
      idl_files: z.array(existingFile).default([]).describe('Interface files, for names instead of numbers.'),
      string_max_size: whole(200, 'Characters of a text that are kept.'),
      collection_max_size: whole(15, 'Elements of a collection that are kept.'),
      drop_after_n_struct_fields: whole(500, 'Fields of a structure after which it is given up.'),
      capture_reply: flag(true, 'Decode replies.'),
      obfuscate_strings: flag(false, 'Hide texts.'),
    }),
  },
  {
    name: 'tls',
    title: 'TLS',
    transports: ['tcp'],
    ports: [443, 993, 995, 5223, 8443, 8883, 9243],
    options: () => ({
      send_certificates: flag(true, 'Put details of certificates into the event.'),
      include_raw_certificates: flag(false, 'Put the certificates as PEM into the event.'),
      include_detailed_fields: flag(true, 'Put `tls.detailed` and x509 fields into the event.'),
      fingerprints: z
        .array(z.enum(['md5', 'sha1', 'sha256', 'sha-1', 'sha-256']))
        .default(['sha1'])
        .describe('Hashes of certificates.'),
    }),
  },
]
