import {
  average,
  count,
  events,
  filters,
  numbers,
  overTime,
  type Page,
  percentiles,
  shares,
  sum,
  table,
  terms,
} from '../chart.js'

const commands = 'type: redis'

export const redis: Page = {
  id: 'redis',
  title: 'Redis',
  description: 'Commands, their keys, and what is slow or fails.',
  panels: [
    overTime('Commands', { query: commands, by: terms('method', 20) }),
    overTime('Errors', {
      query: `${commands} and status: Error`,
      by: terms('redis.error', 10),
      kind: 'bars',
    }),
    overTime('Response times', { query: commands, metrics: [percentiles([50, 95, 99])], kind: 'line' }),
    overTime('Bytes', {
      query: commands,
      metrics: [sum('source.bytes', 'Requests'), sum('destination.bytes', 'Responses')],
    }),
    table('Commands', [terms('method', 30)], {
      query: commands,
      metrics: [count, average('event.duration')],
    }),
    table('Slowest', [terms('query', 10)], { query: commands, metrics: [percentiles([99]), count] }),
    table('Most frequent keys', [terms('resource', 20)], { query: commands }),
    shares('Clients', [terms('client.ip', 10)], { query: commands, width: 24 }),
    events('Failed commands', `${commands} and status: Error`, ['query', 'redis.error', 'client.ip']),
  ],
}

const cache = 'type: memcache'
const reads = `${cache} and memcache.request.type: Load`

export const memcache: Page = {
  id: 'memcache',
  title: 'Memcache',
  description: 'Commands, hits and misses, keys.',
  panels: [
    overTime('Commands', { query: cache, by: terms('memcache.request.command', 20) }),
    overTime('Hits and misses', {
      query: reads,
      by: filters({
        Hits: 'memcache.response.count_values > 0',
        Misses: 'not memcache.response.count_values > 0',
      }),
      kind: 'bars',
    }),
    overTime('Errors', { query: `${cache} and not status: OK`, by: terms('status', 5), kind: 'bars' }),
    overTime('Response times', { query: cache, metrics: [percentiles([50, 95, 99])], kind: 'line' }),
    overTime('Bytes', {
      query: cache,
      metrics: [sum('memcache.request.bytes', 'Written'), sum('memcache.response.bytes', 'Read')],
    }),
    table('Commands', [terms('memcache.request.command', 30)], {
      query: cache,
      metrics: [count, average('event.duration')],
    }),
    table('Most frequent keys', [terms('memcache.request.keys', 20)], { query: cache }),
    shares('Protocols', [terms('memcache.protocol_type', 3), terms('network.transport', 2)], {
      query: cache,
      width: 24,
    }),
    numbers('Values read', [sum('memcache.response.count_values', 'Values')], { query: cache }),
    events('Failed commands', `${cache} and not status: OK`, [
      'query',
      'memcache.response.status',
      'client.ip',
    ]),
  ],
}
