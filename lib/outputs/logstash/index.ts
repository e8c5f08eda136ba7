import { deliveryOf } from '../delivery-options.js'
import { defineOutput } from '../output.js'
import { options } from './options.js'

/** Events to Beats inputs of Logstash, over Lumberjack version 2. */
export const logstash = defineOutput({
  name: 'logstash',
  title: 'Logstash, over the Lumberjack protocol',
  options,
  wants: () => 'text',
  delivery: deliveryOf,
  async open(options, context) {
    return (await import('./open.js')).openLogstash(options, context)
  },
  async check(options, context, report) {
    return (await import('./open.js')).checkLogstash(options, context, report)
  },
})
