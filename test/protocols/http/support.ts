import type { Document } from '../../../lib/events/writer.js'
import { http } from '../../../lib/protocols/http/index.js'
import { Dialogue } from '../../support/dialogue.js'

/** Lines as HTTP ends them, with the empty line after them, and a body. */
export const message = (lines: string[], body = '') => `${[...lines, ''].join('\r\n')}\r\n${body}`

export const get = (path: string, ...headers: string[]) =>
  message([`GET ${path} HTTP/1.1`, 'Host: shop.example', ...headers])

export const post = (path: string, body: string, ...headers: string[]) =>
  message([`POST ${path} HTTP/1.1`, 'Host: shop.example', `Content-Length: ${body.length}`, ...headers], body)

/** A response with a length; `headers` may say more. */
export const ok = (body = 'ok', ...headers: string[]) => answer('200 OK', body, ...headers)

export const answer = (status: string, body = '', ...headers: string[]) =>
  message(
    [`HTTP/1.1 ${status}`, 'Content-Type: text/plain', `Content-Length: ${body.length}`, ...headers],
    body,
  )

export const talk = (
  options: Record<string, unknown> = {},
  more: { ports?: number[]; ipVersion?: number } = {},
) => new Dialogue(http, options, more)

/** A field of an event by its full name. */
export const field = (event: Document | undefined, name: string): unknown =>
  name.split('.').reduce<unknown>((value, key) => (value as Document | undefined)?.[key], event)

/** Query, status code and note of each event. */
export const seen = ({ events }: Dialogue) =>
  events.map((event) => [
    field(event, 'query') ?? null,
    field(event, 'http.response.status_code') ?? null,
    ...[field(event, 'error.message') ?? []].flat(),
  ])
