import { z } from 'zod'
import { field } from '../events/document.js'
import { ignoreMissing, nameList } from './options.js'
import { defineProcessor } from './processor.js'
import { fullNames, isKept, selection } from './select.js'

/** Takes fields away; `@timestamp` and `type` stay. */
export const dropFields = defineProcessor({
  name: 'drop_fields',
  title: 'takes fields away',
  options: z.strictObject({
    fields: nameList.describe('Names, and regular expressions between slashes.'),
    ignore_missing: ignoreMissing,
  }),
  create({ fields, ignore_missing }, context) {
    const { names, patterns } = selection(fields)
    const exact = names.filter((name) => !isKept(name)).map(field)
    return (event) => {
      for (const one of exact)
        if (one.remove(event) === undefined && !ignore_missing)
          context.failed(`there is no field ${one.name}`)
      if (patterns.length > 0)
        for (const name of fullNames(event))
          if (!isKept(name) && patterns.some((pattern) => pattern.test(name))) field(name).remove(event)
      return event
    }
  },
})
