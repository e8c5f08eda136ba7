import { hash } from 'node:crypto'
import { Malformed } from '../../wire/cursor.js'
import { formatAddress } from './address.js'
import {
  dotted,
  type Element,
  element,
  expect,
  INTEGER,
  inside,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  SEQUENCE,
  serial,
  time,
} from './der.js'
import { distinguishedName, type Name } from './distinguished-name.js'
import { publicKey, signatureAlgorithm } from './public-key.js'
import { Recent } from './recent.js'
import { hash12 } from './suite-list.js'

/** What a certificate says, as `tls.server.x509` shows it. */
export interface X509 {
  alternative_names?: string[]
  issuer: Name
  not_after?: string
  not_before?: string
  public_key_algorithm: string
  public_key_size?: number
  serial_number: string
  signature_algorithm: string
  subject: Name
  version_number: number
}

export type HashName = 'md5' | 'sha1' | 'sha256'

/** A certificate. */
export interface Certificate {
  /** undefined: it is not one that can be read. */
  x509: X509 | undefined
  /** Fingerprints of its DER form, upper case. */
  hash: Partial<Record<HashName, string>>
  /** undefined: nobody wants it. */
  pem: string | undefined
  /** FoxIO, technical_details/JA4X. */
  ja4x: string | undefined
  /** All its fingerprints, for `related.hash`. */
  related: readonly string[]
}

export interface Wanted {
  hashes: readonly HashName[]
  pem: boolean
}

// Longer certificates are few. 256 of them with what is made of them are some megabytes.
const MAX_KEY = 8192
const KEPT = 128

/** Reads certificates; a server sends the same again and again, so that each is read once. */
export class Certificates {
  readonly #known = new Recent<Certificate>(KEPT)
  readonly #wanted: Wanted

  constructor(wanted: Wanted) {
    this.#wanted = wanted
  }

  read(bytes: Buffer, start: number, end: number): Certificate {
    if (end - start > MAX_KEY) return this.#make(bytes.subarray(start, end))
    const key = bytes.latin1Slice(start, end)
    return this.#known.get(key) ?? this.#known.set(key, this.#make(bytes.subarray(start, end)))
  }

  #make(der: Buffer): Certificate {
    const { hashes, pem } = this.#wanted
    const read = certificate(der)
    const sums = hashes.map((name) => hash(name, der).toUpperCase())
    const ja4x = read?.ja4x
    return {
      x509: read?.x509,
      hash: Object.fromEntries(hashes.map((name, index) => [name, sums[index]])),
      pem: pem ? pemOf(der) : undefined,
      ja4x,
      related: ja4x === undefined ? sums : [...sums, ja4x],
    }
  }
}

/** RFC 7468. */
const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`

function certificate(der: Buffer): { x509: X509; ja4x: string } | undefined {
  try {
    return read(der)
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

/** A Certificate, RFC 5280 §4.1. */
function read(der: Buffer): { x509: X509; ja4x: string } {
  const [signed, algorithm] = inside(der, expect(element(der, 0, der.length), SEQUENCE))
  const fields = inside(der, expect(signed, SEQUENCE))
  const versioned = fields[0]?.tag === 0xa0
  const [number, , issuerField, validity, subjectField, key, ...optional] = versioned
    ? fields.slice(1)
    : fields
  const issuer = distinguishedName(der, expect(issuerField, SEQUENCE))
  const subject = distinguishedName(der, expect(subjectField, SEQUENCE))
  const [notBefore, notAfter] = inside(der, expect(validity, SEQUENCE))
  const { algorithm: keyAlgorithm, size } = publicKey(der, expect(key, SEQUENCE))
  const { oids, alternativeNames } = extensions(
    der,
    optional.find(({ tag }) => tag === 0xa3),
  )
  const before = notBefore && time(der, notBefore)
  const after = notAfter && time(der, notAfter)
  return {
    x509: {
      ...(alternativeNames.length > 0 ? { alternative_names: alternativeNames } : {}),
      issuer: issuer.name,
      ...(after === undefined ? {} : { not_after: after }),
      ...(before === undefined ? {} : { not_before: before }),
      public_key_algorithm: keyAlgorithm,
      ...(size === undefined ? {} : { public_key_size: size }),
      serial_number: serial(der, expect(number, INTEGER)),
      signature_algorithm: signatureAlgorithm(der, expect(algorithm, SEQUENCE)),
      subject: subject.name,
      version_number: versioned ? version(der, fields[0] as Element) : 1,
    },
    ja4x: [issuer.oids, subject.oids, oids].map((list) => hash12(list.join(','))).join('_'),
  }
}

function version(der: Buffer, { start, end }: Element): number {
  const number = expect(element(der, start, end), INTEGER)
  return (der[number.start] ?? 0) + 1
}

const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17'

/** Extensions, RFC 5280 §4.1.2.9: the contents of their OIDs in hexadecimal, and what the subject is also called. */
function extensions(der: Buffer, list: Element | undefined): { oids: string[]; alternativeNames: string[] } {
  const oids: string[] = []
  let alternativeNames: string[] = []
  if (list !== undefined)
    for (const extension of inside(der, element(der, list.start, list.end))) {
      const parts = inside(der, extension)
      const oid = expect(parts[0], OBJECT_IDENTIFIER)
      oids.push(der.hexSlice(oid.start, oid.end))
      if (dotted(der, oid) === SUBJECT_ALTERNATIVE_NAME)
        alternativeNames = generalNames(der, expect(parts.at(-1), OCTET_STRING))
    }
  return { oids, alternativeNames }
}

/** GeneralNames, RFC 5280 §4.2.1.6: names of hosts, then mail addresses, IP addresses and URIs. */
function generalNames(der: Buffer, { start, end }: Element): string[] {
  const names = inside(der, element(der, start, end))
  const ofKind = (tag: number, read: (name: Element) => string) =>
    names.filter((name) => name.tag === tag).map(read)
  const text = (name: Element) => der.utf8Slice(name.start, name.end)
  return [
    ...ofKind(0x82, text),
    ...ofKind(0x81, text),
    ...ofKind(0x87, (name) => formatAddress(der, name.start, name.end)),
    ...ofKind(0x86, text),
  ]
}
