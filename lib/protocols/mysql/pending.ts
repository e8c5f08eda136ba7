import type { ResultText } from '../../sql/result-text.js'
import type { Waiting } from '../../transactions/waiting.js'
import type { CommonOptions } from '../protocol.js'
import type { Answerable } from './answer.js'
import type { Command } from './commands.js'
import type { MysqlConversation } from './conversation.js'
import type { Login } from './login.js'
import type { Asked } from './requests.js'
import type { Identity, Prepared } from './session.js'

/** A command that waits, and whose it is. */
export class Pending implements Answerable, Asked {
  end: number | undefined = undefined
  destinationBytes = 0
  status: 'OK' | 'Error' = 'OK'
  notes: string[] | undefined = undefined
  method: string
  query = ''
  sql = ''
  params: string[] | undefined = undefined
  attributes: string[] | undefined = undefined
  affectedRows = 0
  insertId: number | string = 0
  numFields = 0
  numRows = 0
  errorCode = 0
  errorMessage = ''
  path = ''
  rows: ResultText | undefined = undefined
  plugin: string | undefined = undefined
  tls = false
  statement: Prepared | undefined = undefined
  binary = false
  id = -1
  isUnknown = false
  login: Login | undefined = undefined
  /** The packet of an execution whose statement is not known before those ahead of it are answered. */
  deferred: Buffer | undefined = undefined
  /** Bytes that the client sent after the command: a file, or what it was asked for at login. */
  sentLater = 0
  late = false
  ahead: Waiting | undefined = undefined
  behind: Waiting | undefined = undefined
  waits = false

  readonly conversation: MysqlConversation
  readonly code: number
  readonly command: Command
  readonly start: number
  sourceBytes: number
  /** Of the next packet of its answer; less than 0: not known. */
  sequence: number
  identity: Identity
  readonly withRequest: boolean
  readonly withResponse: boolean

  /** `sequence`: of the next packet of its answer; less than 0: not known. */
  constructor(
    conversation: MysqlConversation,
    code: number,
    command: Command,
    time: number,
    bytes: number,
    sequence: number,
    identity: Identity,
    options: CommonOptions,
  ) {
    this.conversation = conversation
    this.code = code
    this.command = command
    this.method = command.name
    this.start = time
    this.sourceBytes = bytes
    this.sequence = sequence
    this.identity = identity
    this.withRequest = options.send_request
    this.withResponse = options.send_response
  }
}
