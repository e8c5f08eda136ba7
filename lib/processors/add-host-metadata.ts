import { z } from 'zod'
import { isObject } from '../events/document.js'
import type { Document } from '../events/writer.js'
import { thisMachine } from '../machine/machine.js'
import { duration, MINUTE } from '../options/duration.js'
import { geoOption } from './geo.js'
import { netinfo, refreshed } from './machine-fields.js'
import { copier, mergeAt } from './merge.js'
import { defineProcessor } from './processor.js'

/** Adds what `host` says of this machine. */
export const addHostMetadata = defineProcessor({
  name: 'add_host_metadata',
  title: 'adds what is known of this machine',
  options: z.strictObject({
    netinfo: z
      .strictObject({ enabled: z.boolean().default(true).describe('Switches them on and off.') })
      .prefault({})
      .describe('Addresses: host.ip and host.mac.'),
    cache: z
      .strictObject({
        ttl: duration({ min: Number.NEGATIVE_INFINITY })
          .default(5 * MINUTE)
          .describe(
            'How old what is added may be; it is read anew in the background, once a second at most.',
          ),
      })
      .prefault({})
      .describe('How long to remember it.'),
    name: z.string().min(1).optional().describe('host.name; what the machine calls itself unless given.'),
    geo: geoOption(),
    replace_fields: z
      .boolean()
      .default(true)
      .describe('Also for events that have more of a host than its name, such as forwarded ones.'),
    expire_update_timeout: duration()
      .default(10e9)
      .describe('Accepted for upstream: nobody waits here for fresh values.'),
  }),
  create({ netinfo: net, cache, geo, name, replace_fields }, context) {
    const read = (): Document => ({
      ...thisMachine(),
      ...(net.enabled && netinfo()),
      ...(name !== undefined && { name }),
      ...(geo !== undefined && { geo }),
    })
    const host = refreshed(() => copier(read()), cache.ttl, context)
    const add = mergeAt('host')
    return (event) => {
      if (!replace_fields && hasMoreThanName(event.host)) return event
      if (!add(event, host()())) context.failed('the field host is there and no object')
      return event
    }
  },
})

const hasMoreThanName = (host: unknown): boolean =>
  isObject(host) && Object.keys(host).some((key) => key !== 'name')
