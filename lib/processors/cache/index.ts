import { join } from 'node:path'
import { z } from 'zod'
import { field } from '../../events/document.js'
import { duration, MILLISECOND } from '../../options/duration.js'
import { exists, putAt } from '../changes.js'
import { overwriteKeys } from '../options.js'
import { defineProcessor } from '../processor.js'
import { Store } from './store.js'

// Where no capacity is configured: a cache that grows without end would end the program.
const CAPACITY = 100_000

// All processors that name the same cache share it.
const stores = new Map<string, Store>()

const name = z.string().min(1)

const options = z
  .strictObject({
    backend: z
      .strictObject({
        memory: z
          .strictObject({ id: name.describe('Processors with the same id share a cache.') })
          .optional(),
        file: z
          .strictObject({
            id: name
              .regex(/^\w[\w.-]*$/, 'must be the name of a file: letters, digits, dots and dashes')
              .describe('The file below path.data/cache_processor; processors with the same id share it.'),
            write_interval: duration()
              .default(0)
              .describe('How often the file is written; 0: only at the end of a run.'),
          })
          .optional(),
        capacity: z.int().default(0).describe(`Values that are kept at most; 0: ${CAPACITY}.`),
      })
      .refine(({ memory, file }) => (memory === undefined) !== (file === undefined), {
        error: 'needs one of memory.id and file.id',
      })
      .describe('Where values are kept.'),
    put: z
      .strictObject({
        key_field: name.describe('The field with what the value is found by.'),
        value_field: name.describe('The field with the value.'),
        ttl: duration({ min: 1 }).describe('How long it is kept.'),
      })
      .optional()
      .describe('Keeps a value.'),
    get: z
      .strictObject({
        key_field: name.describe('The field with what the value is found by.'),
        target_field: name.describe('Where the value is put.'),
      })
      .optional()
      .describe('Adds a kept value.'),
    delete: z
      .strictObject({ key_field: name.describe('The field with what the value is found by.') })
      .optional()
      .describe('Forgets a value.'),
    ignore_missing: z.boolean().default(true).describe('An event without the fields is no error.'),
    overwrite_keys: overwriteKeys,
  })
  .refine((options) => [options.put, options.get, options.delete].filter(Boolean).length === 1, {
    error: 'needs one of put, get and delete',
  })

/** Keeps values of events for later ones. */
export const cache = defineProcessor({
  name: 'cache',
  title: 'keeps values of events for later ones',
  options,
  create({ backend, put, get, delete: forget, ignore_missing, overwrite_keys }, context) {
    const store = storeOf(backend, context.dataPath)
    const capacity = backend.capacity > 0 ? backend.capacity : CAPACITY
    const interval = (backend.file?.write_interval ?? 0) / MILLISECOND
    context.atStart(async () => store.load(context))
    const key = field((put ?? get ?? forget)?.key_field ?? '').get
    const value = put && { ...field(put.value_field), milliseconds: put.ttl / MILLISECOND }
    const target = get && field(get.target_field)
    const missing = (what: string) => (ignore_missing ? undefined : `there is no ${what}`)
    return (event) => {
      const by = key(event)
      let wrong: string | undefined
      if (by === undefined || by === null) wrong = missing('field to find the value by')
      else if (typeof by === 'object') wrong = 'the field to find the value by is an object'
      else if (value !== undefined) {
        const kept = value.get(event)
        if (kept === undefined) wrong = missing(`field ${value.name}`)
        else store.put(String(by), kept, value.milliseconds, capacity, context)
      } else if (target === undefined) store.delete(String(by))
      else {
        const found = store.get(String(by))
        if (found === undefined) wrong = missing(`value of ${String(by)}`)
        else if (!overwrite_keys && target.get(event) !== undefined) wrong = exists(target.name)
        else wrong = putAt(target, event, found, [])
      }
      if (wrong !== undefined) context.failed(wrong)
      try {
        store.saveAfter(interval)
      } catch (error) {
        context.failed(`the cache was not written: ${(error as Error).message}`)
      }
      return event
    }
  },
})

function storeOf({ memory, file }: z.output<typeof options>['backend'], dataPath: string): Store {
  const path = file && join(dataPath, 'cache_processor', file.id)
  const id = path ?? `memory ${memory?.id}`
  const store = stores.get(id) ?? new Store(path)
  stores.set(id, store)
  return store
}
