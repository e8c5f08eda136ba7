// Leaves the network of addresses, and not who it was: /24 of IPv4, /48 of IPv6.
import { defineProcessor, field, z } from 'packetbeat-native'

export const shortenAddresses = defineProcessor({
  name: 'shorten_addresses',
  title: 'leaves the network of addresses',
  options: z.strictObject({
    fields: z.array(z.string()).default(['source.ip', 'client.ip', 'related.ip']).describe('Which fields.'),
  }),
  create({ fields }) {
    const all = fields.map(field)
    return (event) => {
      for (const each of all) {
        const value = each.get(event)
        if (value !== undefined) each.put(event, Array.isArray(value) ? value.map(shorten) : shorten(value))
      }
      return event
    }
  },
})

const shorten = (address) =>
  address.includes(':')
    ? `${address.split('::')[0].split(':').slice(0, 3).join(':')}::`
    : `${address.split('.').slice(0, 3).join('.')}.0`
