/** A statement of a query string, without the semicolon; `end`: where it ends in the string. */
export interface Part {
  sql: string
  end: number
}

// A thousand statements in one message are a script. What follows them is one more, whose results are added up.
export const MAX_PARTS = 1000

/**
 * The statements of a query string as PostgreSQL's lexer finds them: a semicolon ends one, but not in quotes, comments,
 * brackets or the body of a function in standard SQL (`BEGIN ATOMIC … END`). PostgreSQL 17 documentation, §4.1.
 * Statements without a word in them are left out.
 */
export function split(sql: string): Part[] {
  const first = sql.indexOf(';')
  if (first < 0 || isBlank(sql, first + 1)) {
    const whole = (first < 0 ? sql : sql.slice(0, first)).trim()
    return whole === '' || isOnlyComment(whole) ? [] : [{ sql: whole, end: sql.length }]
  }
  const parts: Part[] = []
  const add = (start: number, end: number) => {
    const part = sql.slice(start, end).trim()
    if (part !== '' && !isOnlyComment(part)) parts.push({ sql: part, end })
  }
  let start = 0
  let brackets = 0
  let words = 0
  let head = ''
  let routine = false
  let blocks = 0
  TOKEN.lastIndex = 0
  for (let token = TOKEN.exec(sql); token !== null; token = TOKEN.exec(sql)) {
    const text = token[0]
    switch (text[0]) {
      case ';':
        if (brackets > 0 || blocks > 0) break
        add(start, token.index)
        start = token.index + 1
        words = 0
        head = ''
        routine = false
        if (parts.length === MAX_PARTS) {
          add(start, sql.length)
          return parts
        }
        break
      case '(':
        brackets++
        break
      case ')':
        if (brackets > 0) brackets--
        break
      case '/':
        TOKEN.lastIndex = afterComment(sql, token.index)
        break
      case '$':
        if (text.length > 1) TOKEN.lastIndex = after(sql, text, TOKEN.lastIndex)
        break
      case '"':
      case "'":
        TOKEN.lastIndex = afterQuote(sql, text, TOKEN.lastIndex)
        break
      case '-':
        TOKEN.lastIndex = after(sql, '\n', TOKEN.lastIndex)
        break
      default:
        if (text.endsWith("'")) {
          TOKEN.lastIndex = afterEscapes(sql, TOKEN.lastIndex)
          break
        }
        // psql's rule: BEGIN, CASE and END count in what begins as CREATE FUNCTION or CREATE PROCEDURE does.
        if (words++ < 4) {
          head += `${text} `
          routine = ROUTINE.test(head)
        }
        if (!routine) break
        if (/^begin$/i.test(text) || (blocks > 0 && /^case$/i.test(text))) blocks++
        else if (blocks > 0 && /^end$/i.test(text)) blocks--
    }
  }
  add(start, sql.length)
  return parts
}

// Where quotes and comments begin, $tag$, words, and what counts.
const TOKEN =
  /[eE]'|'|"|--|\/\*|\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$|[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*|[;()]/g

const ROUTINE = /^create (?:or replace )?(?:function|procedure) /i

// A quote without an end reaches to the end of all, as in the server, which refuses it.
const after = (sql: string, what: string, from: number): number => {
  const found = sql.indexOf(what, from)
  return found < 0 ? sql.length : found + what.length
}

/** A quote within quotes is written twice. */
function afterQuote(sql: string, quote: string, from: number): number {
  let at = after(sql, quote, from)
  while (at < sql.length && sql[at] === quote) at = after(sql, quote, at + 1)
  return at
}

/** The end of E'…', where a backslash escapes a quote as well. */
function afterEscapes(sql: string, from: number): number {
  ESCAPE.lastIndex = from
  for (let mark = ESCAPE.exec(sql); mark !== null; mark = ESCAPE.exec(sql))
    if (mark[0] === "'") return ESCAPE.lastIndex
  return sql.length
}

const ESCAPE = /\\[\s\S]|''|'/g

/** Where the comment that begins at `at` ends; they may be nested. */
function afterComment(sql: string, at: number): number {
  let depth = 0
  COMMENT.lastIndex = at
  for (let mark = COMMENT.exec(sql); mark !== null; mark = COMMENT.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return COMMENT.lastIndex
  }
  return sql.length
}

const COMMENT = /\/\*|\*\//g

function isBlank(sql: string, from: number): boolean {
  for (let at = from; at < sql.length; at++) {
    const code = sql.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return false
  }
  return true
}

/** `-- ping`, as drivers ask whether the connection is alive. */
function isOnlyComment(sql: string): boolean {
  if (!sql.startsWith('--') && !sql.startsWith('/*')) return false
  let at = 0
  while (at < sql.length) {
    if (sql.startsWith('--', at)) at = after(sql, '\n', at)
    else if (sql.startsWith('/*', at)) at = afterComment(sql, at)
    else if (/\s/.test(sql[at] as string)) at++
    else return false
  }
  return true
}

/** The one statement of a Parse message, without the semicolon that some clients send. */
export function whole(sql: string): string {
  const trimmed = sql.trim()
  return trimmed.endsWith(';') ? trimmed.slice(0, -1).trimEnd() : trimmed
}
