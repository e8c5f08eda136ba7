import { z } from 'zod'
import { duration, MINUTE } from '../../options/duration.js'
import { planned, secret } from '../../options/kinds.js'

// As upstream names them, and what OpenSSL calls the version.
export const versions = {
  'TLSv1.0': 'TLSv1',
  'TLSv1.1': 'TLSv1.1',
  'TLSv1.2': 'TLSv1.2',
  'TLSv1.3': 'TLSv1.3',
} as const

type Version = keyof typeof versions

const verificationModes = ['full', 'strict', 'certificate', 'none'] as const

/** `ssl` of every output that can be encrypted, and of Kibana. */
export const sslOption = () =>
  z
    .strictObject({
      enabled: z.boolean().default(true).describe('Switches it on and off.'),
      verification_mode: z
        .enum(verificationModes)
        .default('full')
        .describe(
          'What is checked of the server: `full` its authority and its name, `strict` its name in the subjectAltName only, `certificate` its authority only, `none` nothing.',
        ),
      supported_protocols: z
        .array(z.enum(Object.keys(versions) as [Version, ...Version[]]))
        .default([])
        .describe('Versions of TLS: 1.2 and 1.3 unless given.'),
      certificate_authorities: z
        .array(z.string().min(1))
        .default([])
        .describe('Authorities that are trusted instead of the usual ones: files, or PEM texts.'),
      certificate: z.string().min(1).optional().describe('The own certificate: a file, or a PEM text.'),
      key: secret(z.string().min(1).optional().describe('Its private key: a file, or a PEM text.')),
      key_passphrase: secret(z.string().optional().describe('What the private key is encrypted with.')),
      key_passphrase_path: z.string().optional().describe('A file with that passphrase.'),
      cipher_suites: z
        .array(z.string().min(1))
        .default([])
        .describe('Cipher suites up to TLS 1.2, such as `ECDHE-RSA-AES-256-GCM-SHA384`.'),
      curve_types: z
        .array(z.enum(['P-256', 'P-384', 'P-521', 'X25519']))
        .default([])
        .describe('Elliptic curves.'),
      ca_sha256: z
        .array(z.string().min(1))
        .default([])
        .describe('SHA-256 of public keys, in base64: one of the chain of the server must have one of them.'),
      ca_trusted_fingerprint: z
        .string()
        .regex(/^([\da-f]{2}:?){32}$/i, { message: 'must be a SHA-256 in hexadecimal digits' })
        .optional()
        .describe('SHA-256 of an authority, in hexadecimal digits: when the server sends it, it is trusted.'),
      renegotiation: planned(
        z.enum(['never', 'once', 'freely']).default('never').describe('Whether a server may negotiate anew.'),
      ),
      restart_on_cert_change: planned(
        z
          .strictObject({
            enabled: z.boolean().default(false).describe('Switches it on and off.'),
            period: duration().default(MINUTE).describe('How often to look.'),
          })
          .optional()
          .describe('Restart when certificates change.'),
      ),
    })
    .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
      message: 'needs both certificate and key, or neither',
    })
    .optional()
    .describe('Encryption.')

export type Ssl = NonNullable<z.output<ReturnType<typeof sslOption>>>
