import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ConnectionOptions, PeerCertificate } from 'node:tls'
import { UserError } from '../../errors.js'
import { type Ssl, versions } from './options.js'

// Many starts read no certificate, and Node takes long to load TLS.
const tls = () => process.getBuiltinModule('node:tls')

/**
 * What `tls.connect` is to be told. Files are found below `folder`, the one of the configuration.
 * @throws {UserError} 'ERR_CONFIG_INVALID' for a file that cannot be read, or that is no certificate or key.
 */
export function tlsOptions(ssl: Ssl | undefined, folder: string): ConnectionOptions {
  if (ssl === undefined) return { minVersion: 'TLSv1.2' }
  const { verification_mode, supported_protocols, cipher_suites, curve_types } = ssl
  const spoken = supported_protocols.map((name) => versions[name]).sort()
  const pem = (setting: string, text: string) => pemOf(`ssl.${setting}`, text, folder)
  const authorities = ssl.certificate_authorities.map((text) => pem('certificate_authorities', text))
  const passphrase =
    ssl.key_passphrase ??
    (ssl.key_passphrase_path === undefined
      ? undefined
      : pem('key_passphrase_path', ssl.key_passphrase_path).replace(/\r?\n$/, ''))
  return {
    minVersion: spoken[0] ?? 'TLSv1.2',
    ...(spoken.length > 0 && { maxVersion: spoken.at(-1) as 'TLSv1.3' }),
    ...(authorities.length > 0 && { ca: authorities }),
    ...(ssl.certificate !== undefined && { cert: pem('certificate', ssl.certificate) }),
    ...(ssl.key !== undefined && { key: pem('key', ssl.key) }),
    ...(passphrase !== undefined && { passphrase }),
    ...(cipher_suites.length > 0 && { ciphers: cipher_suites.map(openSslName).join(':') }),
    ...(curve_types.length > 0 && { ecdhCurve: curve_types.join(':') }),
    rejectUnauthorized: verification_mode !== 'none',
    checkServerIdentity: (name, certificate) =>
      wrongIdentity(ssl, name, certificate) ??
      (ssl.ca_sha256.length === 0 ? undefined : unpinned(ssl, certificate)),
  }
}

/**
 * The options with the authority of `ca_trusted_fingerprint` among those trusted, when the server sends it. Costs a
 * connection of its own. Rejects when the server cannot be reached.
 */
export async function withTrusted(
  options: ConnectionOptions,
  fingerprint: string | undefined,
  server: { host: string; port: number },
): Promise<ConnectionOptions> {
  if (fingerprint === undefined) return options
  const wanted = fingerprint.replaceAll(':', '').toLowerCase()
  const chain = await chainOf({ ...options, ...server, rejectUnauthorized: false })
  const found = chain.find(({ raw }) => createHash('sha256').update(raw).digest('hex') === wanted)
  if (found === undefined) return options
  const usual = options.ca === undefined ? tls().rootCertificates : [options.ca].flat()
  return { ...options, ca: [...usual, new X509Certificate(found.raw).toString()] }
}

const TIMEOUT = 10_000

function chainOf(options: ConnectionOptions): Promise<PeerCertificate[]> {
  return new Promise((done, reject) => {
    const socket = tls().connect({ ...options, timeout: TIMEOUT }, () => {
      const chain: PeerCertificate[] = []
      let next = socket.getPeerCertificate(true)
      while (next?.raw !== undefined && !chain.includes(next)) {
        chain.push(next)
        next = next.issuerCertificate
      }
      socket.end()
      done(chain)
    })
    socket.on('error', reject)
    socket.on('timeout', () => socket.destroy(new Error('the TLS handshake takes too long')))
  })
}

function wrongIdentity(
  { verification_mode }: Ssl,
  name: string,
  certificate: PeerCertificate,
): Error | undefined {
  if (verification_mode === 'certificate' || verification_mode === 'none') return undefined
  if (verification_mode === 'strict' && !certificate.subjectaltname)
    return new Error(
      'the certificate of the server has no subjectAltName, which ssl.verification_mode: strict asks for',
    )
  return tls().checkServerIdentity(name, certificate)
}

function unpinned({ ca_sha256 }: Ssl, certificate: PeerCertificate): Error | undefined {
  const seen = new Set<PeerCertificate>()
  let next: PeerCertificate | undefined = certificate
  while (next?.raw !== undefined && !seen.has(next)) {
    seen.add(next)
    const key = new X509Certificate(next.raw).publicKey.export({ type: 'spki', format: 'der' })
    if (ca_sha256.includes(createHash('sha256').update(key).digest('base64'))) return undefined
    next = (next as PeerCertificate & { issuerCertificate?: PeerCertificate }).issuerCertificate
  }
  return new Error('no certificate of the server has a public key of ssl.ca_sha256')
}

function pemOf(setting: string, text: string, folder: string): string {
  if (text.includes('-----BEGIN ')) return text
  try {
    return readFileSync(resolve(folder, text), 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be read' : String(code)
    throw new UserError('ERR_CONFIG_INVALID', `${setting}: cannot read ${resolve(folder, text)}: ${why}.`, {
      cause,
    })
  }
}

/** Upstream's names have a hyphen where OpenSSL's have none: `AES-256-GCM` is `AES256-GCM`. */
const openSslName = (name: string): string =>
  name
    .replace(/AES-(128|256)-CBC/, 'AES$1')
    .replace(/AES-(128|256)/, 'AES$1')
    .replace(/^RSA-/, '')
    .replace('CHACHA20-POLY1305-SHA256', 'CHACHA20-POLY1305')
    .replace('3DES-CBC3-SHA', 'DES-CBC3-SHA')
