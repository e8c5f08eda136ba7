import { userOf } from './authentication.js'
import { BINARY, Elements } from './bson.js'

/** What a client says of itself when a connection begins. */
export interface Session {
  user: string | undefined
  mechanism: string | undefined
  application: string | undefined
  driver: string | undefined
}

// A first message of SASL has a name and a nonce; an application's name has 128 bytes at most, as a driver's has less.
const LONGEST = 512

const walk = new Elements()
const inner = new Elements()

/** Reads the document of hello or of a command that logs in. @throws {Malformed} */
export function sessionOf(bytes: Buffer, start: number, end: number, whole: boolean): Session {
  const session: Session = {
    user: undefined,
    mechanism: undefined,
    application: undefined,
    driver: undefined,
  }
  login(session, walk.enter(bytes, start, end, whole))
  for (walk.enter(bytes, start, end, whole); walk.step(); ) {
    if (!walk.nests) continue
    const { text } = walk.name
    if (text === 'speculativeAuthenticate') login(session, inner.enter(bytes, walk.at, walk.next))
    else if (text === 'client') client(session, bytes, walk.at, walk.next)
  }
  return session
}

function login(session: Session, elements: Elements): void {
  let payload = ''
  while (elements.step()) {
    const name = elements.name.text
    if (name === 'mechanism') session.mechanism = elements.text(LONGEST)
    else if (name === 'user') session.user = elements.text(LONGEST)
    else if (name === 'payload' && elements.type === BINARY) {
      const start = elements.at + 5
      payload = elements.bytes.utf8Slice(start, Math.min(elements.next, start + LONGEST))
    }
  }
  if (session.mechanism !== undefined) session.user ??= userOf(session.mechanism, payload)
}

/** Spec: the MongoDB specifications' "MongoDB Handshake", section "Client metadata". */
function client(session: Session, bytes: Buffer, start: number, end: number): void {
  for (inner.enter(bytes, start, end); inner.step(); ) {
    if (!inner.nests) continue
    const { text } = inner.name
    if (text === 'application') session.application = words(bytes, inner, 'name')
    else if (text === 'driver') session.driver = words(bytes, inner, 'name', 'version')
  }
}

const innermost = new Elements()

/** The texts of these names, in a document's order, with a space between them. */
function words(bytes: Buffer, { at, next }: Elements, ...names: string[]): string | undefined {
  const found: string[] = []
  for (innermost.enter(bytes, at, next); innermost.step(); )
    if (names.includes(innermost.name.text)) found.push(innermost.text(LONGEST))
  return found.length > 0 ? found.join(' ') : undefined
}
