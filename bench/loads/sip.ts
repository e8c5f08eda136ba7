import type { Talk } from '../../test/live/support/record.js'
import { client, sip } from '../../test/live/support/sip.js'

const CALLS = 20_000
// INVITE, 180, 200, ACK, BYE, 200.
const MESSAGES = 6

/** Calls over UDP between two phones, with session descriptions; each message is an event. */
export const load: Talk = {
  port: 5060,
  serve: (network) => sip(network, { call: 5060 }),
  run: async (network) => {
    const asked = { scenario: 'call', transport: 'u1', calls: CALLS, rate: 1000 } as const
    await network.ask(client(network, { ...asked, host: network.ip4 }))
    return CALLS * MESSAGES
  },
}
