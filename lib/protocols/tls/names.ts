// Names of the numbers in a handshake: IANA, "Transport Layer Security (TLS) Parameters" and "TLS ExtensionType Values".
// Where Packetbeat has another name (rsa_pss_sha256 for rsa_pss_rsae_sha256), it is Packetbeat's.

/** Reads a table whose lines are a code in hexadecimal and the names from it on. */
export function byCode(table: string, name = (word: string) => word): ReadonlyMap<number, string> {
  const names = new Map<number, string>()
  for (const line of table.trim().split('\n')) {
    const [first = '', ...words] = line.trim().split(' ')
    for (const [index, word] of words.entries())
      if (word !== '-') names.set(Number.parseInt(first, 16) + index, name(word))
  }
  return names
}

/** RFC 8422, 7919, 8446; hybrids with ML-KEM: draft-ietf-tls-ecdhe-mlkem. */
export const groups = byCode(`
1 sect163k1 sect163r1 sect163r2 sect193r1 sect193r2 sect233k1 sect233r1 sect239k1 sect283k1 sect283r1 sect409k1 sect409r1
d sect571k1 sect571r1 secp160k1 secp160r1 secp160r2 secp192k1 secp192r1 secp224k1 secp224r1 secp256k1 secp256r1 secp384r1
19 secp521r1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1 x25519 x448 brainpoolP256r1tls13 brainpoolP384r1tls13
21 brainpoolP512r1tls13 GC256A GC256B GC256C GC256D GC512A GC512B GC512C curveSM2
100 ffdhe2048 ffdhe3072 ffdhe4096 ffdhe6144 ffdhe8192
200 MLKEM512 MLKEM768 MLKEM1024
11eb SecP256r1MLKEM768 X25519MLKEM768 SecP384r1MLKEM1024
6399 X25519Kyber768Draft00 SecP256r1Kyber768Draft00
ff01 arbitrary_explicit_prime_curves arbitrary_explicit_char2_curves
`)

/** RFC 8446 §4.2.3; those of TLS 1.2 that are no schemes of TLS 1.3 are named the same way (RFC 5246 §7.4.1.4.1). */
export const signatureSchemes = byCode(`
101 rsa_pkcs1_md5 dsa_md5 ecdsa_md5
201 rsa_pkcs1_sha1 dsa_sha1 ecdsa_sha1
301 rsa_pkcs1_sha224 dsa_sha224 ecdsa_sha224
401 rsa_pkcs1_sha256 dsa_sha256 ecdsa_secp256r1_sha256
501 rsa_pkcs1_sha384 dsa_sha384 ecdsa_secp384r1_sha384
601 rsa_pkcs1_sha512 dsa_sha512 ecdsa_secp521r1_sha512
708 sm2sig_sm3
804 rsa_pss_sha256 rsa_pss_sha384 rsa_pss_sha512 ed25519 ed448 rsa_pss_pss_sha256 rsa_pss_pss_sha384 rsa_pss_pss_sha512
81a ecdsa_brainpoolP256r1tls13_sha256 ecdsa_brainpoolP384r1tls13_sha384 ecdsa_brainpoolP512r1tls13_sha512
904 mldsa44 mldsa65 mldsa87
`)

/** RFC 8446 §6, and those of older versions. */
export const alerts = byCode(`
0 close_notify
a unexpected_message
14 bad_record_mac decryption_failed record_overflow
1e decompression_failure
28 handshake_failure no_certificate bad_certificate unsupported_certificate certificate_revoked certificate_expired
2e certificate_unknown illegal_parameter unknown_ca access_denied decode_error decrypt_error
3c export_restriction
46 protocol_version insufficient_security
50 internal_error
56 inappropriate_fallback
5a user_canceled
64 no_renegotiation
6d missing_extension unsupported_extension certificate_unobtainable unrecognized_name bad_certificate_status_response
72 bad_certificate_hash_value unknown_psk_identity certificate_required
78 no_application_protocol ech_required
`)

export const compressionMethods = byCode('0 NULL DEFLATE\n40 LZS')
/** RFC 8422 §5.1.2. */
export const pointFormats = byCode('0 uncompressed ansiX962_compressed_prime ansiX962_compressed_char2')
/** RFC 6066 §4: bytes of a record. */
export const fragmentLengths = byCode('1 2^9 2^10 2^11 2^12')
/** RFC 6091 §3.1. */
export const certificateTypes = byCode('0 X.509 OpenPGP RawPublicKey')
/** RFC 6960 §4.2.1. */
export const ocspStatuses = byCode(
  '0 successful malformedRequest internalError tryLater - sigRequired unauthorized',
)

/** Extensions that are known by name but not decoded; others are listed by their number. */
export const passedOver = byCode(`
0 server_name_indication
3 trusted_ca_keys
6 user_mapping client_authz server_authz
ff01 renegotiation_info
`)

export const unknown = (code: number, digits = 4): string =>
  `(unknown:0x${code.toString(16).padStart(digits, '0')})`

/** RFC 8701: values that mean nothing, sent so that servers go on ignoring what they do not know. */
export const isGrease = (code: number): boolean => (code & 0x0f0f) === 0x0a0a && code >> 8 === (code & 0xff)

export const TLS_1_3 = 0x0304

/** Whether it is TLS 1.3, its drafts included, which number themselves 0x7f00 and up. */
export const isTls13 = (version: number): boolean =>
  version === TLS_1_3 || version >> 8 === 0x7f || version >> 8 === 0xfb

/** `1.2` of `tls`, `3.0` of `ssl`. */
export function versionOf(version: number): { number: string; protocol: string } {
  if (version === 0x0002) return { number: '2.0', protocol: 'ssl' }
  if (version === 0x0300) return { number: '3.0', protocol: 'ssl' }
  if (version > 0x0300 && version <= TLS_1_3) return { number: `1.${(version & 0xff) - 1}`, protocol: 'tls' }
  return isTls13(version) ? { number: '1.3', protocol: 'tls' } : { number: unknown(version), protocol: 'tls' }
}

/** `TLS 1.2`. */
export function versionName(version: number): string {
  const { number, protocol } = versionOf(version)
  const draft = isTls13(version) && version !== TLS_1_3 ? ` (draft ${version & 0xff})` : ''
  return `${protocol.toUpperCase()} ${number}${draft}`
}
