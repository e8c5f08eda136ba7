import { z } from 'zod'
import { formatString } from '../../events/format-string.js'
import { anything } from '../../options/values.js'

/** `tags`, `fields` and `fields_under_root`, wherever they may stand. */
export const addedShape = (events: string) => ({
  tags: z.array(z.string()).default([]).describe(`Words added to the \`tags\` of ${events}.`),
  fields: anything()
    .default({})
    .describe(`Fields of your own, added below \`fields\` to ${events}. Keys with dots are nested.`),
  fields_under_root: z
    .boolean()
    .default(false)
    .describe('Put these fields at the top of the event; they win over fields of the same name.'),
})

/** What flows and all protocols can be told beside their own options. */
export const entryShape = <P extends z.ZodType>(events: string, processors: P) => ({
  ...addedShape(events),
  processors: processors.describe(`What to do with ${events} before the processors for all events.`),
  keep_null: z.boolean().default(false).describe('Publish fields whose value is null.'),
  index: formatString.optional().describe(`Another target index for ${events}.`),
})
