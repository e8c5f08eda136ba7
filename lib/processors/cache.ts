import { z } from 'zod'
import { field } from '../events/document.js'
import { duration, MILLISECOND } from '../options/duration.js'
import { exists, putAt } from './changes.js'
import { overwriteKeys } from './options.js'
import { defineProcessor, type Process } from './processor.js'

// Where no capacity is configured: a cache that grows without end would end the program.
const CAPACITY = 100_000

interface Entry {
  value: unknown
  /** Milliseconds, by `performance.now()`. */
  until: number
}

// All processors that name the same cache share it.
const caches = new Map<string, Map<string, Entry>>()

const name = z.string().min(1)

/** Keeps values of events for later ones. */
export const cache = defineProcessor({
  name: 'cache',
  title: 'keeps values of events for later ones',
  options: z
    .strictObject({
      backend: z
        .strictObject({
          memory: z
            .strictObject({ id: name.describe('Processors with the same id share a cache.') })
            .optional(),
          file: z
            .unknown()
            .refine((value) => value === undefined, { error: 'is not available; use backend.memory' })
            .optional(),
          capacity: z.int().default(0).describe(`Values that are kept at most; 0: ${CAPACITY}.`),
        })
        .refine(({ memory, file }) => memory !== undefined || file !== undefined, {
          error: 'needs memory.id',
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
    }),
  create({ backend, put, get, delete: forget, ignore_missing, overwrite_keys }, context): Process {
    const id = backend.memory?.id ?? ''
    const entries = caches.get(id) ?? new Map<string, Entry>()
    caches.set(id, entries)
    const capacity = backend.capacity > 0 ? backend.capacity : CAPACITY
    const key = field((put ?? get ?? forget)?.key_field ?? '').get
    const missing = (what: string) => ignore_missing || context.failed(`there is no ${what}`)

    function store(found: string, value: unknown, ttl: number): void {
      // Set anew, so that the first of the map is the one that was put longest ago.
      entries.delete(found)
      for (const oldest of entries.keys()) {
        if (entries.size < capacity) break
        entries.delete(oldest)
        context.count('evicted')
      }
      entries.set(found, { value: structuredClone(value), until: performance.now() + ttl / MILLISECOND })
    }

    function look(found: string): unknown {
      const entry = entries.get(found)
      if (entry === undefined || entry.until > performance.now()) return entry?.value
      entries.delete(found)
      return undefined
    }

    const value = put === undefined ? undefined : field(put.value_field)
    const target = get === undefined ? undefined : field(get.target_field)
    return (event) => {
      const by = key(event)
      if (by === undefined || by === null) missing('field to find the value by')
      else if (typeof by === 'object') context.failed('the field to find the value by is an object')
      else if (forget !== undefined) entries.delete(String(by))
      else if (put !== undefined && value !== undefined) {
        const kept = value.get(event)
        if (kept === undefined) missing(`field ${value.name}`)
        else store(String(by), kept, put.ttl)
      } else if (target !== undefined) {
        const found = look(String(by))
        let wrong: string | undefined
        if (found === undefined) missing(`value of ${String(by)}`)
        else if (!overwrite_keys && target.get(event) !== undefined) wrong = exists(target.name)
        else wrong = putAt(target, event, structuredClone(found), [])
        if (wrong !== undefined) context.failed(wrong)
      }
      return event
    }
  },
})
