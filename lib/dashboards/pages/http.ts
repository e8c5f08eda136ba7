import {
  cloud,
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

const all = 'type: http'
const failed = 'type: http and http.response.status_code >= 400'

export const http: Page = {
  id: 'http',
  title: 'HTTP',
  description: 'Requests, their answers, and what is slow.',
  panels: [
    numbers('Requests', [{ ...count, label: 'Requests' }], { query: all, width: 12 }),
    numbers('Response times', [percentiles([50, 95, 99])], { query: all, width: 36 }),
    overTime('Requests by class of status', {
      query: all,
      by: filters({
        '1xx': 'http.response.status_code >= 100 and http.response.status_code < 200',
        '2xx': 'http.response.status_code >= 200 and http.response.status_code < 300',
        '3xx': 'http.response.status_code >= 300 and http.response.status_code < 400',
        '4xx': 'http.response.status_code >= 400 and http.response.status_code < 500',
        '5xx': 'http.response.status_code >= 500',
        'no answer': 'not http.response.status_code: *',
      }),
      kind: 'bars',
    }),
    overTime('Response times', { query: all, metrics: [percentiles([50, 95, 99])], kind: 'line' }),
    shares(
      'Status of the most frequent requests',
      [terms('query', 5), terms('http.response.status_code', 10)],
      {
        query: all,
        width: 24,
      },
    ),
    table('Errors by code', [terms('http.response.status_code', 20)], { query: failed, width: 24 }),
    overTime('Errors', { query: failed, by: terms('http.response.status_code', 10), kind: 'line' }),
    overTime('Bytes', {
      query: all,
      metrics: [sum('http.request.bytes', 'Requests'), sum('http.response.bytes', 'Responses')],
    }),
    table('Most frequent requests', [terms('url.full', 10)], { query: all }),
    table('Slowest requests', [terms('query', 10)], { query: all, metrics: [percentiles([50, 99]), count] }),
    cloud('Hosts', 'url.domain', { query: all }),
    table('User agents', [terms('user_agent.original', 10)], { query: all }),
    events('Failed requests', failed, [
      'url.full',
      'http.request.method',
      'http.response.status_code',
      'client.ip',
    ]),
    events('Requests', all, [
      'url.full',
      'http.request.method',
      'http.response.status_code',
      'event.duration',
    ]),
  ],
}
