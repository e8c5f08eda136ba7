import { z } from 'zod'
import { defineOutput, NOTHING_LEFT } from '../output.js'

/** Takes every event and keeps none: shows what all the rest costs. */
export const discard = defineOutput({
  name: 'discard',
  title: 'nowhere, for measuring',
  options: z.strictObject({}),
  wants: () => 'text',
  open: async () => ({
    sendNow: () => NOTHING_LEFT,
    send: async () => NOTHING_LEFT,
    close: async () => undefined,
  }),
})
