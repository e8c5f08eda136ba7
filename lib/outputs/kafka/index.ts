import { MILLISECOND } from '../../options/duration.js'
import { encoder } from '../codec.js'
import { deliveryOf } from '../delivery-options.js'
import { defineOutput } from '../output.js'
import { options } from './options.js'

/** Events as messages in topics of a Kafka cluster. */
export const kafka = defineOutput({
  name: 'kafka',
  title: 'topics of Apache Kafka',
  options,
  wants: ({ codec }) => (encoder(codec) === undefined ? 'text' : 'document'),
  delivery: (options) => ({
    ...deliveryOf(options),
    ...(options.bulk_flush_frequency > 0 && { maxDelay: options.bulk_flush_frequency / MILLISECOND }),
  }),
  async open(options, context) {
    return (await import('./open.js')).openKafka(options, context)
  },
  async check(options, { path }, report) {
    return (await import('./open.js')).checkKafka(options, path.config, report)
  },
})
