import { type Sdp, sdp } from './sdp.js'
import { parameter } from './text.js'

/** The session description that a body is, or has among its parts (RFC 5621 §3). */
export function descriptionIn(contentType: string, body: string): Sdp | undefined {
  if (isSdp(contentType)) return sdp(body)
  if (!/^multipart\//i.test(contentType)) return undefined
  const boundary = parameter(contentType, 'boundary')
  if (boundary === undefined || boundary === '') return undefined
  const part = body.split(`--${boundary}`).find((each) => isSdp(typeOf(each)))
  return part === undefined ? undefined : sdp(contentOf(part))
}

const isSdp = (contentType: string): boolean => /^application\/sdp\s*(?:;|$)/i.test(contentType)

/** The type that a part's own head says. */
const typeOf = (part: string): string =>
  /^content-type[ \t]*:[ \t]*(\S.*)$/im.exec(part.slice(0, Math.max(0, headLength(part))))?.[1]?.trim() ?? ''

/** The content after a part's head, without the line end that belongs to the boundary (RFC 2046 §5.1.1). */
const contentOf = (part: string): string => part.slice(headLength(part)).replace(/\r?\n$/, '')

// A part begins with the end of the boundary's line.
const headLength = (part: string): number => {
  const end = /\n\r?\n/.exec(part)
  return end === null ? -1 : end.index + end[0].length
}
