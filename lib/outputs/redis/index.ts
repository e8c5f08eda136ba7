import { encoder } from '../codec.js'
import { deliveryOf } from '../delivery-options.js'
import { defineOutput } from '../output.js'
import { options } from './options.js'

/** Events to Redis, into lists or channels. */
export const redis = defineOutput({
  name: 'redis',
  title: 'Redis, into lists or channels',
  options,
  wants: ({ codec }) => (encoder(codec) === undefined ? 'text' : 'document'),
  delivery: deliveryOf,
  async open(options, context) {
    return (await import('./open.js')).openRedis(options, context)
  },
  async check(options, context, report) {
    return (await import('./open.js')).checkRedis(options, context, report)
  },
})
