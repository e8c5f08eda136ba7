import { printable } from '../../elasticsearch/refusal.js'

/** What the server says of one event of a bulk request. */
export interface ItemError {
  /** Index in the batch. */
  index: number
  status: number
  /** One line for the log, without what the server quotes of the event. */
  reason: string
  /** All that the server says, as JSON. */
  error: string
}

/** A bulk answer, by index in the batch; what is in none of them was taken. */
export interface Outcome {
  /** Worth another try: the server is busy, or failed. */
  later: ItemError[]
  /** 401 and 403: of the credentials, or of this event alone. */
  forbidden: ItemError[]
  /** Never: the event does not fit. */
  refused: ItemError[]
  /** The server has them already. */
  duplicates: number
}

/** Parameters of a bulk request: the answer has only what is read here. */
export const answerFilter = 'errors,items.*.status,items.*.error.type,items.*.error.reason'

/**
 * Reads the answer to a bulk request with those `items`.
 * @throws {Error} in one sentence, for what is no such answer.
 */
export function outcome(body: string, items: readonly number[]): Outcome {
  const result: Outcome = { later: [], forbidden: [], refused: [], duplicates: 0 }
  // Of most answers nothing else matters.
  if (body.startsWith('{"errors":false') && body.endsWith('}')) return result
  const { errors, items: answers } = parsed(body)
  if (errors === false) return result
  if (errors !== true || !Array.isArray(answers))
    throw new Error('the answer to a bulk request is not what Elasticsearch says; check host, port and path')
  if (answers.length !== items.length)
    throw new Error(`the answer is about ${answers.length} events instead of ${items.length}`)
  answers.forEach((answer: unknown, position) => {
    const { status, error } = only(answer)
    const index = items[position] as number
    if (typeof status === 'number' && status >= 200 && status < 300) return
    if (status === 409) {
      result.duplicates++
      return
    }
    const item = { index, status: Number(status), ...told(error, status) }
    if (status === 401 || status === 403) result.forbidden.push(item)
    else if (typeof status === 'number' && status >= 400 && status < 500 && status !== 429)
      result.refused.push(item)
    else result.later.push(item)
  })
  return result
}

function parsed(body: string): { errors?: unknown; items?: unknown } {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // said below
  }
  throw new Error('the answer to a bulk request is no JSON; is there a proxy between, or another server?')
}

/** `{"create": {…}}`: what is in it. */
function only(answer: unknown): { status?: unknown; error?: unknown } {
  const value = typeof answer === 'object' && answer !== null ? Object.values(answer)[0] : undefined
  return typeof value === 'object' && value !== null ? value : {}
}

function told(error: unknown, status: unknown): Pick<ItemError, 'reason' | 'error'> {
  const { type, reason } = (typeof error === 'object' && error !== null ? error : {}) as Record<
    string,
    unknown
  >
  const words = [type, reason].filter((text): text is string => typeof text === 'string')
  const text = typeof error === 'string' ? error : words.join(': ')
  return {
    reason: printable(text === '' ? `status ${String(status)}` : text),
    error: JSON.stringify(error ?? { status }),
  }
}
