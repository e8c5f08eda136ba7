import { z } from 'zod'
import { defineProtocol } from '../protocol.js'
import { DnsDatagrams } from './datagrams.js'
import { fields } from './fields.js'
import { counters, share } from './shared.js'
import { DnsStream } from './stream.js'

const TCP = 6

export const dns = defineProtocol({
  name: 'dns',
  title: 'DNS over UDP and TCP, with EDNS, DNSSEC, updates and zone transfers',
  transports: ['tcp', 'udp'],
  ports: [53],
  options: z.strictObject({
    include_authorities: z
      .boolean()
      .default(false)
      .describe('Report the records of the authority section as dns.authorities.'),
    include_additionals: z
      .boolean()
      .default(false)
      .describe('Report the records of the additional section as dns.additionals.'),
  }),
  counters,
  fields,
  start(options, context) {
    const shared = share(options, context)
    return (endpoints) =>
      endpoints.protocol === TCP ? new DnsStream(endpoints, shared) : new DnsDatagrams(endpoints, shared)
  },
})
