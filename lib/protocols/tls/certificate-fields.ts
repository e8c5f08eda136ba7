import { type Fields, filled } from '../../events/fields.js'
import { printedOnce } from '../../events/json.js'
import type { Certificate, HashName } from './certificate.js'
import { certificateMembers } from './certificate-members.js'
import { field, keyword, type PartOf, plain, type TlsField } from './part.js'
import type { TlsTransaction } from './transaction.js'

/** The fields of one side's certificates. */
export function certificateFields(side: 'client' | 'server'): Fields<TlsTransaction> {
  const chain: PartOf<readonly Certificate[]> = (transaction) =>
    side === 'client' ? transaction.clientCertificates : transaction.serverCertificates
  const leaf: PartOf<Certificate> = (transaction) => chain(transaction)?.[0]
  const shown =
    <Part>(of: PartOf<Part>): PartOf<Part> =>
    (transaction) =>
      transaction.certificates ? of(transaction) : undefined
  const hash = (name: HashName) =>
    plain(
      leaf,
      `${name.toUpperCase()} of the ${side}’s certificate, in upper case.`,
      ({ hash }) => hash[name],
    )
  const date = (description: string, value: (certificate: Certificate) => string | undefined): TlsField =>
    field(leaf, { type: 'date', plain: true, description, value })
  return {
    [`tls.${side}.subject`]: keyword(
      leaf,
      `Whose the ${side}’s certificate is.`,
      ({ x509 }) => x509?.subject.distinguished_name,
    ),
    [`tls.${side}.issuer`]: keyword(
      leaf,
      `Who issued the ${side}’s certificate.`,
      ({ x509 }) => x509?.issuer.distinguished_name,
    ),
    [`tls.${side}.not_before`]: date(
      `Since when the ${side}’s certificate is valid.`,
      ({ x509 }) => x509?.not_before,
    ),
    [`tls.${side}.not_after`]: date(
      `Until when the ${side}’s certificate is valid.`,
      ({ x509 }) => x509?.not_after,
    ),
    [`tls.${side}.hash.md5`]: hash('md5'),
    [`tls.${side}.hash.sha1`]: hash('sha1'),
    [`tls.${side}.hash.sha256`]: hash('sha256'),
    [`tls.${side}.ja4x`]: plain(
      leaf,
      `Fingerprint of how the ${side}’s certificate is made, JA4X.`,
      ({ ja4x }) => ja4x,
    ),
    [`tls.${side}.certificate_chain`]: field(chain, {
      type: 'keyword',
      list: true,
      description: `The ${side}’s certificates as PEM, with include_raw_certificates.`,
      value: (certificates) => filled(certificates.map(({ pem }) => pem).filter((pem) => pem !== undefined)),
    }),
    [`tls.${side}.x509`]: field(shown(leaf), {
      type: 'object',
      members: certificateMembers,
      description: `The ${side}’s certificate: names, validity, serial number, algorithms.`,
      value: ({ x509 }) => x509,
      json: printedOnce,
    }),
    [`tls.detailed.${side}_certificate_chain`]: field(shown(chain), {
      type: 'object',
      list: true,
      members: certificateMembers,
      description: `The certificates that follow the ${side}’s own.`,
      value: (certificates) =>
        filled(
          certificates
            .slice(1)
            .map(({ x509 }) => x509)
            .filter((x509) => x509 !== undefined),
        ),
      json: (chain) => `[${chain.map(printedOnce).join(',')}]`,
    }),
  }
}

/** Fingerprints of a side's certificate, which lists of bad ones are asked for. */
export const certificateHashes = (certificate: Certificate | undefined): readonly string[] =>
  certificate === undefined ? [] : certificate.related
