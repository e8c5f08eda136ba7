import { z } from 'zod'
import { field } from '../../events/document.js'
import { defineProcessor } from '../processor.js'
import { sniff } from './sniff.js'

/** Tells what kind of data a field holds, from its first bytes. */
export const detectMimeType = defineProcessor({
  name: 'detect_mime_type',
  title: 'tells what kind of data a field holds',
  options: z.strictObject({
    field: z.string().min(1).describe('The field with the data, such as http.request.body.content.'),
    target: z.string().min(1).describe('Where the MIME type is put, such as http.request.mime_type.'),
  }),
  create(options, context) {
    const source = field(options.field)
    const target = field(options.target)
    return (event) => {
      const data = source.get(event)
      const type = typeof data === 'string' ? sniff(data) : undefined
      if (type !== undefined && target.put(event, type) === undefined)
        context.failed(`a part of ${options.target} is a field that is no object`)
      return event
    }
  },
})
