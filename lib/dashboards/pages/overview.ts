import {
  average,
  bars,
  count,
  distinct,
  events,
  filters,
  largest,
  overTime,
  type Page,
  percentiles,
  shares,
  smallest,
  steps,
  sum,
  table,
  terms,
  text,
  worldMap,
} from '../chart.js'

const transactions = 'type: * and not type: flow'
const failed = `${transactions} and status: * and not status: OK`
const TENTH = 1e8

export const overview: Page = {
  id: 'overview',
  title: 'Overview',
  description: 'All transactions: how many, how fast, and what fails.',
  panels: [
    worldMap('Client locations', 'client.geo.location', transactions),
    overTime('Transactions by protocol', { query: transactions, by: terms('type', 15), kind: 'bars' }),
    overTime('Response times', { query: transactions, metrics: [percentiles([75, 95, 99])], kind: 'line' }),
    overTime('Successful and failed', { query: transactions, by: terms('status', 5), kind: 'bars' }),
    overTime('Failed by protocol', { query: failed, by: terms('type', 15), kind: 'bars' }),
    overTime('Spread of response times', {
      query: transactions,
      by: filters({
        'below 10 ms': 'event.duration < 10000000',
        '10 to 100 ms': 'event.duration >= 10000000 and event.duration < 100000000',
        '100 ms to 1 s': 'event.duration >= 100000000 and event.duration < 1000000000',
        '1 s and more': 'event.duration >= 1000000000',
      }),
      kind: 'bars',
    }),
    bars('Latency', steps('event.duration', TENTH), {
      query: `${transactions} and event.duration < 2000000000`,
    }),
    overTime('Web transactions', { query: 'type: http', kind: 'bars', width: 16 }),
    overTime('TLS sessions', {
      query: 'type: tls',
      by: terms('tls.established', 2),
      kind: 'bars',
      width: 16,
    }),
    overTime('DNS transactions', {
      query: 'type: dns',
      metrics: [count, average('event.duration', 'Average response time')],
      width: 16,
    }),
    table('Why transactions fail', [terms('type', 10), terms('method', 5)], { query: failed, width: 24 }),
    table('Slowest services', [terms('server.ip', 10), terms('type', 3)], {
      query: transactions,
      metrics: [average('event.duration'), count],
    }),
  ],
}

// A report of a flow that goes on counts from its beginning, so sums over all reports would count bytes again and again.
const ended = 'type: flow and flow.final: true'

export const flows: Page = {
  id: 'flows',
  title: 'Network Flows',
  description: 'Who talks to whom, and how much.',
  panels: [
    text(
      'How bytes are counted',
      'Bytes and packets are those of flows that have ended, so that none counts twice: a long connection appears with its end.',
      48,
      3,
    ),
    overTime('Connections', { query: 'type: flow', metrics: [distinct('flow.id', 'Flows')] }),
    overTime('Transports', { query: ended, by: terms('network.transport', 6), kind: 'bars' }),
    overTime('Hosts that send most', {
      query: ended,
      metrics: [sum('source.bytes')],
      by: terms('source.ip', 5),
    }),
    overTime('Hosts that receive most', {
      query: ended,
      metrics: [sum('source.bytes')],
      by: terms('destination.ip', 5),
    }),
    table('Traffic between hosts', [terms('source.ip', 10), terms('destination.ip', 10)], {
      query: ended,
      metrics: [sum('network.bytes'), sum('source.bytes'), sum('destination.bytes'), count],
    }),
    table('Busiest ports', [terms('destination.port', 20), terms('network.transport', 2)], {
      query: ended,
      metrics: [sum('network.bytes'), count],
    }),
    overTime('TCP trouble', {
      query: ended,
      metrics: [
        sum('flow.tcp.retransmissions', 'Retransmissions'),
        sum('flow.tcp.out_of_order', 'Out of order'),
        sum('flow.tcp.zero_windows', 'Zero windows'),
        sum('flow.tcp.resets', 'Resets'),
      ],
      kind: 'bars',
    }),
    overTime('TCP handshake, nanoseconds', {
      query: ended,
      metrics: [smallest('flow.tcp.handshake'), average('flow.tcp.handshake'), largest('flow.tcp.handshake')],
      kind: 'line',
    }),
    shares('Directions', [terms('network.direction', 8)], { query: ended }),
    events('Flows', ended, [
      'source.ip',
      'destination.ip',
      'destination.port',
      'network.bytes',
      'event.duration',
    ]),
  ],
}
