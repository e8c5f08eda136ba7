import type { Message } from './parser.js'

/** What ErrorResponse and NoticeResponse say. PostgreSQL 17 documentation, §55.8 "Error and Notice Message Fields". */
export interface ServerMessage {
  /** As the server's language has it: ERROR, FEHLER. */
  severity: string
  /** It ends the session: nothing comes after it. */
  fatal: boolean
  /** SQLSTATE. */
  code: string
  message: string
  detail: string | undefined
  hint: string | undefined
  table: string | undefined
  column: string | undefined
  constraint: string | undefined
  /** Characters from the first one of the query, which is 1; 0: unknown. */
  position: number
}

// The protocol has 18 kinds of fields, each at most once.
const MAX_FIELDS = 32

export function serverMessage(message: Message): ServerMessage {
  const said: ServerMessage = {
    severity: '',
    fatal: false,
    code: '',
    message: '',
    detail: undefined,
    hint: undefined,
    table: undefined,
    column: undefined,
    constraint: undefined,
    position: 0,
  }
  for (let fields = 0; message.left > 0; fields++) {
    const field = message.u8()
    if (field === 0) return said
    if (fields === MAX_FIELDS) throw message.malformed('too many fields')
    const text = message.text()
    switch (String.fromCharCode(field)) {
      case 'S':
        said.severity = text
        said.fatal ||= isFatal(text)
        break
      case 'V':
        said.fatal = isFatal(text)
        break
      case 'C':
        said.code = text
        break
      case 'M':
        said.message = text
        break
      case 'D':
        said.detail = text
        break
      case 'H':
        said.hint = text
        break
      case 't':
        said.table = text
        break
      case 'c':
        said.column = text
        break
      case 'n':
        said.constraint = text
        break
      case 'P':
        said.position = Number(text) || 0
        break
    }
  }
  if (!message.cut) throw message.malformed('fields without an end')
  return said
}

const isFatal = (severity: string): boolean => severity === 'FATAL' || severity === 'PANIC'
