import type { Mapping } from './mapping.js'

/** The lifecycle policy as upstream has it: a new index every 50 GB of a shard or 30 days; nothing is deleted. */
export const indexPolicy: Mapping = {
  policy: {
    phases: { hot: { actions: { rollover: { max_primary_shard_size: '50gb', max_age: '30d' } } } },
  },
}

/** The lifecycle of data streams on a server without policies, as upstream has it. */
export const streamLifecycle: Mapping = { data_retention: '7d' }
