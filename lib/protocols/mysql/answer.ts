import { type ResultLimits, ResultText } from '../../sql/result-text.js'
import { Cursor, Malformed } from '../../wire/cursor.js'
import { SERVER_MORE_RESULTS_EXISTS, SERVER_STATUS_CURSOR_EXISTS } from './capabilities.js'
import { rest } from './encoding.js'
import type { MysqlTransaction } from './fields.js'
import {
  AUTH_MORE_DATA,
  AUTH_NEXT_FACTOR,
  columnCount,
  EOF,
  ERR,
  failure,
  LOCAL_INFILE,
  OK,
  okay,
  PROGRESS,
  prepareOk,
} from './responses.js'
import { addColumn, binaryRow, type Columns, textRow } from './rows.js'
import type { Prepared, Session } from './session.js'
import type { Tables } from './tables.js'

/** What an answer is read for. */
export interface Answerable extends MysqlTransaction {
  /** Whose columns its rows have, when the server does not say so. */
  statement: Prepared | undefined
  /** Its rows are in the binary protocol. */
  binary: boolean
}

/** What an answer is read with. */
export interface Reading {
  session: Session
  tables: Tables
  limits: ResultLimits
}

/** What a packet was: the last one of the answer; a request for a file; the begin of the binary log. */
export type Step = 'more' | 'done' | 'file' | 'replication'

// Where in an answer a packet stands.
const FIRST = 0
const COLUMNS = 1
const AFTER_COLUMNS = 2
const ROWS = 3
const DEFINITIONS = 4
const PREPARED = 5

// What MySQL and MariaDB have at most, in a table and in a result.
const MAX_COLUMNS = 4096

// What is wanted at most of a packet: of a definition, whose names have up to 256 bytes; of what may
// end the rows; of anything else.
const DEFINITION = 4096
const END_OF_ROWS = 1024
const ANYTHING = 65_536

// What `response` may have, whatever the number of results that have no rows but have columns.
const MAX_RESPONSE = 1024 * 1024

const cursor = new Cursor()

// Sizes with the header. An OK packet has its status; what is shorter and begins with 0 is a number of columns.
const SHORTEST_OK = 4 + 4
// A row may begin as what ends the rows does, when its first value has 16 MB or more: then it fills its packet.
const LONGEST = 0xffffff

/**
 * EOF, warnings and status, and nothing more: not the OK packet that takes its place nowadays. Servers of before 4.1, and
 * 4.1 itself at times, leave the latter two out. Spec: "EOF_Packet".
 */
const isEofPacket = (bytes: Buffer, start: number, size: number): boolean =>
  (size === 9 || size === 5) && bytes[start] === EOF

const eofStatus = (bytes: Buffer, start: number, size: number): number =>
  size === 9 ? (bytes[start + 3] as number) | ((bytes[start + 4] as number) << 8) : 0

const malformed = (what: string): Malformed => new Malformed(what, 0)

/** Reads the packets of one answer after another. Where capabilities change them, the bytes tell what was agreed on. */
export class Answer {
  readonly #reading: Reading
  #phase = FIRST
  /** Definitions to come: of columns, or of a prepared statement's parameters. */
  #left = 0
  /** Of a prepared statement's columns, which come after those of its parameters. */
  #columnsLeft = 0
  #columns: Columns | undefined
  #binary = false
  /** An EOF packet may follow what was the last one of the answer: whether it does was not seen yet. */
  mayTrail = false

  constructor(reading: Reading) {
    this.#reading = reading
  }

  /** The next answer comes. */
  begin(): void {
    this.#phase = FIRST
    this.#columns = undefined
    this.mayTrail = false
  }

