import { defineProtocol } from '../protocol.js'
import { HttpConversation } from './conversation.js'
import { counters } from './counters.js'
import { fields } from './fields.js'
import { options, settings } from './options.js'

export const http = defineProtocol({
  name: 'http',
  title: 'HTTP/1.0 and HTTP/1.1: pipelining, chunked and coded bodies, upgrades and tunnels',
  transports: ['tcp'],
  ports: [80, 8080, 8000, 5000, 8002],
  options,
  counters,
  fields,
  start(given, context) {
    const shared = HttpConversation.shared(settings(given), context)
    return (endpoints) => new HttpConversation(endpoints, shared)
  },
})
