import { resolve } from 'node:path'
import { writeSize } from '../options/values.js'
import type { Problems } from './problems.js'
import type { Configuration } from './schema/index.js'
import type { DiskQueueSettings, MemoryQueueSettings, QueueSettings } from './settings.js'
import { find, type Key, type Node } from './tree.js'

interface Where {
  /** Where the queue was written in the configuration `root`. */
  at: readonly Key[]
  root: Node
  problems: Problems
}

type Queue = Configuration['queue']

/** `data`: the absolute `path.data`. */
export function queueSettings(queue: Queue, where: Where, data: string): QueueSettings {
  const { at, root, problems } = where
  if (queue.disk !== undefined && find(root, [...at, 'mem']) !== undefined)
    problems.add(root, [...at, 'disk'], 'must not be set beside mem; remove one of the two')
  return { ...memory(queue, where), disk: queue.disk && disk(queue.disk, where, data) }
}

// As upstream: half of the queue's own default.
const BATCH_EVENTS = 1600

function memory({ mem }: Queue, { at, root, problems }: Where): MemoryQueueSettings {
  const minimum = mem.flush.min_events ?? Math.min(BATCH_EVENTS, mem.events)
  if (minimum > mem.events)
    problems.add(
      root,
      [...at, 'mem', 'flush', 'min_events'],
      `must be at most queue.mem.events, ${mem.events}, not ${minimum}`,
    )
  return { events: mem.events, flush: { min_events: minimum, timeout: mem.flush.timeout } }
}

// Of a queue without a limit, whose tenth cannot be said: as upstream's for the size it recommends.
const SEGMENT_SIZE = 1e9

function disk(
  { path, segment_size, max_size, ...options }: NonNullable<Queue['disk']>,
  { at, root, problems }: Where,
  data: string,
): DiskQueueSettings {
  if (segment_size !== undefined && max_size > 0 && segment_size > max_size / 2)
    problems.add(
      root,
      [...at, 'disk', 'segment_size'],
      `must be at most half of max_size, ${writeSize(Math.floor(max_size / 2))}, not ${writeSize(segment_size)}`,
    )
  if (options.max_retry_interval < options.retry_interval)
    problems.add(root, [...at, 'disk', 'max_retry_interval'], 'must be at least retry_interval')
  const tenth = max_size > 0 ? Math.floor(max_size / 10) : SEGMENT_SIZE
  return {
    ...options,
    path: path === undefined ? resolve(data, 'diskqueue') : resolve(path),
    max_size,
    segment_size: segment_size ?? tenth,
  }
}
