// Messages of PostgreSQL's protocol, as its documentation names them.

const bytes = (...parts: (string | Buffer)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))

export function i16(...values: number[]): Buffer {
  const buffer = Buffer.alloc(2 * values.length)
  for (const [index, value] of values.entries()) buffer.writeInt16BE(value, 2 * index)
  return buffer
}

export function i32(...values: number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) buffer.writeInt32BE(value, 4 * index)
  return buffer
}

/** A message of that type with that body, its texts without their NULs. */
export function message(type: string, ...body: (string | Buffer)[]): Buffer {
  const whole = bytes(...body)
  return bytes(type, i32(whole.length + 4), whole)
}

const text = (value: string) => `${value}\0`
const value = (of: string | Buffer | null) =>
  of === null ? i32(-1) : bytes(i32(Buffer.byteLength(of)), Buffer.from(of))

// --- from the client --------------------------------------------------------------------------------------------------

const startup = (code: number, ...body: (string | Buffer)[]) => {
  const whole = bytes(i32(code), ...body)
  return bytes(i32(whole.length + 4), whole)
}
export const startupMessage = (parameters: Record<string, string>) =>
  startup(0x30000, ...Object.entries(parameters).flatMap(([name, value]) => [text(name), text(value)]), '\0')
export const sslRequest = startup(80_877_103)
export const gssencRequest = startup(80_877_104)
export const cancelRequest = (process: number) => startup(80_877_102, i32(process, 4711))

export const query = (sql: string) => message('Q', text(sql))
export const parse = (sql: string, name = '', types: number[] = []) =>
  message('P', text(name), text(sql), i16(types.length), i32(...types))
export interface BindOptions {
  name?: string
  portal?: string
  formats?: number[]
  results?: number[]
}
export const bind = (
  params: (string | Buffer | null)[] = [],
  { name = '', portal = '', formats = [], results = [] }: BindOptions = {},
) =>
  message(
    'B',
    text(portal),
    text(name),
    i16(formats.length, ...formats, params.length),
    ...params.map(value),
    i16(results.length, ...results),
  )
export const describePortal = (name = '') => message('D', 'P', text(name))
export const describeStatement = (name = '') => message('D', 'S', text(name))
export const execute = (portal = '', rows = 0) => message('E', text(portal), i32(rows))
export const closeStatement = (name = '') => message('C', 'S', text(name))
export const closePortal = (name = '') => message('C', 'P', text(name))
export const flush = message('H')
export const sync = message('S')
export const terminate = message('X')
export const functionCall = (oid: number) => message('F', i32(oid), i16(0, 0, 0))
export const password = (secret: string) => message('p', text(secret))
export const copyData = (data: string) => message('d', data)
export const copyDone = message('c')
export const copyFail = (why: string) => message('f', text(why))

// --- from the server --------------------------------------------------------------------------------------------------

export const authentication = (code: number, ...more: (string | Buffer)[]) => message('R', i32(code), ...more)
export const authenticationOk = authentication(0)
export const parameterStatus = (name: string, value: string) => message('S', text(name), text(value))
export const backendKeyData = (process: number) => message('K', i32(process, 4711))
export const readyForQuery = (state = 'I') => message('Z', state)
/** Columns by name; each a text, or of that type in binary format. */
export const rowDescription = (columns: Record<string, number | undefined>) => {
  const all = Object.entries(columns)
  const described = all.map(([name, type = 0]) =>
    bytes(text(name), i32(0), i16(0), i32(type), i16(-1), i32(-1), i16(type === 0 ? 0 : 1)),
  )
  return message('T', i16(all.length), ...described)
}
export const dataRow = (...values: (string | Buffer | null)[]) =>
  message('D', i16(values.length), ...values.map(value))
export const commandComplete = (tag: string) => message('C', text(tag))
export const emptyQuery = message('I')
export const parseComplete = message('1')
export const bindComplete = message('2')
export const closeComplete = message('3')
export const noData = message('n')
export const portalSuspended = message('s')
export const parameterDescription = (...types: number[]) => message('t', i16(types.length), i32(...types))
const fields = (parts: Record<string, string>) =>
  bytes(...Object.entries(parts).map(([name, value]) => `${name}${text(value)}`), '\0')
export const errorResponse = (code: string, more: Record<string, string> = {}) =>
  message('E', fields({ S: 'ERROR', V: 'ERROR', C: code, M: `error ${code}`, ...more }))
export const noticeResponse = (what: string) => message('N', fields({ S: 'NOTICE', C: '00000', M: what }))
export const notification = (channel: string, payload: string) =>
  message('A', i32(7), text(channel), text(payload))
export const copyIn = message('G', '\0', i16(0))
export const copyOut = message('H', '\0', i16(0))
export const copyBoth = message('W', '\0', i16(0))
export const functionResult = message('V', i32(-1))

export const concat = (...messages: Buffer[]) => Buffer.concat(messages)