  /** See `Reader.wanted`. */
  wanted(of: Answerable, first: number): number {
    if (this.#phase === FIRST) return ANYTHING
    if (this.#phase !== ROWS) return DEFINITION
    const isShown = of.rows !== undefined && !of.rows.full
    if (isShown) return 2 * this.#reading.limits.max_row_length + DEFINITION
    return first < 0 || first === EOF || first === ERR ? END_OF_ROWS : 1
  }

  /** A packet of the answer to `of`. See `Reader.packet`. @throws {Malformed | Incomplete} */
  read(of: Answerable, bytes: Buffer, start: number, end: number, size: number, time: number): Step {
    if (start === end) throw malformed('an empty packet')
    const first = bytes[start] as number
    if (first === ERR) return this.#failed(of, cursor.reset(bytes, start, end), time)
    switch (this.#phase) {
      case ROWS:
        return this.#row(of, bytes, start, end, size)
      case COLUMNS:
        return this.#column(of, bytes, start, end)
      case AFTER_COLUMNS:
        return this.#afterColumns(of, bytes, start, end, size)
      case DEFINITIONS:
        return this.#definition(of, bytes, start, end)
      case PREPARED:
        return this.#preparedDefinition(bytes, start, end, size)
    }
    cursor.reset(bytes, start, end)
    if (of.command.answered === 'login') return this.#login(of, first, time)
    if (first !== LOCAL_INFILE) of.end ??= time
    switch (of.command.answered) {
      case 'text':
        this.#text(of)
        return 'done'
      case 'rows':
        this.#columns = of.statement?.columns
        this.#binary = true
        this.#phase = ROWS
        if (of.withResponse) of.rows = new ResultText(this.#reading.limits)
        return this.#row(of, bytes, start, end, size)
      case 'definitions':
        this.#phase = DEFINITIONS
        return this.#definition(of, bytes, start, end)
      case 'prepared':
        return this.#prepared(of, first)
      case 'replication':
        return 'replication'
    }
    if (first === OK && size > SHORTEST_OK) return this.#okay(of)
    if (first === EOF && size < LONGEST) return 'done' // so answered by old servers: COM_SET_OPTION, COM_DEBUG
    if (first === LOCAL_INFILE) return 'file'
    return this.#result(of)
  }

  #result(of: Answerable): Step {
    const { columns, defined } = columnCount(cursor)
    if (columns < 1 || columns > MAX_COLUMNS) throw malformed(`a result of ${columns} columns`)
    if (of.numFields === 0) of.numFields = columns
    this.#binary = of.binary
    this.#left = columns
    this.#phase = defined ? COLUMNS : AFTER_COLUMNS
    this.#columns = undefined
    if (!of.withResponse) return 'more'
    of.rows ??= new ResultText(this.#reading.limits)
    if (defined) this.#columns = { names: [], types: [] }
    else {
      this.#columns = of.statement?.columns
      this.#header(of)
    }
    return 'more'
  }

  #header({ rows }: Answerable): void {
    if (rows !== undefined && this.#columns !== undefined && !rows.full && rows.text.length < MAX_RESPONSE)
      rows.columns(this.#columns.names)
  }

  #column(of: Answerable, bytes: Buffer, start: number, end: number): Step {
    of.path = this.#reading.tables.with(of.path, cursor.reset(bytes, start, end))
    if (this.#columns !== undefined) addColumn(this.#columns, cursor.reset(bytes, start, end))
    if (--this.#left > 0) return 'more'
    this.#phase = AFTER_COLUMNS
    this.#header(of)
    if (of.statement !== undefined && this.#columns !== undefined)
      this.#reading.session.defined(of.statement, this.#columns)
    return 'more'
  }

  /** A row never begins as an EOF packet does, unless its first value has 16 MB. */
  #afterColumns(of: Answerable, bytes: Buffer, start: number, end: number, size: number): Step {
    this.#phase = ROWS
    const { session } = this.#reading
    session.classicEof = isEofPacket(bytes, start, size)
    if (!session.classicEof) return this.#row(of, bytes, start, end, size)
    // Its rows are asked for later, by COM_STMT_FETCH.
    return (eofStatus(bytes, start, size) & SERVER_STATUS_CURSOR_EXISTS) !== 0 && of.binary ? 'done' : 'more'
  }

  #row(of: Answerable, bytes: Buffer, start: number, end: number, size: number): Step {
    if (bytes[start] === EOF && size < LONGEST) return this.#endOfRows(of, bytes, start, end, size)
    of.numRows++
    const { rows } = of
    if (rows === undefined || rows.full) return 'more'
    cursor.reset(bytes, start, end)
    const { max_row_length } = this.#reading.limits
    if (!this.#binary) rows.row(textRow(cursor, max_row_length))
    else if (this.#columns !== undefined) rows.row(binaryRow(cursor, this.#columns, max_row_length))
    return 'more'
  }

  #endOfRows(of: Answerable, bytes: Buffer, start: number, end: number, size: number): Step {
    const { session } = this.#reading
    if (isEofPacket(bytes, start, size)) return this.#more(eofStatus(bytes, start, size))
    const { status, database } = okay(cursor.reset(bytes, start, end), session.tracked)
    if (database !== undefined) session.use(database)
    return of.command.answered === 'rows' ? 'done' : this.#more(status)
  }

  #okay(of: Answerable): Step {
    const { session } = this.#reading
    const { affectedRows, insertId, status, database } = okay(cursor, session.tracked)
    of.affectedRows += Math.max(0, affectedRows)
    if (insertId !== 0) of.insertId = insertId
    if (database !== undefined) session.use(database)
    return this.#more(status)
  }

  #more(status: number): Step {
    if ((status & SERVER_MORE_RESULTS_EXISTS) === 0) return 'done'
    this.#phase = FIRST
    return 'more'
  }

  #failed(of: Answerable, from: Cursor, time: number): Step {
    const { code, message } = failure(from)
    if (code === PROGRESS) return 'more'
    of.end ??= time
    of.errorCode = code
    of.errorMessage = message
    of.status = 'Error'
    return 'done'
  }

  #login(of: Answerable, first: number, time: number): Step {
    switch (first) {
      case OK:
        of.end = time
        return 'done'
      case EOF:
        // Without a name it means the passwords of before 4.1.
        of.plugin = cursor.left > 1 ? pluginOf(cursor) : 'mysql_old_password'
        return 'more'
      case AUTH_MORE_DATA:
      case AUTH_NEXT_FACTOR:
        return 'more'
    }
    throw malformed(`an answer to a login that begins with ${first}`)
  }

  #text(of: Answerable): void {
    if (!of.withResponse) return
    of.rows = new ResultText(this.#reading.limits)
    of.rows.columns([rest(cursor)])
  }

  #definition(of: Answerable, bytes: Buffer, start: number, end: number): Step {
    if (bytes[start] === EOF) return 'done'
    of.numFields++
    of.path = this.#reading.tables.with(of.path, cursor.reset(bytes, start, end))
    return 'more'
  }

