import { z } from 'zod'
import { defineProtocol } from '../protocol.js'
import { SipDatagrams } from './datagrams.js'
import { fields } from './fields.js'
import { counters, share } from './shared.js'
import { SipStream } from './stream.js'

const TCP = 6

export const sip = defineProtocol({
  name: 'sip',
  title: 'SIP over UDP and TCP, with session descriptions: an event for each message',
  transports: ['udp', 'tcp'],
  ports: [5060],
  options: z.strictObject({
    parse_authorization: z
      .boolean()
      .default(true)
      .describe('Report who logs in and where, as sip.auth and user.name; never the hash of the password.'),
    parse_body: z.boolean().default(true).describe('Decode session descriptions (SDP).'),
    keep_original: z.boolean().default(true).describe('Put the whole message into event.original.'),
    transport_protocol: z
      .enum(['udp', 'tcp'])
      .default('udp')
      .describe('Accepted for the sake of old configurations: what a message is carried by is seen.'),
  }),
  counters,
  fields,
  constants: { 'event.type': ['info', 'protocol'] },
  start(options, context) {
    const shared = share(options, context)
    return (endpoints) =>
      endpoints.protocol === TCP ? new SipStream(endpoints, shared) : new SipDatagrams(endpoints, shared)
  },
})
