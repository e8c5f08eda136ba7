import { hash } from 'node:crypto'
import type { Extensions } from './extension-list.js'
import { isGrease } from './names.js'
import { hash12, hex4, type SuiteList } from './suite-list.js'

/** Of a ClientHello JA3 and JA4, of a ServerHello JA3S and JA4S. */
export interface Fingerprints {
  ja3: string
  ja4: string
}

const SERVER_NAME = 0
const GROUPS = 10
const POINT_FORMATS = 11
const SIGNATURE_ALGORITHMS = 13
const ALPN = 16
const SUPPORTED_VERSIONS = 43

const meaningful = (codes: readonly number[]) => codes.filter((code) => !isGrease(code))
const codesOf = (extensions: Extensions, type: number) => extensions.byType.get(type)?.codes ?? []

export const fingerprints = {
  client(version: number, suites: SuiteList, extensions: Extensions): Fingerprints {
    const types = meaningful(extensions.types)
    // JA3: "JA3 - A method for profiling SSL/TLS Clients" (Salesforce, 2017).
    const ja3 = [
      version,
      suites.ja3,
      types.join('-'),
      meaningful(codesOf(extensions, GROUPS)).join('-'),
      codesOf(extensions, POINT_FORMATS).join('-'),
    ].join(',')
    // JA4: FoxIO, technical_details/JA4.
    const offered = meaningful(codesOf(extensions, SUPPORTED_VERSIONS))
    const head = `t${ja4Version(Math.max(...offered, offered.length === 0 ? version : 0))}${
      types.includes(SERVER_NAME) ? 'd' : 'i'
    }${two(suites.count)}${two(types.length)}${ja4Alpn(extensions)}`
    const sorted = types
      .filter((type) => type !== SERVER_NAME && type !== ALPN)
      .map(hex4)
      .sort()
    const schemes = meaningful(codesOf(extensions, SIGNATURE_ALGORITHMS)).map(hex4)
    const last = schemes.length > 0 ? `${sorted.join(',')}_${schemes.join(',')}` : sorted.join(',')
    return { ja3: hash('md5', ja3), ja4: `${head}_${suites.ja4}_${hash12(last)}` }
  },

  server(version: number, suite: number, extensions: Extensions): Fingerprints {
    const { types } = extensions
    const selected = codesOf(extensions, SUPPORTED_VERSIONS)[0] ?? version
    const head = `t${ja4Version(selected)}${two(types.length)}${ja4Alpn(extensions)}`
    return {
      ja3: hash('md5', `${version},${suite},${types.join('-')}`),
      ja4: `${head}_${hex4(suite)}_${hash12(types.map(hex4).join(','))}`,
    }
  },
}

const two = (count: number): string => String(Math.min(count, 99)).padStart(2, '0')

function ja4Version(version: number): string {
  if (version === 0x0002) return 's2'
  if (version === 0x0300) return 's3'
  return version > 0x0300 && version <= 0x0304 ? `1${(version & 0xff) - 1}` : '00'
}

/** The first and the last character of the first protocol; where they are no letters or digits, of its hexadecimal form. */
function ja4Alpn(extensions: Extensions): string {
  const name = extensions.byType.get(ALPN)?.names?.[0]
  if (name === undefined || name === '') return '00'
  const bytes = Buffer.from(name)
  const ends = String.fromCharCode(bytes[0] as number, bytes.at(-1) as number)
  if (/^[0-9a-zA-Z]{2}$/.test(ends)) return ends
  const hex = bytes.toString('hex')
  return `${hex[0]}${hex.at(-1)}`
}
