import {
  type ExtensionList,
  type Extensions,
  findExtensions,
  noExtensions,
  readExtensions,
} from './extension-list.js'
import { type Fingerprints, fingerprints } from './fingerprints.js'
import { compressionMethods, unknown } from './names.js'
import { Reader } from './reader.js'
import { Recent } from './recent.js'
import { type SuiteList, suiteList } from './suite-list.js'

// Extensions whose content or presence says what kind of handshake it is.
const PRE_SHARED_KEY = 41
const EARLY_DATA = 42
const SUPPORTED_VERSIONS = 43

// The random of a ServerHello that asks for another ClientHello: SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3).
const RETRY = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c'

/** What ClientHello and ServerHello have in common. */
export interface Hello {
  /** Of the hello itself, such as 0x0303. */
  version: number
  /** Hexadecimal. */
  random: string
  /** Hexadecimal; empty: there is none. */
  sessionId: string
  extensions: Extensions
  /** What the extensions are that each connection has of its own. */
  own: ExtensionList
}

/** RFC 8446 §4.1.2. */
export interface ClientHello extends Hello {
  suites: SuiteList
  compressionMethods: readonly string[]
  /** Application data may follow before the server has answered. */
  earlyData: boolean
  ja3: string
  ja4: string
}

/** RFC 8446 §4.1.3. */
export interface ServerHello extends Hello {
  suite: number
  compressionMethod: string
  /** The version that is spoken. */
  selected: number
  /** A pre-shared key of the client's was taken. */
  preSharedKey: boolean
  /** Not the server's hello yet, but a request for another ClientHello. */
  retry: boolean
  ja3s: string
  ja4s: string
}

const reader = new Reader()

/** @throws {Malformed} */
export function clientHello(bytes: Buffer, start: number, end: number): ClientHello {
  reader.reset(bytes, start, end)
  const version = reader.u16()
  const random = reader.hex(32)
  const sessionId = reader.hex(reader.u8())
  const suitesLength = reader.u16() & ~1
  const suitesAt = reader.skip(suitesLength)
  const suites = suiteList(bytes, suitesAt, suitesAt + suitesLength, 2)
  const methodsLength = reader.u8()
  const methodsAt = reader.skip(methodsLength)
  const own = findExtensions(reader, false)
  const { extensions, ja3, ja4 } = clientKind(version, suites, own)
  return {
    version,
    random,
    sessionId,
    extensions,
    own,
    suites,
    compressionMethods: methods(bytes, methodsAt, methodsAt + methodsLength),
    earlyData: extensions.types.includes(EARLY_DATA),
    ja3,
    ja4,
  }
}

/** A ClientHello as SSL 2.0 wrote it, from its type on. RFC 5246 Appendix E.2. @throws {Malformed} */
export function ssl2ClientHello(bytes: Buffer, start: number, end: number): ClientHello {
  reader.reset(bytes, start + 1, end)
  const version = reader.u16()
  const suitesLength = reader.u16()
  const idLength = reader.u16()
  const challengeLength = reader.u16()
  const suitesAt = reader.skip(suitesLength)
  const suites = suiteList(bytes, suitesAt, suitesAt + suitesLength - (suitesLength % 3), 3)
  const sessionId = reader.hex(idLength)
  // The challenge is the random, which has zeros before it when it is shorter.
  const random = reader.hex(challengeLength).padStart(64, '0')
  const own = noExtensions(false)
  const { extensions, ja3, ja4 } = clientKind(version, suites, own)
  return {
    version,
    random,
    sessionId,
    extensions,
    own,
    suites,
    compressionMethods: [],
    earlyData: false,
    ja3,
    ja4,
  }
}

/** @throws {Malformed} */
export function serverHello(bytes: Buffer, start: number, end: number): ServerHello {
  reader.reset(bytes, start, end)
  const version = reader.u16()
  const random = reader.hex(32)
  const sessionId = reader.hex(reader.u8())
  const suite = reader.u16()
  const method = reader.u8()
  const own = findExtensions(reader, true)
  const { extensions, ja3: ja3s, ja4: ja4s } = serverKind(version, suite, own)
  return {
    version,
    random,
    sessionId,
    extensions,
    own,
    suite,
    compressionMethod: compressionMethods.get(method) ?? unknown(method, 2),
    selected: extensions.byType.get(SUPPORTED_VERSIONS)?.codes?.[0] ?? version,
    preSharedKey: extensions.types.includes(PRE_SHARED_KEY),
    retry: random === RETRY,
    ja3s,
    ja4s,
  }
}

// A name list per compression method list: there are two in use.
const lists = new Recent<readonly string[]>(64)

function methods(bytes: Buffer, start: number, end: number): readonly string[] {
  const key = bytes.latin1Slice(start, end)
  return (
    lists.get(key) ??
    lists.set(
      key,
      Array.from(
        bytes.subarray(start, end),
        (method) => compressionMethods.get(method) ?? unknown(method, 2),
      ),
    )
  )
}

/** What all hellos of a kind have in common: programs send the same ones again and again, but for their random parts. */
interface Kind extends Fingerprints {
  extensions: Extensions
}

// Longer hellos are few, and made to fill our memory.
const MAX_KEY = 2048

const clients = new Recent<Kind>(512)
const servers = new Recent<Kind>(512)

function clientKind(version: number, suites: SuiteList, own: ExtensionList): Kind {
  // With the length of one part, nothing can be moved from it into the other.
  return kind(clients, `${version} ${suites.key.length} ${suites.key}${own.key}`, own, (extensions) =>
    fingerprints.client(version, suites, extensions),
  )
}

const serverKind = (version: number, suite: number, own: ExtensionList): Kind =>
  kind(servers, `${version} ${suite} ${own.key}`, own, (extensions) =>
    fingerprints.server(version, suite, extensions),
  )

function kind(
  kinds: Recent<Kind>,
  key: string,
  own: ExtensionList,
  take: (extensions: Extensions) => Fingerprints,
): Kind {
  const known = kinds.get(key)
  if (known !== undefined) return known
  const extensions = readExtensions(reader, own)
  const made = { extensions, ...take(extensions) }
  return key.length > MAX_KEY ? made : kinds.set(key, made)
}
