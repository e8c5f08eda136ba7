import assert from 'node:assert/strict'

/** An event that can be told from others. */
export const event = (id: number, more = '') => JSON.stringify({ id, more })

/** Every event has exactly one end; those of an earlier run have begun there. */
export function balanced(counters: Record<string, number>): void {
  const of = (name: string) => counters[name] ?? 0
  assert.equal(
    of('pipeline.events.published') + of('queue.disk.events.recovered'),
    of('pipeline.events.acked') +
      of('pipeline.events.rejected') +
      of('pipeline.events.abandoned') +
      of('queue.disk.events.lost') +
      of('queue.disk.events.too_large') +
      of('pipeline.queue.events'),
  )
}

export const ascending = (ids: readonly number[]) => [...ids].sort((a, b) => a - b)
export const upTo = (count: number) => Array.from({ length: count }, (_, id) => id)
