import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import { Certificates } from '../../../lib/protocols/tls/certificate.js'
import { made } from './certificates.js'

const certificates = new Certificates({ hashes: ['md5', 'sha1', 'sha256'], pem: true })
const read = (der: Buffer) => certificates.read(der, 0, der.length)

describe('certificates', () => {
  for (const [name, der] of Object.entries(made))
    it(`of ${name} are read as Node reads them`, () => {
      const { x509, hash, pem } = read(der)
      const node = new X509Certificate(der)
      assert.deepEqual(hash, {
        md5: createHash('md5').update(der).digest('hex').toUpperCase(),
        sha1: node.fingerprint.replaceAll(':', ''),
        sha256: node.fingerprint256.replaceAll(':', ''),
      })
      assert.equal(new X509Certificate(pem as string).fingerprint, node.fingerprint)
      assert.equal(x509?.serial_number, node.serialNumber.replace(/^0+/, ''))
      assert.equal(x509?.not_before, new Date(node.validFrom).toISOString())
      assert.equal(x509?.not_after, new Date(node.validTo).toISOString())
      assert.equal(x509?.subject.common_name, /CN=(.+)/.exec(node.subject)?.[1])
    })

  it('show names and alternative names of every kind', () => {
    const { x509 } = read(made.ecdsa)
    assert.deepEqual(x509?.subject, {
      country: 'DE',
      state_or_province: 'Bayern',
      locality: 'München',
      organization: 'A, B',
      organizational_unit: 'x y',
      common_name: 'a.example',
      distinguished_name: 'CN=a.example,OU=y,OU=x,O=A\\, B,L=München,ST=Bayern,C=DE',
    })
    assert.deepEqual(x509?.alternative_names, [
      'a.example',
      'x@a.example',
      '192.0.2.1',
      '2001:db8::1',
      'spiffe://a/b',
    ])
    assert.equal(read(made.pss).x509?.subject.distinguished_name, 'SERIALNUMBER=77+CN=pss')
  })

  it('name their algorithms', () => {
    assert.deepEqual(
      Object.values(made).map((der) => {
        const { x509 } = read(der)
        return [x509?.signature_algorithm, x509?.public_key_algorithm, x509?.public_key_size]
      }),
      [
        ['ECDSA-SHA256', 'ECDSA', 384],
        ['Ed25519', 'Ed25519', undefined],
        ['SHA384-RSAPSS', 'RSA', 1024],
      ],
    )
  })

  it('may end anywhere, or be wrong anywhere', () => {
    for (const der of Object.values(made))
      for (let at = 0; at < der.length; at++) {
        assert.equal(read(der.subarray(0, at)).x509, undefined)
        for (const value of [0, 0x30, 0x80, 0xff]) {
          const wrong = Buffer.from(der)
          wrong[at] = value
          JSON.stringify(read(wrong))
        }
      }
  })
})
