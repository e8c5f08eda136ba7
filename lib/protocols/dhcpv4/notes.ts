import { types } from './codes.js'
import type { Message } from './message.js'
import { valueAt } from './option.js'
import { codes } from './options.js'

// What `error.message` can say beside what all protocols say.

const CUT = 'The capture kept only the beginning of the message'
const BROKEN = 'The last option goes on past the end of the message'
const REFUSED = 'The server refused the request'
const DECLINED = 'The client found its address in use'

const isRefusal = ({ type }: Message): boolean => type === types.NAK || type === types.DECLINE

/** A nak takes an address away, a decline says that two hosts have the same: what people look for. */
export const statusOf = (message: Message): 'OK' | 'Error' => (isRefusal(message) ? 'Error' : 'OK')

export function notesOf(message: Message): string[] | undefined {
  const notes: string[] = []
  if (isRefusal(message)) {
    const said = valueAt(message.options?.values, codes.MESSAGE) as string | undefined
    notes.push(said ?? (message.type === types.NAK ? REFUSED : DECLINED))
  }
  if (message.cut) notes.push(CUT)
  else if (message.options?.broken) notes.push(BROKEN)
  return notes.length > 0 ? notes : undefined
}
