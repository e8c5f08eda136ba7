import { z } from 'zod'
import { defineProtocol } from '../protocol.js'
import { DhcpConversation } from './conversation.js'
import { counters, Exchanges } from './exchanges.js'
import { fields } from './fields.js'

export const dhcpv4 = defineProtocol({
  name: 'dhcpv4',
  title: 'DHCP for IPv4 and BOOTP, with relay agents and lease queries',
  transports: ['udp'],
  ports: [67, 68],
  options: z.strictObject({}),
  counters,
  fields,
  start(_options, context) {
    const exchanges = new Exchanges(context)
    return (endpoints) => new DhcpConversation(endpoints, exchanges)
  },
})
