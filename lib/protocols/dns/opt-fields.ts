import { defineFields, type Field, type Value } from '../../events/fields.js'
import type { Opt } from './edns.js'
import { type DnsTransaction, outcome } from './transaction.js'

const opt = (
  description: string,
  of: (opt: Opt) => Value,
  type: Field<DnsTransaction>['type'] = 'keyword',
): Field<DnsTransaction> => ({
  type,
  description,
  value: (transaction) => {
    const { opt } = outcome(transaction)
    return opt && of(opt)
  },
})

/** What EDNS adds: options of the response, or of the query when there is none. */
export const optFields = defineFields<DnsTransaction>({
  'dns.opt.do': opt('The client wants signatures (DNSSEC OK).', (opt) => opt.do, 'boolean'),
  'dns.opt.version': opt('The version of EDNS.', (opt) => opt.version),
  'dns.opt.udp_size': opt(
    'Bytes of the longest datagram the sender can take.',
    (opt) => opt.udp_size,
    'long',
  ),
  'dns.opt.ext_rcode': opt(
    'The response code when it is one that only EDNS has, else NOERROR.',
    (opt) => opt.ext_rcode,
  ),
  'dns.opt.llq': opt(
    'Long-lived query: version, operation, error, id and lease in seconds.',
    (opt) => opt.llq,
  ),
  'dns.opt.ul': opt('Lease of an update, in seconds.', (opt) => opt.ul),
  'dns.opt.nsid': opt('Identifier of the server, in hexadecimal.', (opt) => opt.nsid),
  'dns.opt.dau': opt('DNSSEC algorithms the client understands.', (opt) => opt.dau),
  'dns.opt.dhu': opt('DS digests the client understands.', (opt) => opt.dhu),
  'dns.opt.n3u': opt('NSEC3 hashes the client understands.', (opt) => opt.n3u),
  'dns.opt.subnet': opt(
    'Network of the client that a resolver asks for: address/prefix/scope.',
    (opt) => opt.subnet,
  ),
  'dns.opt.expire': opt(
    'Seconds until a secondary server must give up the zone.',
    (opt) => opt.expire,
    'long',
  ),
  'dns.opt.cookie': opt('Cookies of client and server, in hexadecimal.', (opt) => opt.cookie),
  'dns.opt.tcp_keepalive': opt(
    'Milliseconds the server keeps an idle connection.',
    (opt) => opt.tcp_keepalive,
    'long',
  ),
  'dns.opt.padding': opt('Bytes of padding.', (opt) => opt.padding, 'long'),
  'dns.opt.ede': {
    ...opt('Extended errors: code, name and what the server says.', (opt) => opt.ede),
    list: true,
  },
  'dns.opt.local': opt('Options for local use: code and bytes.', (opt) => opt.local),
  'dns.opt.other': {
    ...opt('Options without a field of their own: code and bytes.', (opt) => opt.other),
    list: true,
  },
})
