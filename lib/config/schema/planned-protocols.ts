import { existsSync } from 'node:fs'
import { z } from 'zod'
import { HOUR, MINUTE, SECOND } from '../../options/duration.js'
import { flag, oneOf, text, texts, time, whole } from './planned-options.js'
import type { ProtocolShape } from './protocol.js'

const cassandraOperations = [
  'ERROR',
  'STARTUP',
  'READY',
  'AUTHENTICATE',
  'OPTIONS',
  'SUPPORTED',
  'QUERY',
  'RESULT',
  'PREPARE',
  'EXECUTE',
  'REGISTER',
  'EVENT',
  'BATCH',
  'AUTH_CHALLENGE',
  'AUTH_RESPONSE',
  'AUTH_SUCCESS',
] as const

const rows = () => ({
  max_rows: whole(10, 'Rows of a result that are kept.'),
  max_row_length: whole(1024, 'Bytes of a row that are kept.'),
})

const existingFile = z.string().superRefine((path, context) => {
  if (!existsSync(path))
    context.addIssue({ code: 'custom', message: `is a file that does not exist, ${path}` })
})

/** Its options are made when they are asked for. */
export type PlannedProtocol = Omit<ProtocolShape, 'options'> & { options: () => Record<string, z.ZodType> }

const table: readonly PlannedProtocol[] = [
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
  {
    name: 'cassandra',
    title: 'Cassandra native protocol',
    transports: ['tcp'],
    ports: [9042],
    options: () => ({
      send_request: flag(true, 'Put the request into the event.'),
      send_response: flag(true, 'Put the response into the event.'),
      send_request_header: flag(true, 'Put the header of the request frame into the event.'),
      send_response_header: flag(true, 'Put the header of the response frame into the event.'),
      compressor: oneOf(['snappy', ''], '', 'How frames are compressed.'),
      ignored_ops: z.array(z.enum(cassandraOperations)).default([]).describe('Operations that are left out.'),
    }),
  },
  { name: 'dhcpv4', title: 'DHCP for IPv4', transports: ['udp'], ports: [67, 68], options: () => ({}) },
  {
    name: 'dns',
    title: 'DNS',
    transports: ['udp', 'tcp'],
    ports: [53],
    options: () => ({
      include_authorities: flag(false, 'Put the authority section into the event.'),
      include_additionals: flag(false, 'Put the additional section into the event.'),
    }),
  },
  {
    name: 'http',
    title: 'HTTP/1',
    transports: ['tcp'],
    ports: [80, 8080, 8000, 5000, 8002],
    options: () => ({
      send_headers: texts('Headers that are put into the event.'),
      send_all_headers: flag(false, 'Put all headers into the event.'),
      redact_headers: texts('Headers whose value is hidden.'),
      redact_authorization: flag(false, 'Hide Authorization and Proxy-Authorization.'),
      hide_keywords: texts('Parameters whose value is hidden.'),
      include_body_for: texts('Content types whose body is put into the event.'),
      include_request_body_for: texts('The same for requests.'),
      include_response_body_for: texts('The same for responses.'),
      decode_body: flag(true, 'Undo the compression of bodies.'),
      split_cookie: flag(false, 'Make an object of cookies.'),
      real_ip_header: text("The header that holds the client's address."),
      max_message_size: whole(10_485_760, 'Bytes of a message that are kept.'),
    }),
  },
  { name: 'icmp', title: 'ICMP', transports: ['icmp'], ports: [], options: () => ({}) },
  {
    name: 'memcache',
    title: 'Memcached',
    transports: ['tcp', 'udp'],
    ports: [11211],
    options: () => ({
      parseunknown: flag(false, 'Accept text commands that are not known.'),
      maxvalues: whole(0, 'Values that are kept; -1: all.', -1),
      maxbytespervalue: z.int().optional().describe('Bytes of a value that are kept.'),
      udptransactiontimeout: time(10 * SECOND, 'How long a request over UDP waits for its response.'),
    }),
  },
  {
    name: 'mongodb',
    title: 'MongoDB wire protocol',
    transports: ['tcp'],
    ports: [27017],
    options: () => ({
      max_docs: whole(10, 'Documents of a response that are kept; 0: all.'),
      max_doc_length: whole(5000, 'Characters of a document that are kept; 0: all.'),
    }),
  },
  {
    name: 'mysql',
    title: 'MySQL and MariaDB',
    transports: ['tcp'],
    ports: [3306, 3307],
    options: () => ({
      ...rows(),
      statement_timeout: time(HOUR, 'How long prepared statements are remembered.'),
    }),
  },
  {
    name: 'nfs',
    title: 'NFS and ONC RPC',
    transports: ['tcp', 'udp'],
    ports: [2049],
    options: () => ({ transaction_timeout: time(MINUTE, 'How long a call waits for its reply.') }),
  },
  { name: 'pgsql', title: 'PostgreSQL', transports: ['tcp'], ports: [5432], options: rows },
  {
    name: 'redis',
    title: 'Redis',
    transports: ['tcp'],
    ports: [6379],
    options: () => ({
      queue_max_bytes: whole(1_048_576, 'Bytes of commands that wait for answers; 0: no limit.'),
      queue_max_messages: whole(20_000, 'Commands that wait for answers; 0: no limit.'),
    }),
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

/** Protocols of Packetbeat with the options they have there; those that exist here as well are not taken from this list. */
export const plannedProtocols: readonly PlannedProtocol[] = table
