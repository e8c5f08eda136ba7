import { z } from 'zod'
import { field } from '../events/document.js'
import type { Document } from '../events/writer.js'
import { nameList } from './options.js'
import { defineProcessor } from './processor.js'
import { fullNames, keptNames, selection } from './select.js'

/** Keeps some fields and takes all others away; `@timestamp` and `type` always stay. */
export const includeFields = defineProcessor({
  name: 'include_fields',
  title: 'keeps only some fields',
  options: z.strictObject({ fields: nameList.describe('Names, and regular expressions between slashes.') }),
  create({ fields }) {
    const { names, patterns } = selection(fields)
    const exact = [...keptNames, ...names].map(field)
    return (event) => {
      const kept: Document = {}
      for (const one of exact) {
        const value = one.get(event)
        if (value !== undefined) one.put(kept, value)
      }
      if (patterns.length > 0)
        for (const name of fullNames(event))
          if (patterns.some((pattern) => pattern.test(name))) field(name).put(kept, field(name).get(event))
      return kept
    }
  },
})
