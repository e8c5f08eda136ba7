import { z } from 'zod'
import { field } from '../events/document.js'
import { compileFormat, formatString } from '../events/format-string.js'
import { defineProcessor } from './processor.js'

/** Chooses the index of an event; the index of its protocol's or the output's configuration counts no more. */
export const addFormattedIndex = defineProcessor({
  name: 'add_formatted_index',
  title: 'chooses the index of events',
  options: z.strictObject({
    index: formatString.min(1).describe('A format string, such as `packetbeat-%{[type]}-%{+yyyy.MM.dd}`.'),
  }),
  create({ index }, context) {
    const format = compileFormat(index)
    return (event) => {
      const name = format(event)
      if (name === undefined) context.failed(`the event lacks a field of ${index}`)
      else rawIndex.put(event, name)
      return event
    }
  },
})

const rawIndex = field('@metadata.raw_index')
