import { decompress, TRUNCATED } from './decompress.js'
import { codings } from './framing.js'
import type { Message } from './message.js'
import type { Settings } from './options.js'
import { utf8Text } from './text.js'

/** The body is a form, whose parameters belong to the URL's. */
export const isForm = (contentType: string): boolean => /urlencoded/i.test(contentType)

/** Turns the kept bytes of a body into what the event shows of it, and gives their memory back. */
export function unpack(message: Message, { decodeBody, secrets, maxMessageSize }: Settings): void {
  const { kept, head, shown } = message
  if (kept === undefined) return
  message.kept = undefined
  let bytes = kept.bytes.subarray(0, kept.length)
  let problem: string | undefined
  if (decodeBody && bytes.length > 0) ({ bytes, problem } = decompress(codings(head), bytes, maxMessageSize))
  if (kept.cut) problem = TRUNCATED
  if (shown) {
    if (problem !== undefined) message.note(problem)
    const text = utf8Text(bytes)
    message.content = isForm(head.contentType) ? secrets.form(text) : text
    if (bytes.length > 0 && !kept.cut) message.contentBytes = bytes.length
  }
  if (isForm(head.contentType)) message.form = bytes.latin1Slice(0, bytes.length)
  kept.release()
}
