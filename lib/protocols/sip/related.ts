import type { SipMessage } from './message.js'
import { ipOf } from './sdp.js'

/** Everybody that a message names, each once: `related.user`. */
export function users(message: SipMessage): string[] | undefined {
  const { uri, associated, from, to, contact, authorization, sdp } = message
  const list: string[] = []
  add(list, uri?.username)
  add(list, associated?.uri.username)
  add(list, from?.uri.username)
  add(list, to?.uri.username)
  add(list, contact?.uri.username)
  add(list, authorization?.username)
  add(list, sdp?.username)
  return list.length === 0 ? undefined : list
}

/** The hosts of all URIs, and who describes the session and where its media go: `related.hosts`. */
export function hosts(message: SipMessage): string[] | undefined {
  const { uri, associated, from, to, contact, sdp } = message
  const list: string[] = []
  add(list, uri?.host)
  add(list, associated?.uri.host)
  add(list, from?.uri.host)
  add(list, to?.uri.host)
  add(list, contact?.uri.host)
  add(list, sdp?.ownerHost)
  add(list, sdp?.connectionAddress)
  return list.length === 0 ? undefined : list
}

/** The addresses of a session description, for `related.ip`; undefined: there are none. */
export function addresses({ sdp }: SipMessage): string[] | undefined {
  if (sdp === undefined) return undefined
  const owner = ipOf(sdp.ownerHost)
  const connection = sdp.connectionAddress === sdp.ownerHost ? undefined : ipOf(sdp.connectionAddress)
  if (owner === undefined) return connection === undefined ? undefined : [connection]
  return connection === undefined ? [owner] : [owner, connection]
}

function add(list: string[], text: string | undefined): void {
  if (text !== undefined && text !== '' && !list.includes(text)) list.push(text)
}
