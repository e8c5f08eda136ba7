import { Body } from './body.js'
import { command, type Limits, type Request } from './command.js'
import { oldRequest } from './old-request.js'
import { type Message, OP_MSG } from './parser.js'
import { MORE_TO_COME, sections } from './sections.js'

// Where the document begins that nothing stands before: after flags and a section's kind.
const FIRST = 5

/** Reads what a client sent. `withText`: the whole text is wanted. @throws {Malformed} */
export function readRequest(message: Message, limits: Limits, withText: boolean): Request {
  if (message.problem !== undefined) return UNREAD
  const body = new Body(message.bytes, message.start, message.end, message.whole)
  if (message.operation !== OP_MSG) return oldRequest(body, message.operation, limits, withText)
  const { flags, document, sequences } = sections(body)
  const unanswered = (flags & MORE_TO_COME) !== 0
  // Of a long message that begins with a list, the document is not at hand, or not enough of it.
  if (!message.whole && document !== message.start + FIRST) return { ...UNREAD, unanswered }
  const read = command(body, document, undefined, sequences, limits, withText)
  read.unanswered = unanswered
  return read
}

/** One whose document is not at hand. */
export const UNREAD: Request = {
  method: '',
  resource: '',
  named: '',
  query: undefined,
  text: undefined,
  isCommand: true,
  hasSecrets: true,
  unanswered: false,
  patience: 0,
  cursorId: undefined,
  old: undefined,
  session: undefined,
}
