import {
  average,
  count,
  distinct,
  events,
  largest,
  numbers,
  overTime,
  type Page,
  shares,
  smallest,
  sum,
  table,
  terms,
} from '../chart.js'

const all = 'type: dns'

export const dns: Page = {
  id: 'dns',
  title: 'DNS Overview',
  description: 'Questions, answers, and how long they take.',
  panels: [
    numbers(
      'Queries',
      [
        { ...count, label: 'Queries' },
        sum('source.bytes', 'Bytes in'),
        sum('destination.bytes', 'Bytes out'),
        average('event.duration', 'Average response time'),
      ],
      { query: all, width: 48 },
    ),
    overTime('Status', { query: all, by: terms('status', 5), kind: 'bars' }),
    overTime('Response time', {
      query: all,
      metrics: [smallest('event.duration'), average('event.duration'), largest('event.duration')],
    }),
    shares('Types of questions', [terms('dns.question.type', 12)], { query: all, width: 24 }),
    shares('Servers and their clients', [terms('destination.ip', 6), terms('source.ip', 10)], {
      query: all,
      width: 24,
    }),
    table('Most frequent questions', [terms('dns.question.name', 30)], { query: `${all} and status: OK` }),
    table('Response codes', [terms('dns.response_code', 20)], { query: all }),
    events('Failed queries', `${all} and not status: OK`, [
      'dns.question.name',
      'dns.question.type',
      'dns.response_code',
      'client.ip',
    ]),
  ],
}

// Whoever looks up addresses asks for many names, and no data leaves by it.
const questions = `${all} and not dns.question.type: PTR`
const domain = 'dns.question.registered_domain'

export const tunneling: Page = {
  id: 'dns-tunneling',
  title: 'DNS Tunneling',
  description: 'Many names, or many bytes, below one domain: data may leave by DNS.',
  panels: [
    overTime('Names by domain', {
      query: questions,
      metrics: [distinct('dns.question.name', 'Names')],
      by: terms(domain, 20),
    }),
    overTime('Bytes by domain', { query: questions, metrics: [sum('network.bytes')], by: terms(domain, 20) }),
    table('Domains with the most names', [terms(domain, 20)], {
      query: questions,
      metrics: [distinct('dns.question.name', 'Names'), distinct('client.ip', 'Clients'), count],
    }),
    table('Domains with the most bytes', [terms(domain, 20)], {
      query: questions,
      metrics: [sum('network.bytes'), sum('source.bytes'), sum('destination.bytes')],
    }),
    table('Types that carry texts', [terms(domain, 20), terms('dns.question.type', 5)], {
      query: `${questions} and dns.question.type: (TXT or NULL or CNAME or MX)`,
      width: 48,
    }),
  ],
}

const leases = 'type: dhcpv4'
const message = 'dhcpv4.option.message_type'

export const dhcpv4: Page = {
  id: 'dhcpv4',
  title: 'DHCPv4',
  description: 'Leases: who asks, what is given, and what is refused.',
  panels: [
    numbers('Refused and declined', [count], {
      query: `${leases} and ${message}: (nak or decline)`,
      width: 12,
    }),
    numbers('Transactions', [distinct('dhcpv4.transaction_id', 'Transactions')], {
      query: leases,
      width: 12,
    }),
    numbers('Clients', [distinct('dhcpv4.client_mac', 'Clients')], { query: leases, width: 12 }),
    numbers('Bytes', [sum('client.bytes', 'From clients'), sum('server.bytes', 'From servers')], {
      query: leases,
      width: 12,
    }),
    shares('Messages', [terms('dhcpv4.op_code', 2), terms(message, 10)], { query: leases }),
    overTime('Messages', { query: leases, by: terms(message, 10), kind: 'line', width: 32 }),
    table('Clients', [terms('dhcpv4.client_mac', 20), terms('dhcpv4.option.hostname', 2)], {
      query: leases,
      width: 24,
    }),
    table('Addresses', [terms('dhcpv4.assigned_ip', 20), terms('dhcpv4.client_mac', 2)], {
      query: leases,
      width: 24,
    }),
    events('Messages', leases, [
      'dhcpv4.transaction_id',
      'dhcpv4.op_code',
      message,
      'source.ip',
      'destination.ip',
      'dhcpv4.client_mac',
      'dhcpv4.option.hostname',
      'dhcpv4.option.class_identifier',
    ]),
  ],
}
