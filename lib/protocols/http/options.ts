import { z } from 'zod'
import { size } from '../../options/values.js'
import type { CommonOptions } from '../protocol.js'
import { HeadParser } from './head.js'
import { Secrets } from './secrets.js'

const texts = (description: string) => z.array(z.string()).default([]).describe(description)
const flag = (value: boolean, description: string) => z.boolean().default(value).describe(description)

export const options = z.strictObject({
  send_headers: texts('Headers that the events show, beside Content-Length and Content-Type.'),
  send_all_headers: flag(false, 'Show all headers.'),
  redact_headers: texts('Headers whose value is replaced by REDACTED, in `request` and `response` too.'),
  redact_authorization: flag(
    false,
    'Replace the values of Authorization and Proxy-Authorization by asterisks.',
  ),
  hide_keywords: texts(
    'Parameters of queries and forms whose value is replaced by xxxxx, in bodies, `request` and the referrer too.',
  ),
  include_body_for: texts('Content types, or parts of them, whose body the events show.'),
  include_request_body_for: texts('The same, for requests alone.'),
  include_response_body_for: texts('The same, for responses alone.'),
  decode_body: flag(true, 'Undo gzip, deflate, br and zstd in the bodies that are shown.'),
  split_cookie: flag(false, 'Show cookies as an object of names and values.'),
  real_ip_header: z
    .string()
    .optional()
    .describe('Header with the address of the client behind a proxy, such as X-Forwarded-For.'),
  max_message_size: size({ min: 1 })
    .default(10 * 1024 * 1024)
    .describe('Bytes of a message that are kept; what comes after them is counted only.'),
})

/** The options as a conversation uses them. */
export interface Settings {
  requestHead: HeadParser
  responseHead: HeadParser
  /** Parts of content types in lower case. */
  requestBodies: readonly string[]
  responseBodies: readonly string[]
  secrets: Secrets
  /** The name of a user may be shown: Authorization is exported as it is. */
  showsUser: boolean
  decodeBody: boolean
  splitCookie: boolean
  sendRequest: boolean
  sendResponse: boolean
  /** Bytes. */
  maxMessageSize: number
}

const lower = (texts: readonly string[]): string[] => texts.map((text) => text.toLowerCase())

export function settings(given: z.output<typeof options> & CommonOptions): Settings {
  const headers = given.send_all_headers ? 'all' : new Set(lower(given.send_headers))
  const exports = (name: string): boolean => headers === 'all' || headers.has(name)
  const realIp = given.real_ip_header?.toLowerCase() || undefined
  return {
    requestHead: new HeadParser('request', { text: given.send_request, headers, realIp }),
    responseHead: new HeadParser('response', { text: given.send_response, headers, realIp: undefined }),
    requestBodies: lower([...given.include_body_for, ...given.include_request_body_for]),
    responseBodies: lower([...given.include_body_for, ...given.include_response_body_for]),
    secrets: new Secrets(given),
    showsUser:
      exports('authorization') &&
      !given.redact_authorization &&
      !lower(given.redact_headers).includes('authorization'),
    decodeBody: given.decode_body,
    splitCookie: given.split_cookie,
    sendRequest: given.send_request,
    sendResponse: given.send_response,
    maxMessageSize: given.max_message_size,
  }
}
