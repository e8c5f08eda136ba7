import { z } from 'zod'
import { defineProtocol } from '../protocol.js'
import { counters, IcmpConversation } from './conversation.js'
import { fields } from './fields.js'

export const icmp = defineProtocol({
  name: 'icmp',
  title: 'ICMP and ICMPv6: pings, errors and what routers and neighbours tell',
  transports: ['icmp'],
  ports: [],
  options: z.strictObject({}),
  counters,
  fields,
  constants: { 'event.type': ['connection'], 'network.protocol': undefined },
  start(_options, context) {
    const shared = IcmpConversation.shared(context)
    return (endpoints) => new IcmpConversation(endpoints, shared)
  },
})
