import type { Talk } from '../../test/live/support/record.js'
import { ask, type Scenario, sip, type Transport } from '../../test/live/support/sip.js'

const port = 5060

/** What clients of SIPp do, one after the other; the number of messages does not matter here. */
const talk = (scenario: Scenario, ...transports: Transport[]): Talk => ({
  port,
  serve: (network) => sip(network, { [scenario]: port }),
  run: async (network) => {
    for (const transport of transports)
      await ask(network, { scenario, transport, port, host: network.ip4, calls: 1 })
    return 0
  },
})

export const talks: Readonly<Record<string, Talk>> = {
  call: talk('call', 'u1', 't1'),
  'services-udp': talk('services', 'u1'),
  'services-tcp': talk('services', 't1'),
}
