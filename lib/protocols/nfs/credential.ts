import { Unreadable, type Xdr } from './xdr.js'

// RFC 5531 §8.2: opaque_auth.
const AUTH_LIMIT = 400
const NONE = 0
export const UNIX = 1
export const GSS = 6
/** Asks for TLS, RFC 9289 §4.1. */
export const AUTH_TLS = 7

// RFC 5531 appendix A.
const MACHINE_NAME_LIMIT = 255
const GROUPS_LIMIT = 16

const INTEGRITY = 2
const PRIVACY = 3

/** Who calls: what AUTH_SYS says (RFC 5531 appendix A), or of RPCSEC_GSS what can be read without keys (RFC 2203 §5). */
export interface Credential {
  stamp: number
  machine: string
  uid: number
  gid: number
  gids: number[]
  gss: Gss | undefined
}

export interface Gss {
  procedure: number
  sequence: number
  service: number
}

export const flavorName = (flavor: number): string => {
  switch (flavor) {
    case NONE:
      return 'none'
    case UNIX:
      return 'unix'
    case GSS:
      return 'rpcsec_gss'
    case AUTH_TLS:
      return 'tls'
    default:
      return `unknown (${flavor})`
  }
}

/** Reads credentials; a client's are mostly the same ones again, so the last are kept. */
export class Credentials {
  #bytes: Buffer | undefined
  #last: Credential | undefined

  /** @throws {Unreadable} */
  read(xdr: Xdr, flavor: number): Credential | undefined {
    const length = xdr.u32()
    if (length > AUTH_LIMIT) throw Unreadable.signal
    const start = xdr.at
    const end = start + ((length + 3) & ~3)
    xdr.skip(end - start)
    if (flavor !== UNIX && flavor !== GSS) return undefined
    if (flavor === UNIX && this.#bytes?.equals(xdr.bytes.subarray(start, start + length))) return this.#last
    xdr.at = start
    const credential = flavor === UNIX ? unixIfReadable(xdr) : gss(xdr)
    const inside = xdr.at <= end
    xdr.at = end
    if (flavor === GSS) {
      if (!inside) throw Unreadable.signal
      return credential
    }
    // Who called is not known, but where the call goes on is. The server will deny it, and that is to be seen.
    if (!inside || credential === undefined) return undefined
    this.#bytes = Buffer.from(xdr.bytes.subarray(start, start + length))
    this.#last = credential
    return credential
  }
}

/** The bytes of a verifier, each as the character of its number. */
export function verifier(xdr: Xdr): string {
  xdr.skip(4)
  return xdr.latin1(AUTH_LIMIT)
}

export function skipVerifier(xdr: Xdr): void {
  xdr.skip(4)
  const length = xdr.u32()
  if (length > AUTH_LIMIT) throw Unreadable.signal
  xdr.skip((length + 3) & ~3)
}

/**
 * Goes on to what a call or reply under RPCSEC_GSS is about, past the length and number before what is only signed.
 * False: it is encrypted, or it is about the context itself. RFC 2203 §5.3.2.
 */
export function openGss(xdr: Xdr, gss: Gss | undefined): boolean {
  if (gss === undefined) return true
  if (gss.procedure !== 0 || gss.service === PRIVACY) return false
  if (gss.service === INTEGRITY) xdr.skip(8)
  return true
}

function unixIfReadable(xdr: Xdr): Credential | undefined {
  try {
    return unix(xdr)
  } catch (error) {
    if (error !== Unreadable.signal) throw error
    return undefined
  }
}

function unix(xdr: Xdr): Credential {
  const stamp = xdr.u32()
  const machine = xdr.text(MACHINE_NAME_LIMIT)
  const uid = xdr.u32()
  const gid = xdr.u32()
  const count = xdr.u32()
  if (count > GROUPS_LIMIT) throw Unreadable.signal
  const gids: number[] = []
  for (let index = 0; index < count; index++) gids.push(xdr.u32())
  return { stamp, machine, uid, gid, gids, gss: undefined }
}

function gss(xdr: Xdr): Credential {
  xdr.skip(4) // the version
  const procedure = xdr.u32()
  const sequence = xdr.u32()
  const service = xdr.u32()
  return { stamp: 0, machine: '', uid: 0, gid: 0, gids: [], gss: { procedure, sequence, service } }
}
