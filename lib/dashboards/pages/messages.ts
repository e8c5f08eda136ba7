import {
  average,
  count,
  events,
  numbers,
  overTime,
  type Page,
  percentiles,
  shares,
  sum,
  table,
  terms,
} from '../chart.js'

const calls = 'type: thrift'

export const thrift: Page = {
  id: 'thrift',
  title: 'Thrift',
  description: 'Remote procedure calls.',
  panels: [
    overTime('Calls', { query: calls, kind: 'bars' }),
    overTime('Failed calls', { query: `${calls} and status: Error`, by: terms('method', 10), kind: 'bars' }),
    overTime('Response times', { query: calls, metrics: [percentiles([75, 99, 99.5])], kind: 'line' }),
    overTime('Methods', { query: calls, by: terms('method', 10) }),
    table('Slowest methods', [terms('method', 10)], {
      query: calls,
      metrics: [average('event.duration'), count],
    }),
    table('Most frequent methods', [terms('thrift.service', 10), terms('method', 10)], { query: calls }),
    table('Calls that fail', [terms('method', 10), terms('thrift.exceptions', 5)], {
      query: `${calls} and status: Error`,
      width: 48,
    }),
  ],
}

const amqpEvents = 'type: amqp'

export const amqp: Page = {
  id: 'amqp',
  title: 'AMQP',
  description: 'Messages, the queues and exchanges they pass, and calls that fail.',
  panels: [
    overTime('Methods', { query: amqpEvents, by: terms('method', 20) }),
    overTime('Messages by exchange', {
      query: `${amqpEvents} and method: basic.publish`,
      by: terms('amqp.exchange', 10),
      kind: 'bars',
    }),
    overTime('Errors', {
      query: `${amqpEvents} and status: Error`,
      by: terms('amqp.reply-code', 10),
      kind: 'bars',
    }),
    overTime('Bytes', {
      query: amqpEvents,
      metrics: [sum('source.bytes', 'From clients'), sum('destination.bytes', 'To clients')],
    }),
    table('Queues', [terms('amqp.queue', 20)], { query: amqpEvents }),
    table('Routing keys', [terms('amqp.exchange', 10), terms('amqp.routing-key', 10)], { query: amqpEvents }),
    shares('Clients', [terms('client.ip', 10)], { query: amqpEvents }),
    shares('Kinds of content', [terms('amqp.content-type', 10)], { query: amqpEvents }),
    numbers('Delivered again', [count], {
      query: `${amqpEvents} and amqp.redelivered: true`,
      width: 16,
      height: 12,
    }),
    events('Failed calls', `${amqpEvents} and status: Error`, [
      'method',
      'amqp.reply-code',
      'amqp.reply-text',
      'client.ip',
    ]),
  ],
}

const nfsCalls = 'type: nfs'

export const nfs: Page = {
  id: 'nfs',
  title: 'NFS',
  description: 'File operations, who asks for them, and how fast they are.',
  panels: [
    shares('Clients', [terms('rpc.cred.machinename', 16)], { query: nfsCalls }),
    shares('Groups', [terms('rpc.cred.gid', 16)], { query: nfsCalls }),
    shares('Users', [terms('rpc.cred.uid', 16)], { query: nfsCalls }),
    overTime('Bytes', {
      query: nfsCalls,
      metrics: [sum('source.bytes', 'Requests'), sum('destination.bytes', 'Responses')],
      kind: 'line',
    }),
    overTime('Response times', { query: nfsCalls, metrics: [percentiles([50, 95])], kind: 'line' }),
    overTime('Errors', {
      query: `${nfsCalls} and nfs.status: * and not nfs.status: (NFS_OK or NFSERR_NOENT)`,
      by: terms('nfs.status', 10),
    }),
    overTime('Operations', { query: nfsCalls, by: terms('nfs.opcode', 20) }),
    table('Operations', [terms('nfs.opcode', 30)], {
      query: nfsCalls,
      metrics: [average('event.duration'), count],
    }),
    table('Versions', [terms('nfs.version', 5), terms('nfs.minor_version', 3)], { query: nfsCalls }),
  ],
}
