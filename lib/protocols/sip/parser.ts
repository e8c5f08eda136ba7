import '../../wire/buffer.js'
import { header } from './header.js'
import { headerName } from './header-names.js'
import { SipMessage } from './message.js'
import { startLine } from './start-line.js'

/** Bytes of a start line and the headers; servers take no more (Kamailio: 64 KB for a whole message). */
export const MAX_HEAD = 65_536

// What is looked at in one go: most heads are shorter.
const WINDOW = 2048
const HEAD_END = /\n\r?\n/g
const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20
const TAB = 0x09

/**
 * Where the head that begins at `start` ends: after its empty line, an index of `bytes`; -1: not before `end`. `from`: where to
 * go on that was looked at before. Lines may end in LF alone, as tolerant servers have it.
 */
export function headEnd(bytes: Buffer, start: number, from: number, end: number): number {
  const last = Math.min(end, start + MAX_HEAD)
  for (let at = Math.max(start, from - 2); ; at += WINDOW - 2) {
    const stop = Math.min(last, at + WINDOW)
    HEAD_END.lastIndex = 0
    if (HEAD_END.test(bytes.latin1Slice(at, stop))) return at + HEAD_END.lastIndex
    if (stop === last) return -1
  }
}

/** The same of a whole message as text. */
export function textHeadEnd(text: string): number {
  HEAD_END.lastIndex = 0
  return HEAD_END.test(text) ? HEAD_END.lastIndex : -1
}

/** Whether a message can begin with that byte: a method is a token (RFC 3261 §25.1). */
export const canBegin = (byte: number): boolean =>
  byte > SPACE && byte < 0x7f && !/["(),/:;<=>?@[\\\]{}]/.test(String.fromCharCode(byte))

/** Whether the first line from `start` on is at hand. @throws {Malformed} when it begins no message */
export function startsMessage(bytes: Buffer, start: number, end: number): boolean {
  const newline = bytes.indexOf(LF, start)
  if (newline < 0 || newline >= end) return false
  startLine(new SipMessage(), bytes.latin1Slice(start, newline).trim())
  return true
}

/** Behind the line ends that `bytes` have from `start` on: before a message they are no part of it (RFC 3261 §7.5). */
export function skipLineEnds(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && (bytes[at] === CR || bytes[at] === LF)) at++
  return at
}

/** Reads the start line and the headers: all of `text`, with or without the empty line. @throws {Malformed} */
export function head(text: string, authorizations: boolean): SipMessage {
  const message = new SipMessage()
  let end = lineEnd(text, 0)
  let colon = -1
  startLine(message, trimmed(text, 0, end))
  for (let at = end + 1; at < text.length; at = end + 1) {
    end = lineEnd(text, at)
    let folded = false
    while (isBlank(text.charCodeAt(end + 1)) && end > at) {
      folded = true
      end = lineEnd(text, end + 1)
    }
    // A line without a colon is no header: it is passed over. The next colon is not looked for again and again.
    if (colon < at) colon = text.indexOf(':', at)
    if (colon < 0) break
    if (colon === at || colon > end) continue
    let nameEnd = colon
    while (nameEnd > at && isBlank(text.charCodeAt(nameEnd - 1))) nameEnd--
    const name = headerName(text, at, nameEnd)
    if (name === undefined) continue
    const value = trimmed(text, colon + 1, end)
    header(message, name, folded ? unfolded(value) : value, authorizations)
  }
  const { via } = message
  if (via !== undefined && via.length > 1) message.via = [...new Set(via)]
  return message
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

function trimmed(text: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && isSpace(text.charCodeAt(from))) from++
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

/** A folded value on one line (RFC 3261 §7.3.1). */
const unfolded = (value: string): string =>
  value
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim()

const isBlank = (code: number): boolean => code === SPACE || code === TAB
const isSpace = (code: number): boolean => isBlank(code) || code === CR