  // --- a statement that is prepared ---------------------------------------------------------------------------------

  #prepared(of: Answerable, first: number): Step {
    if (first !== OK) throw malformed(`an answer to COM_STMT_PREPARE that begins with ${first}`)
    const ok = prepareOk(cursor)
    if (ok.columns > MAX_COLUMNS) throw malformed(`a statement of ${ok.columns} columns`)
    of.numFields = ok.columns
    this.#columns = of.withResponse && ok.defined ? { names: [], types: [] } : undefined
    this.#reading.session.prepared(of.query, ok, of.end as number)
    if (!ok.defined || ok.parameters + ok.columns === 0) return 'done'
    this.#left = ok.parameters
    this.#columnsLeft = ok.columns
    this.#phase = PREPARED
    return 'more'
  }

  #preparedDefinition(bytes: Buffer, start: number, end: number, size: number): Step {
    const { session } = this.#reading
    if (isEofPacket(bytes, start, size)) {
      session.classicEof = true
      if (this.#left > 0) throw malformed('fewer parameters than there are')
      return this.#columnsLeft === 0 ? this.#allDefined() : 'more'
    }
    if (this.#left > 0) this.#left--
    else {
      if (this.#columnsLeft === 0) throw malformed('more columns than there are')
      this.#columnsLeft--
      if (this.#columns !== undefined) addColumn(this.#columns, cursor.reset(bytes, start, end))
    }
    if (this.#left + this.#columnsLeft > 0 || session.classicEof) return 'more'
    this.mayTrail = session.classicEof === undefined
    return this.#allDefined()
  }

  #allDefined(): Step {
    const { lastPrepared } = this.#reading.session
    if (lastPrepared !== undefined && this.#columns !== undefined)
      this.#reading.session.defined(lastPrepared, this.#columns)
    return 'done'
  }
}

function pluginOf(from: Cursor): string {
  from.skip(1)
  const { bytes, at, left } = from
  const end = bytes.indexOf(0, at)
  return from.utf8(end < 0 ? left : Math.min(end - at, left))
}
