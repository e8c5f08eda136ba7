import {
  average,
  bars,
  cloud,
  count,
  distinct,
  events,
  numbers,
  overTime,
  type Page,
  percentiles,
  shares,
  steps,
  table,
  terms,
} from '../chart.js'

const sessions = 'type: tls'

export const tls: Page = {
  id: 'tls',
  title: 'TLS Sessions',
  description: 'Handshakes, certificates, fingerprints, and what is out of date.',
  panels: [
    overTime('Sessions', { query: sessions, by: terms('tls.established', 2), kind: 'bars', width: 36 }),
    numbers('Sessions', [count], { query: sessions, width: 12, height: 12 }),
    bars('Handshake times', steps('event.duration', 2e7), {
      query: `${sessions} and event.duration < 1000000000`,
    }),
    shares('Versions', [terms('tls.version_protocol', 3), terms('tls.version', 6)], {
      query: sessions,
      width: 12,
    }),
    shares('Resumption', [terms('tls.resumed', 2), terms('tls.detailed.resumption_method', 4)], {
      query: sessions,
      width: 12,
    }),
    shares('Alerts', [terms('tls.detailed.alert_types', 10)], { query: sessions }),
    shares(
      'Server keys',
      [terms('tls.server.x509.public_key_algorithm', 5), terms('tls.server.x509.public_key_size', 6)],
      { query: sessions },
    ),
    shares('Next protocols', [terms('tls.next_protocol', 8)], { query: sessions }),
    cloud('Server names', 'tls.client.server_name', { query: sessions }),
    table(
      'Server certificates',
      [
        terms('tls.server.x509.subject.common_name', 20),
        terms('tls.server.x509.subject.organization', 3),
        terms('tls.server.x509.issuer.common_name', 3),
      ],
      { query: sessions },
    ),
    table(
      'Server certificates that end in 30 days',
      [terms('tls.server.x509.subject.common_name', 20), terms('tls.server.not_after', 1)],
      { query: `${sessions} and tls.server.not_after < now+30d` },
    ),
    table('Client certificates', [terms('tls.client.x509.subject.common_name', 20)], { query: sessions }),
    table('Ciphers', [terms('tls.cipher', 20)], { query: sessions }),
    table('Fingerprints of clients', [terms('tls.client.ja4', 10), terms('tls.client.ja3', 3)], {
      query: sessions,
      metrics: [count, distinct('client.ip', 'Clients')],
    }),
    events('Sessions that failed', `${sessions} and tls.established: false`, [
      'tls.client.server_name',
      'tls.version',
      'tls.detailed.alert_types',
      'client.ip',
    ]),
  ],
}

const echoes = 'type: icmp'

export const icmp: Page = {
  id: 'icmp',
  title: 'ICMP',
  description: 'Round trips, losses, and hosts that cannot be reached.',
  panels: [
    overTime('Requests and their answers', { query: echoes, by: terms('status', 3), kind: 'bars' }),
    overTime('Round trips', { query: echoes, metrics: [percentiles([50, 95, 99])], kind: 'line' }),
    shares('Messages', [terms('icmp.version', 2), terms('icmp.request.message', 10)], { query: echoes }),
    shares('Answers', [terms('icmp.response.message', 10)], { query: echoes }),
    numbers('Lost', [count], { query: `${echoes} and status: Error`, width: 16, height: 12 }),
    table('Slowest hosts', [terms('destination.ip', 20)], {
      query: echoes,
      metrics: [average('event.duration'), count],
    }),
    table('Hosts that do not answer', [terms('destination.ip', 20)], {
      query: `${echoes} and status: Error`,
    }),
  ],
}

const calls = 'type: sip'

export const sip: Page = {
  id: 'sip',
  title: 'SIP',
  description: 'Requests, their answers, and calls.',
  panels: [
    overTime('Requests', { query: `${calls} and sip.type: request`, by: terms('sip.method', 15) }),
    overTime('Answers', { query: `${calls} and sip.code: *`, by: steps('sip.code', 100), kind: 'bars' }),
    overTime('Time to the answer, nanoseconds', {
      query: calls,
      metrics: [percentiles([50, 95, 99], 'sip.response_time')],
      kind: 'line',
    }),
    overTime('Failed', { query: `${calls} and sip.code >= 400`, by: terms('sip.code', 10), kind: 'bars' }),
    numbers('Calls', [distinct('sip.call_id', 'Calls'), average('sip.call_duration', 'Average length')], {
      query: calls,
      width: 24,
      height: 12,
    }),
    shares('User agents', [terms('sip.user_agent.original', 10)], { query: calls, width: 24 }),
    table('Who calls whom', [terms('sip.from.uri.original', 10), terms('sip.to.uri.original', 10)], {
      query: `${calls} and sip.method: INVITE`,
    }),
    table('Answers', [terms('sip.method', 10), terms('sip.code', 10), terms('sip.status', 1)], {
      query: calls,
    }),
    events('Messages', calls, [
      'sip.type',
      'sip.method',
      'sip.code',
      'sip.call_id',
      'source.ip',
      'destination.ip',
    ]),
  ],
}
