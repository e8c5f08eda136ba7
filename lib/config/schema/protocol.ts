import { z } from 'zod'
import { duration, MILLISECOND, SECOND } from '../../options/duration.js'
import { ports } from '../../options/values.js'
import type { Protocol } from '../../protocols/protocol.js'
import { entryShape } from './entry-options.js'

export type Transport = Protocol['transports'][number]

/** What a schema of an entry is made from; protocols that do not exist yet have that much too. */
export type ProtocolShape = Pick<Protocol, 'name' | 'title' | 'transports' | 'ports' | 'options'>

/** An entry of `packetbeat.protocols`: the options all protocols share, and its own. */
export function protocolSchema(protocol: ProtocolShape, processors: z.ZodType): z.ZodObject {
  const { name, transports } = protocol
  const listening = transports.some((transport) => transport !== 'icmp')
  const shape = {
    type: z.literal(name).describe('Which protocol.'),
    enabled: z.boolean().default(true).describe('Switches the entry on and off.'),
    ...(listening && {
      ports: ports()
        .default([...protocol.ports])
        .describe('Server ports whose traffic is decoded as this protocol.'),
    }),
    send_request: z
      .boolean()
      .default(false)
      .describe('Put the request as it was sent into the field `request`.'),
    send_response: z
      .boolean()
      .default(false)
      .describe('Put the response as it was sent into the field `response`.'),
    transaction_timeout: duration({ min: MILLISECOND })
      .default(10 * SECOND)
      .describe('How long a request waits for its response; then it is reported without one.'),
    ...entryShape(`the events of this entry`, processors),
    interface: z
      .strictObject({ device: z.string().optional().describe('The device, as in `packetbeat.interfaces`.') })
      .prefault({})
      .describe('Decode this entry only on one of several configured interfaces.'),
  }
  // An option of the protocol itself wins: it knows better defaults.
  const own = Object.fromEntries(Object.entries(shape).filter(([key]) => !(key in protocol.options.shape)))
  return protocol.options.safeExtend(own).strict().describe(protocol.title) as unknown as z.ZodObject
}
