import type { HttpResponse } from '../http/client.js'

// Enough for a sentence; a proxy may answer with a page.
const LONGEST = 300

const meanings: Readonly<Record<number, string>> = {
  401: 'the server does not know these credentials (401); check username and password, or api_key',
  403: 'the server does not permit this with these credentials (403); give them the privileges they need',
  404: 'there is no such thing on the server (404); check host, port and path',
  407: 'the proxy wants credentials (407); put them into proxy_url',
  413: 'the server takes no request of that size (413)',
  429: 'the server is busy and asks to come back later (429)',
  502: 'the proxy reaches no server (502)',
  503: 'the server is not available (503)',
  504: 'the proxy waits in vain for the server (504)',
}

/** An answer that is no success, in one sentence; with what the server says of it. */
export function refusal({ status, body }: Pick<HttpResponse, 'status' | 'body'>): string {
  const meaning = meanings[status] ?? `the server answers with status ${status}`
  const reason = reasonOf(body)
  return reason === '' ? meaning : `${meaning}: ${reason}`
}

/** What the body of an error says, bounded and on one line; empty when it says nothing that can be shown. */
function reasonOf(body: string): string {
  try {
    const { error } = JSON.parse(body.length > 1e5 ? '' : body) as { error?: unknown }
    if (typeof error === 'string') return printable(error)
    const { type, reason } = error as { type?: unknown; reason?: unknown }
    return printable([type, reason].filter((text) => typeof text === 'string').join(': '))
  } catch {
    return ''
  }
}

/**
 * A text of the server fit for a log: one line, bounded, without what it quotes of an event.
 * Elasticsearch quotes values behind `Preview of field's value:`, and in `For input string: "…"`.
 */
export function printable(text: string, longest = LONGEST): string {
  const line = text
    .slice(0, longest * 4)
    .replace(/\s*Preview of field's value:.*$/s, '')
    .replace(/For input string: ".*$/s, 'For input string')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a log must not have.
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim()
  return line.length > longest ? `${line.slice(0, longest - 3)}...` : line
}
