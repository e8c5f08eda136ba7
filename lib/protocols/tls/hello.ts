import { type Decoded, decoded, isStable } from './extensions.js'
import { type Fingerprints, fingerprints } from './fingerprints.js'
import { compressionMethods, isGrease, passedOver, unknown } from './names.js'
import { Reader } from './reader.js'
import { Recent } from './recent.js'
import { type SuiteList, suiteList } from './suite-list.js'

// Extensions whose content or presence says what kind of handshake it is.
const SERVER_NAME = 0
const SESSION_TICKET = 35
const PRE_SHARED_KEY = 41
const EARLY_DATA = 42
const SUPPORTED_VERSIONS = 43

// More than any program sends, some 20; a hello has room for 16,000 empty ones.
const MAX_EXTENSIONS = 128

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
}

/** RFC 8446 §4.1.2. */
export interface ClientHello extends Hello {
  suites: SuiteList
  compressionMethods: readonly string[]
  serverName: string | undefined
  /** Bytes of the ticket that is offered. */
  ticket: number
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

/** The extensions of a hello, in their order. */
export interface Extensions {
  /** Their types, GREASE included. */
  types: readonly number[]
  /** Those that are decoded, by their type. */
  byType: ReadonlyMap<number, Decoded>
  /** Names or numbers of the others. */
  unparsed: readonly string[]
  /** There are more than are read. */
  cut: boolean
  /** What hellos that come to the same fingerprints have in common. */
  key: string
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
  const extensions = readExtensions(false)
  const { ja3, ja4 } = clientFingerprints(version, suites, extensions)
  const ticket = extensions.byType.get(SESSION_TICKET)
  return {
    version,
    random,
    sessionId,
    extensions,
    suites,
    compressionMethods: methods(bytes, methodsAt, methodsAt + methodsLength),
    serverName: extensions.byType.get(SERVER_NAME)?.names?.[0],
    ticket: ticket?.bytes ?? 0,
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
  const { ja3, ja4 } = clientFingerprints(version, suites, none)
  return {
    version,
    random,
    sessionId,
    extensions: none,
    suites,
    compressionMethods: [],
    serverName: undefined,
    ticket: 0,
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
  const extensions = readExtensions(true)
  const { ja3: ja3s, ja4: ja4s } = serverFingerprints(version, suite, extensions)
  return {
    version,
    random,
    sessionId,
    extensions,
    suite,
    compressionMethod: compressionMethods.get(method) ?? unknown(method, 2),
    selected: extensions.byType.get(SUPPORTED_VERSIONS)?.codes?.[0] ?? version,
    preSharedKey: extensions.types.includes(PRE_SHARED_KEY),
    retry: random === RETRY,
    ja3s,
    ja4s,
  }
}

const none: Extensions = { types: [], byType: new Map(), unparsed: [], cut: false, key: '' }

/** What is left of a hello. `ofServer`: some extensions have another form in a ServerHello. */
function readExtensions(ofServer: boolean): Extensions {
  const { bytes } = reader
  if (reader.left < 2) return none
  const length = reader.u16()
  const end = reader.at + length
  if (end > reader.end) reader.skip(length) // throws
  const types: number[] = []
  const byType = new Map<number, Decoded>()
  const unparsed: string[] = []
  let key = ''
  while (reader.at < end && types.length < MAX_EXTENSIONS) {
    const { at } = reader
    const type = reader.u16()
    const size = reader.u16()
    const content = reader.skip(size)
    types.push(type)
    const stable = isStable(type)
    key += bytes.latin1Slice(at, stable ? content + size : at + 2)
    const value = decoded(type, ofServer, bytes, content, content + size)
    if (value !== undefined) byType.set(type, value)
    else if (!isGrease(type)) unparsed.push(passedOver.get(type) ?? String(type))
  }
  return { types, byType, unparsed, cut: reader.at < end, key }
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

// Programs of one kind send the same hello again and again, but for its random parts.
const clients = new Recent<Fingerprints>(512)
const servers = new Recent<Fingerprints>(512)

function clientFingerprints(version: number, suites: SuiteList, extensions: Extensions): Fingerprints {
  const key = `${version} ${suites.key} ${extensions.key}`
  return clients.get(key) ?? kept(clients, key, fingerprints.client(version, suites, extensions))
}

function serverFingerprints(version: number, suite: number, extensions: Extensions): Fingerprints {
  const key = `${version} ${suite} ${extensions.key}`
  return servers.get(key) ?? kept(servers, key, fingerprints.server(version, suite, extensions))
}

// Longer hellos are few, and made to fill our memory.
const MAX_KEY = 2048

const kept = (table: Recent<Fingerprints>, key: string, made: Fingerprints): Fingerprints =>
  key.length > MAX_KEY ? made : table.set(key, made)
