import { address } from './address.js'
import { authorization } from './authorization.js'
import type { HeaderName } from './header-names.js'
import type { SipMessage } from './message.js'
import { upper } from './start-line.js'
import { items, parameter } from './text.js'

/** Adds a header to its message. Of what may stand once only the first counts: nobody is to hide it behind a second one. */
export function header(message: SipMessage, name: HeaderName, value: string, authorizations: boolean): void {
  switch (name) {
    case 'via':
      via(message, value)
      break
    case 'from':
      message.from ??= address(value)
      break
    case 'to':
      message.to ??= address(value)
      break
    case 'contact':
      message.contact ??= address(firstOf(value))
      break
    case 'p-associated-uri':
      message.associated ??= address(firstOf(value))
      break
    case 'call-id':
      message.callId ||= value
      break
    case 'cseq':
      if (message.sequenceMethod === '') sequence(message, value)
      break
    case 'max-forwards':
      message.maxForwards = wholeNumber(value) ?? 0
      break
    case 'allow':
      message.allow = listed(message.allow, value.toLowerCase())
      break
    case 'supported':
      message.supported = listed(message.supported, value)
      break
    case 'accept':
      message.accept = message.accept === '' ? value : `${message.accept}, ${value}`
      break
    case 'content-type':
      message.contentType ||= value
      break
    case 'content-length':
      message.contentLength ??= wholeNumber(value) ?? -1
      break
    case 'user-agent':
      message.userAgent ||= value
      break
    case 'authorization':
    case 'proxy-authorization':
      message.hasCredentials = true
      if (authorizations) message.authorization ??= authorization(value)
      break
    case 'www-authenticate':
    case 'proxy-authenticate':
      if (authorizations) message.authorization ??= authorization(value)
      break
  }
}

function via(message: SipMessage, value: string): void {
  if (message.via === undefined) {
    message.via = items(value)
    message.branch = parameter(message.via[0] ?? '', 'branch') ?? ''
  } else message.via = listed(message.via, value)
}

/** Several headers of one name are one list (RFC 3261 §7.3.1). */
function listed(list: string[] | undefined, value: string): string[] {
  const more = items(value)
  if (list === undefined) return more
  for (const item of more) list.push(item)
  return list
}

const firstOf = (value: string): string => (value.includes(',') ? (items(value)[0] ?? '') : value)

/** Digits; none of these numbers may be 2^32 or more. */
const wholeNumber = (text: string): number | undefined =>
  /^0*\d{1,10}$/.test(text) && Number(text) < 2 ** 32 ? Number(text) : undefined

/** RFC 3261 §20.16: `314159 INVITE`. */
function sequence(message: SipMessage, value: string): void {
  const space = value.search(/\s/)
  const number = space < 0 ? value : value.slice(0, space)
  message.sequence = wholeNumber(number) ?? 0
  message.sequenceMethod = space < 0 ? '' : upper(value.slice(space).trim())
}
