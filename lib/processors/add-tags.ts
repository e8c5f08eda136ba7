import { z } from 'zod'
import { field } from '../events/document.js'
import { nameList } from './options.js'
import { defineProcessor } from './processor.js'

/** Appends to the list of tags. */
export const addTags = defineProcessor({
  name: 'add_tags',
  title: 'adds tags',
  options: z.strictObject({
    tags: nameList.describe('What is appended.'),
    target: z.string().min(1).default('tags').describe('The field with the list.'),
  }),
  create({ tags, target }, context) {
    const list = field(target)
    return (event) => {
      const present = list.get(event)
      const known = present === undefined || typeof present === 'string' || Array.isArray(present)
      if (!known || list.put(event, [present ?? [], tags].flat()) === undefined)
        context.failed(`the field ${target} is there and no list`)
      return event
    }
  },
})
