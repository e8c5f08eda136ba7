import { z } from 'zod'
import { duration, MILLISECOND, SECOND } from '../../options/duration.js'
import { ports } from '../../options/values.js'
import type { Protocol } from '../../protocols/protocol.js'
import { entryShape } from './entry-options.js'

export type Transport = Protocol['transports'][number]

/** The options that all protocols share; made once for all of them, since schemas are dear to make. */
export const commonShape = (processors: z.ZodType): Record<string, z.ZodType> => ({
  enabled: z.boolean().default(true).describe('Switches the entry on and off.'),
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
  ...entryShape('the events of this entry', processors),
  interface: z
    .strictObject({ device: z.string().optional().describe('The device, as in `packetbeat.interfaces`.') })
    .prefault({})
    .describe('Decode this entry only on one of several configured interfaces.'),
})

/** An entry of `packetbeat.protocols`: the options all protocols share, and its own. */
export function protocolSchema(protocol: Protocol, common: Record<string, z.ZodType>): z.ZodObject {
  const { name, title, transports, options } = protocol
  const listening = transports.some((transport) => transport !== 'icmp')
  const shape = {
    ...typeShape(name),
    ...(listening && {
      ports: ports()
        .default([...protocol.ports])
        .describe('Server ports whose traffic is decoded as this protocol.'),
    }),
    ...common,
  }
  // An option of the protocol itself wins: it knows better defaults.
  const own = Object.fromEntries(Object.entries(shape).filter(([key]) => !(key in options.shape)))
  return options.safeExtend(own).strict().describe(title) as unknown as z.ZodObject
}

/** What tells entries apart. */
export const typeShape = (name: string) => ({ type: z.literal(name).describe('Which protocol.') })
