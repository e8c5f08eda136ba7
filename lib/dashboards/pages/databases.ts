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

function sql(type: string, title: string, code: string): Page {
  const all = `type: ${type}`
  const failed = `${all} and status: Error`
  return {
    id: type,
    title,
    description: 'Statements: how many, how fast, and what fails.',
    panels: [
      overTime('Errors', { query: failed, by: terms(code, 10), kind: 'bars' }),
      overTime('Methods', { query: all, by: terms('method', 20) }),
      overTime('Response times', { query: all, metrics: [percentiles([75, 99, 99.5])], kind: 'line' }),
      overTime('Reads and writes', {
        query: all,
        by: filters({
          Reads: 'method: SELECT',
          Writes: 'method: (INSERT or UPDATE or DELETE or REPLACE or MERGE)',
        }),
      }),
      overTime('Bytes', {
        query: all,
        metrics: [sum('source.bytes', 'Requests'), sum('destination.bytes', 'Responses')],
        kind: 'line',
      }),
      overTime('Rows', {
        query: all,
        metrics: [sum(`${type}.num_rows`, 'Read'), sum(`${type}.affected_rows`, 'Changed')],
        kind: 'line',
      }),
      table('Most frequent statements', [terms('query', 10)], { query: all }),
      table('Slowest statements', [terms('query', 10)], {
        query: all,
        metrics: [average('event.duration'), count],
      }),
      table('Databases and clients', [terms(`${type}.database`, 10), terms('client.ip', 10)], { query: all }),
      shares('Methods', [terms('method', 10)], { query: all, width: 24 }),
      events('Failed statements', failed, ['query', `${type}.error_message`, code, 'client.ip']),
    ],
  }
}

export const mysql = sql('mysql', 'MySQL', 'mysql.error_code')
export const pgsql = sql('pgsql', 'PostgreSQL', 'pgsql.error_code')

const mongo = 'type: mongodb'

export const mongodb: Page = {
  id: 'mongodb',
  title: 'MongoDB',
  description: 'Commands and the collections they touch.',
  panels: [
    overTime('Commands', { query: mongo, by: terms('method', 15) }),
    overTime('Errors by command', {
      query: `${mongo} and status: Error`,
      by: terms('method', 10),
      kind: 'line',
    }),
    overTime('Errors by collection', {
      query: `${mongo} and status: Error`,
      by: terms('resource', 10),
      kind: 'line',
    }),
    overTime('Response times by collection', {
      query: mongo,
      metrics: [percentiles([99])],
      by: terms('resource', 5),
      kind: 'line',
    }),
    overTime('Bytes', {
      query: mongo,
      metrics: [sum('source.bytes', 'Requests'), sum('destination.bytes', 'Responses')],
    }),
    overTime('Documents', {
      query: mongo,
      metrics: [
        sum('mongodb.nInserted', 'Inserted'),
        sum('mongodb.nModified', 'Modified'),
        sum('mongodb.nDeleted', 'Deleted'),
        sum('mongodb.numberReturned', 'Returned'),
      ],
      kind: 'line',
    }),
    table('Commands', [terms('method', 20)], { query: mongo, metrics: [count, average('event.duration')] }),
    table('Slowest queries', [terms('query', 10)], { query: mongo, metrics: [percentiles([99]), count] }),
    numbers('Requests that want no answer', [count], {
      query: `${mongo} and request: "writeConcern w 0"`,
      width: 16,
      height: 12,
    }),
    shares('Drivers', [terms('mongodb.driver', 10), terms('mongodb.application', 5)], { query: mongo }),
    shares('Errors by code', [terms('mongodb.codeName', 10)], { query: `${mongo} and status: Error` }),
  ],
}

const cql = 'type: cassandra'
const request = 'cassandra.request.headers.op'
const response = 'cassandra.response.headers.op'

export const cassandra: Page = {
  id: 'cassandra',
  title: 'Cassandra',
  description: 'CQL requests, their responses, and the tables they touch.',
  panels: [
    overTime('Requests', { query: cql, by: terms(request, 15), kind: 'bars' }),
    overTime('Responses', { query: cql, by: terms(response, 15), kind: 'bars' }),
    overTime('Response times', { query: cql, metrics: [percentiles([5, 25, 50, 75, 95])], kind: 'line' }),
    overTime('Results by type', {
      query: cql,
      by: terms('cassandra.response.result.type', 10),
      kind: 'line',
    }),
    shares('Operations', [terms(request, 10), terms(response, 10)], { query: cql }),
    shares('Results', [terms('cassandra.response.result.type', 10)], { query: cql }),
    shares(
      'Keyspaces and tables',
      [
        terms('cassandra.response.result.rows.meta.keyspace', 10),
        terms('cassandra.response.result.rows.meta.table', 10),
      ],
      { query: cql },
    ),
    table('Slowest queries', [terms('cassandra.request.query', 10)], {
      query: cql,
      metrics: [average('event.duration'), count],
    }),
    table('Errors', [terms('cassandra.response.error.type', 10), terms('cassandra.response.error.msg', 5)], {
      query: `${cql} and cassandra.response.error.type: *`,
    }),
    events('Queries', `${cql} and ${request}: QUERY and not cassandra.response.error.type: *`, [
      'cassandra.request.query',
      'cassandra.response.result.rows.meta.keyspace',
      'cassandra.response.result.rows.meta.table',
      'cassandra.response.result.rows.num_rows',
    ]),
  ],
}
