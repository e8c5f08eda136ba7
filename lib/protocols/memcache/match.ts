import { Answer } from './commands.js'
import type { Request, Response } from './message.js'
import { opaque } from './meta.js'

// A list of items ends with END or, of the meta dump, with EN; and something may go wrong in its midst.
const ENDS = Answer.end | Answer.en | Answer.failed

/** Whether it can be the next part of an answer that has begun with `first`. */
export function continues({ answer, header }: Response, first: Response | undefined): boolean {
  if (header !== undefined || first?.header !== undefined)
    return header?.opcode === first?.header?.opcode && header?.opaque === first?.header?.opaque
  return answer === first?.answer || (answer & ENDS) !== 0
}

/** Whether an answer can be this request's. */
export function answers(response: Response, request: Request): boolean {
  const { header } = response
  if (header !== undefined)
    return (
      request.header !== undefined &&
      header.opaque === request.header.opaque &&
      header.opcode === request.header.opcode
    )
  if (request.header !== undefined || (request.answers & response.answer) === 0) return false
  if (response.answer === Answer.value)
    return request.cut || request.keys === undefined || request.keys.includes(response.keys?.[0] as string)
  return response.metaFlags === undefined || isMetaAnswer(response, request)
}

/** What a meta command asked for, its answer repeats: a token, its key. Older servers leave them out of misses. */
function isMetaAnswer({ metaFlags, keys }: Response, request: Request): boolean {
  const token = opaque(metaFlags)
  if (token !== undefined) return token === opaque(request.details?.metaFlags)
  return keys === undefined || keys[0] === request.keys?.[0]
}
