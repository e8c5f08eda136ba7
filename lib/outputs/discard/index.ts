import { z } from 'zod'
import { defineOutput, NOTHING_LEFT } from '../output.js'

/** Takes every event and keeps none: shows what all the rest costs. */
export const discard = defineOutput({
  name: 'discard',
  title: 'nowhere, for measuring',
  options: z.strictObject({}),
  wants: () => 'text',
  open: async () => ({
    lanes: [{ name: 'nowhere', send: async () => NOTHING_LEFT }],
    sendNow: () => NOTHING_LEFT,
    close: async () => undefined,
  }),
})
