import type { Command } from './commands.js'
import type { Whole } from './numbers.js'
import type { Opcode } from './opcodes.js'

/** What a value needs of the message it belongs to; see `Reader`. */
export interface Item {
  /** Bytes of the value that follows what was read; 0: none, though the text protocol still ends an empty one. */
  follows: number
  /** Bytes after the value: CR and LF in the text protocol. */
  ends: 0 | 2
  /** Bytes of the value that are wanted, if it has so many. */
  keep: number
  /** What was kept of it; only while the message is taken. */
  kept: Buffer | undefined
  /** Bytes of it that were lost on the way. */
  lost: number
  /** The values as events show them, in base64; with the option maxvalues. */
  values: string[] | undefined
}

/** What the header of the binary protocol says beside the command. */
export interface Header {
  opcode: Opcode
  opaque: number
  /** Of a request. */
  vbucket: number
  /** Of a response. */
  status: number
}

/** What only few requests have. */
export interface Details {
  delta?: Whole | undefined
  initial?: Whole | undefined
  verbosity?: Whole | undefined
  sleep?: Whole | undefined
  args?: string
  sourceClass?: Whole | undefined
  destClass?: Whole | undefined
  automove?: string
  line?: string
  metaFlags?: string
}

/** What a client asks. */
export interface Request extends Item {
  command: Command
  keys: readonly string[] | undefined
  /** There were more keys than an event lists. */
  cut: boolean
  flags: Whole | undefined
  exptime: Whole | undefined
  cas: Whole | undefined
  /** Bytes of the value, also where it did not come. */
  bytes: number | undefined
  noreply: boolean | undefined
  /** It is answered only when something is amiss, or found. */
  quiet: boolean
  /** Answers it may have: bits of `Answer`. */
  answers: number
  details: Details | undefined
  header: Header | undefined
  /** The value may be a password, so no event shows it. */
  secret: boolean
  user: string | undefined
}

/** What a server says: all of an answer, or one of its parts, to which the others are then added. */
export interface Response extends Item {
  command: string
  /** Type of what it says: Success, Fail, Load ... */
  type: string
  status: 'OK' | 'Error' | 'Client Error' | 'Server Error'
  /** Which answer it is: one bit of `Answer`. */
  answer: number
  /** More of the same answer follows. */
  more: boolean
  keys: string[] | undefined
  flags: Whole | undefined
  cas: Whole | undefined
  /** Bytes of the values, and how many there are. */
  bytes: number | undefined
  count: number | undefined
  value: Whole | undefined
  stats: Stat[] | undefined
  error: string | undefined
  version: string | undefined
  line: string | undefined
  metaFlags: string | undefined
  header: Header | undefined
}

export interface Stat {
  name: string
  value: string
}

/** A request of which no more is known yet; every one has this shape. */
export function request(command: Command, key?: string): Request {
  return {
    follows: 0,
    ends: 0,
    keep: 0,
    kept: undefined,
    lost: 0,
    values: undefined,
    command,
    keys: key === undefined ? undefined : [key],
    cut: false,
    flags: undefined,
    exptime: undefined,
    cas: undefined,
    bytes: undefined,
    noreply: undefined,
    quiet: command.unanswered,
    answers: command.answers,
    details: undefined,
    header: undefined,
    secret: false,
    user: undefined,
  }
}

/** What an answer says by its first word alone. */
export type Word = Pick<Response, 'command' | 'type' | 'status' | 'answer'>

/** A response of which no more is known yet; every one has this shape. */
export function response({ command, type, status, answer }: Word): Response {
  return {
    follows: 0,
    ends: 0,
    keep: 0,
    kept: undefined,
    lost: 0,
    values: undefined,
    command,
    type,
    status,
    answer,
    more: false,
    keys: undefined,
    flags: undefined,
    cas: undefined,
    bytes: undefined,
    count: undefined,
    value: undefined,
    stats: undefined,
    error: undefined,
    version: undefined,
    line: undefined,
    metaFlags: undefined,
    header: undefined,
  }
}
