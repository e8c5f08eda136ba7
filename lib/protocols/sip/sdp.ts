import { isIP } from 'node:net'
import { staticCodecs } from './codecs.js'

/** A session description. RFC 8866. Texts that are missing, or `-` where that means so, are empty. */
export interface Sdp {
  original: string
  version: string
  username: string
  sessionId: string
  sessionVersion: string
  /** A name or an address; see `ipOf`. */
  ownerHost: string
  sessionName: string
  /** Of the session, or of the first medium: `IN IP4 10.0.0.1`. */
  connection: string
  connectionAddress: string
  media: Media[] | undefined
}

/** One stream that is offered. RFC 8866 §5.14. */
export interface Media {
  /** audio, video, image, application … */
  type: string
  /** 0: refused. */
  port: number
  /** RTP/AVP, udptl … */
  protocol: string
  /** By their names where they are known; else the formats as they stand. */
  codecs: string[]
}

/** A description, if `original` is one. */
export function sdp(original: string): Sdp | undefined {
  if (!original.startsWith('v=')) return undefined
  const read: Sdp = {
    original,
    version: '',
    username: '',
    sessionId: '',
    sessionVersion: '',
    ownerHost: '',
    sessionName: '',
    connection: '',
    connectionAddress: '',
    media: undefined,
  }
  let media: Media | undefined
  let names: Map<string, string> | undefined
  for (let at = 0; at < original.length; ) {
    const newline = original.indexOf('\n', at)
    const end = newline < 0 ? original.length : newline
    if (original.charCodeAt(at + 1) === 0x3d /* = */) {
      const value = original.slice(at + 2, end).trim()
      switch (original.charAt(at)) {
        case 'v':
          read.version ||= value
          break
        case 'o':
          owner(read, value)
          break
        case 's':
          if (read.sessionName === '' && value !== '-') read.sessionName = value
          break
        case 'c':
          connection(read, value)
          break
        case 'm':
          if (media !== undefined) name(media, names)
          names = undefined
          media = mediaOf(value)
          if (read.media === undefined) read.media = [media]
          else read.media.push(media)
          break
        case 'a':
          if (media !== undefined && value.startsWith('rtpmap:')) names = mapped(names, value)
          break
      }
    }
    at = end + 1
  }
  if (media !== undefined) name(media, names)
  return read
}

/** `username session-id session-version IN IP4 address` */
function owner(read: Sdp, value: string): void {
  if (read.sessionId !== '') return
  const [username = '', id = '', version = '', , , host = ''] = value.split(' ', 6)
  read.username = username === '-' ? '' : username
  read.sessionId = id
  read.sessionVersion = version
  read.ownerHost = bare(host)
}

/** `IN IP4 address`, a multicast one with `/ttl/count` behind it. */
function connection(read: Sdp, value: string): void {
  if (read.connection !== '') return
  read.connection = value
  const [, , written = ''] = value.split(' ', 3)
  const slash = written.indexOf('/')
  read.connectionAddress = bare(slash < 0 ? written : written.slice(0, slash))
}

/** Some write brackets around IPv6 addresses, which belong into URIs. */
const bare = (host: string): string => (host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host)

/** `audio 4000 RTP/AVP 0 8` */
function mediaOf(value: string): Media {
  const [type = '', port = '', protocol = '', ...codecs] = value.split(' ')
  return { type, port: Number.parseInt(port, 10) || 0, protocol, codecs: codecs.filter(Boolean) }
}

/** `rtpmap:101 telephone-event/8000` */
function mapped(names: Map<string, string> | undefined, value: string): Map<string, string> {
  const space = value.indexOf(' ')
  const map = names ?? new Map<string, string>()
  if (space > 0) map.set(value.slice(7, space), value.slice(space + 1).trim())
  return map
}

function name(media: Media, names: Map<string, string> | undefined): void {
  // A format stands once; who repeats it, with a long name, wants to fill our memory.
  media.codecs = [...new Set(media.codecs)]
  if (!media.protocol.startsWith('RTP/')) return
  media.codecs = media.codecs.map((format) => names?.get(format) ?? staticCodecs[format] ?? format)
}

/** The text, if it is an address: what is none would make the whole event unfit for an index. */
export const ipOf = (text: string): string | undefined => (isIP(text) === 0 ? undefined : text)
