import { z } from 'zod'
import { defineProcessor } from './processor.js'

/** Drops the events that its condition means; all, without one. */
export const dropEvent = defineProcessor({
  name: 'drop_event',
  title: 'drops events',
  options: z.strictObject({}),
  create: () => () => null,
})
