import { opcodeName, rcodeName } from './codes.js'
import { isResponse, type Message, opcodeOf, type Question } from './message.js'
import type { Resource } from './resource.js'

const headerFlags = [
  ['AA', 0x0400],
  ['TC', 0x0200],
  ['RD', 0x0100],
  ['RA', 0x0080],
  ['AD', 0x0020],
  ['CD', 0x0010],
] as const

// There are 64 of them, and few are seen: made once.
const flagLists: string[][] = []

/** The names of the flags that are set: a list that all messages with these flags share. */
export function flagNames({ flags }: Message): readonly string[] {
  const set = (flags >>> 4) & 0x7f
  flagLists[set] ??= headerFlags.filter(([, bit]) => flags & bit).map(([name]) => name)
  return flagLists[set]
}

/** `class IN, type A, example.com` */
export const questionText = ({ name, type, class: of }: Question): string =>
  `class ${of}, type ${type}, ${name}`

/** A whole message on one line, as upstream writes it with `send_request` and `send_response`. */
export function messageText(message: Message): string {
  const { id, flags, rcode, questions, answers, authorities, additionals, opt } = message
  const parts = [
    `ID ${id}`,
    `QR ${isResponse(flags) ? 'response' : 'query'}`,
    `OPCODE ${opcodeName(opcodeOf(message))}`,
    `FLAGS ${flagNames(message).join(' ').toLowerCase()}`,
    `RCODE ${rcodeName(rcode)}`,
  ]
  if (questions.length > 0) parts.push(`QUESTION ${questions.map(questionText).join('; ')}`)
  if (answers.length > 0) parts.push(`ANSWER ${recordsText(answers)}`)
  if (authorities.length > 0) parts.push(`AUTHORITY ${recordsText(authorities)}`)
  // OPT is one of them, but is told in fields of its own.
  if (additionals.length > 0 || opt !== undefined) parts.push(`ADDITIONAL ${recordsText(additionals)}`)
  return parts.join('; ')
}

const recordsText = (records: Resource[]): string => records.map(recordText).join('; ')

/** The fields that are texts, in the order of their names, then the data. */
function recordText({ name: _, type: __, class: ___, ttl: ____, data, ...extras }: Resource): string {
  const fields = Object.entries(extras)
    .filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => `${name} ${value}`)
    .sort()
  return [...fields, data].join(', ')
}
