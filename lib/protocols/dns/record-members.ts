import type { Members } from '../../events/fields.js'

const text = (description: string) => ({ type: 'keyword', description }) as const
const number = (description: string) => ({ type: 'long', description }) as const

/** What a resource record of an event may have: `Resource`. */
export const recordMembers: Members = {
  name: { ...text('Its owner.'), always: true },
  type: { ...text('Its type, such as A.'), always: true },
  class: { ...text('Its class, mostly IN.'), always: true },
  ttl: { ...text('Seconds that it may be kept.'), always: true },
  data: { ...text('What it says: an address, a name, a text.'), always: true },
  preference: number('Of MX: the lower one is asked first.'),
  rname: text('Of SOA: the mailbox of who is responsible.'),
  serial: number('Of SOA: the version of the zone.'),
  refresh: number('Of SOA: seconds between two looks of a secondary server.'),
  retry: number('Of SOA: seconds before another look, when one failed.'),
  expire: number('Of SOA: seconds after which a secondary server gives up.'),
  minimum: number('Of SOA: seconds that an answer that there is no such name may be kept.'),
  priority: number('Of SRV: the lower one is asked first.'),
  weight: number('Of SRV: its share among those of one priority.'),
  port: number('Of SRV: the port of the service.'),
  key_tag: text('Of DS and RRSIG: which key is meant.'),
  algorithm: text('Of DNSSEC: the algorithm of the key or the signature.'),
  digest_type: text('Of DS: the algorithm of the digest.'),
  flags: text('Of DNSKEY and NSEC3: flags, as a number.'),
  protocol: text('Of DNSKEY: 3.'),
  type_covered: text('Of RRSIG: the type of the records that are signed.'),
  labels: text('Of RRSIG: labels of the owner, without those a wildcard stands for.'),
  original_ttl: text('Of RRSIG: the ttl of the records in their zone.'),
  expiration: text('Of RRSIG: until when it is valid, YYYYMMDDHHmmSS.'),
  inception: text('Of RRSIG: since when it is valid, YYYYMMDDHHmmSS.'),
  signer_name: text('Of RRSIG: the zone of the key.'),
  type_bits: text('Of NSEC and NSEC3: the types that the owner has.'),
  hash: text('Of NSEC3: the hash algorithm.'),
  iterations: text('Of NSEC3: how often it is hashed.'),
  salt: text('Of NSEC3: what is hashed with the name, hexadecimal.'),
}
