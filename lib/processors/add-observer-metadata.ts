import { hostname } from 'node:os'
import { z } from 'zod'
import type { Document } from '../events/writer.js'
import { duration, MINUTE } from '../options/duration.js'
import { geoOption } from './geo.js'
import { netinfo, refreshed } from './machine-fields.js'
import { copier, mergeAt } from './merge.js'
import { defineProcessor } from './processor.js'

/** Adds `observer`: who watches, for events about the traffic of others. */
export const addObserverMetadata = defineProcessor({
  name: 'add_observer_metadata',
  title: 'adds what is known of this machine as an observer',
  options: z.strictObject({
    netinfo: z
      .strictObject({ enabled: z.boolean().default(true).describe('Switches them on and off.') })
      .prefault({})
      .describe('Addresses: observer.ip and observer.mac.'),
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
    geo: geoOption(),
    overwrite: z.boolean().default(false).describe('Also for events that have an observer.'),
  }),
  create({ netinfo: net, cache, geo, overwrite }, context) {
    const read = (): Document => ({
      type: 'packetbeat',
      vendor: 'elastic',
      hostname: hostname(),
      ...(net.enabled && netinfo()),
      ...(geo !== undefined && { geo }),
    })
    const observer = refreshed(() => copier(read()), cache.ttl, context)
    const add = mergeAt('observer')
    return (event) => {
      if (event.observer !== undefined && !overwrite) return event
      if (!add(event, observer()())) context.failed('the field observer is there and no object')
      return event
    }
  },
})
