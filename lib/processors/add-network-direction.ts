import { z } from 'zod'
import { field } from '../events/document.js'
import { networkName, parseNetworks } from '../net/networks.js'
import { defineProcessor } from './processor.js'

/** Tells from two addresses whether traffic comes in, goes out, or stays. */
export const addNetworkDirection = defineProcessor({
  name: 'add_network_direction',
  title: 'tells the direction of the traffic',
  options: z.strictObject({
    source: z.string().min(1).describe('The field with the address that sends.'),
    destination: z.string().min(1).describe('The field with the address that receives.'),
    target: z.string().min(1).describe('Where the direction is put, usually network.direction.'),
    internal_networks: z.array(networkName).min(1).describe('What counts as inside.'),
  }),
  create({ source, destination, target, internal_networks }, context) {
    const from = field(source)
    const to = field(destination)
    const direction = field(target)
    const inside = parseNetworks(internal_networks)
    return (event) => {
      const sender = from.get(event)
      const receiver = to.get(event)
      if (typeof sender !== 'string' || typeof receiver !== 'string')
        context.failed(`${source} or ${destination} is no address`)
      else direction.put(event, directions[Number(inside(sender))]?.[Number(inside(receiver))])
      return event
    }
  },
})

// By whether the sender is inside, then whether the receiver is.
const directions = [
  ['external', 'inbound'],
  ['outbound', 'internal'],
]
