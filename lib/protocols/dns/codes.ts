// Names of the numbers in DNS messages: IANA, "Domain Name System (DNS) Parameters". Numbers without a name here are
// printed as numbers, as upstream does.

const named = (names: Readonly<Record<number, string>>): ((code: number) => string) => {
  const map = new Map(Object.entries(names).map(([code, name]) => [Number(code), name]))
  return (code) => map.get(code) ?? String(code)
}

/** Numbers of the types that are treated in a way of their own. */
export const types = {
  A: 1,
  NS: 2,
  MD: 3,
  MF: 4,
  CNAME: 5,
  SOA: 6,
  MB: 7,
  MG: 8,
  MR: 9,
  PTR: 12,
  HINFO: 13,
  MINFO: 14,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  RT: 21,
  AAAA: 28,
  LOC: 29,
  SRV: 33,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  HIP: 55,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  EUI48: 108,
  EUI64: 109,
  IXFR: 251,
  AXFR: 252,
  URI: 256,
  CAA: 257,
  AVC: 258,
  DLV: 32769,
} as const

// The types that are named only.
const otherTypes = {
  None: 0,
  NULL: 10,
  WKS: 11,
  X25: 19,
  ISDN: 20,
  NSAP: 22,
  'NSAP-PTR': 23,
  SIG: 24,
  KEY: 25,
  PX: 26,
  GPOS: 27,
  NXT: 30,
  EID: 31,
  NIMLOC: 32,
  ATMA: 34,
  A6: 38,
  SINK: 40,
  APL: 42,
  NINFO: 56,
  RKEY: 57,
  TALINK: 58,
  DSYNC: 66,
  UINFO: 100,
  UID: 101,
  GID: 102,
  UNSPEC: 103,
  NID: 104,
  L32: 105,
  L64: 106,
  LP: 107,
  NXNAME: 128,
  TKEY: 249,
  TSIG: 250,
  MAILB: 253,
  MAILA: 254,
  ANY: 255,
  DOA: 259,
  AMTRELAY: 260,
  RESINFO: 261,
  WALLET: 262,
  CLA: 263,
  IPN: 264,
  TA: 32768,
}

export const typeName = named(
  Object.fromEntries(Object.entries({ ...types, ...otherTypes }).map(([name, code]) => [code, name])),
)

export const className = named({ 1: 'IN', 2: 'CS', 3: 'CH', 4: 'HS', 254: 'NONE', 255: 'ANY' })

// RFC 1035 §4.1.1, RFC 1996, RFC 2136
export const opcodeName = named({ 0: 'QUERY', 1: 'IQUERY', 2: 'STATUS', 4: 'NOTIFY', 5: 'UPDATE' })

const rcodes: readonly (string | undefined)[] = [
  ...'NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN YXRRSET NXRRSET NOTAUTH NOTZONE'.split(' '),
  ...new Array<undefined>(5), // 11 to 15: upstream has no name for 11, and the others have none
  ...'BADVERS BADKEY BADTIME BADMODE BADNAME BADALG BADTRUNC BADCOOKIE'.split(' '),
]

/** RFC 1035 §4.1.1; with EDNS it has twelve bits (RFC 6891 §6.1.3). */
export const rcodeName = (rcode: number): string => rcodes[rcode] ?? `Unknown ${rcode}`

/** RFC 4034 appendix A.1. */
export const algorithmName = named({
  1: 'RSAMD5',
  2: 'DH',
  3: 'DSA',
  5: 'RSASHA1',
  6: 'DSA-NSEC3-SHA1',
  7: 'RSASHA1-NSEC3-SHA1',
  8: 'RSASHA256',
  10: 'RSASHA512',
  12: 'ECC-GOST',
  13: 'ECDSAP256SHA256',
  14: 'ECDSAP384SHA384',
  15: 'ED25519',
  16: 'ED448',
  252: 'INDIRECT',
  253: 'PRIVATEDNS',
  254: 'PRIVATEOID',
})

/** RFC 4034 appendix A.2; of NSEC3 too, whose only one is SHA1. */
export const digestName = named({ 1: 'SHA1', 2: 'SHA256', 3: 'GOST94', 4: 'SHA384', 5: 'SHA512' })

/** RFC 4398 §2.1. */
export const certificateTypeName = named({
  1: 'PKIX',
  2: 'SPKI',
  3: 'PGP',
  4: 'IPKIX',
  5: 'ISPKI',
  6: 'IPGP',
  7: 'ACPKIX',
  8: 'IACPKIX',
  253: 'URI',
  254: 'OID',
})

/** RFC 9460 §14.3.2. */
export const serviceParameterName = (key: number): string =>
  ['mandatory', 'alpn', 'no-default-alpn', 'port', 'ipv4hint', 'ech', 'ipv6hint', 'dohpath', 'ohttp'][key] ??
  `key${key}`

/** Extended DNS errors, RFC 8914 §4. */
export const extendedErrorName = (code: number): string | undefined => extendedErrors[code]

const extendedErrors: readonly string[] = [
  'Other',
  'Unsupported DNSKEY Algorithm',
  'Unsupported DS Digest Type',
  'Stale Answer',
  'Forged Answer',
  'DNSSEC Indeterminate',
  'DNSSEC Bogus',
  'Signature Expired',
  'Signature Not Yet Valid',
  'DNSKEY Missing',
  'RRSIGs Missing',
  'No Zone Key Bit Set',
  'NSEC Missing',
  'Cached Error',
  'Not Ready',
  'Blocked',
  'Censored',
  'Filtered',
  'Prohibited',
  'Stale NXDOMAIN Answer',
  'Not Authoritative',
  'Not Supported',
  'No Reachable Authority',
  'Network Error',
  'Invalid Data',
  'Signature Expired before Valid',
  'Too Early',
  'Unsupported NSEC3 Iterations Value',
  'Unable to conform to policy',
  'Synthesized',
]
