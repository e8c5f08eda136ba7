import { hash } from 'node:crypto'
import { isGrease, unknown } from './names.js'
import { Recent } from './recent.js'
import { suites } from './suites.js'

/** The cipher suites that a client offers, GREASE left out. */
export interface SuiteList {
  names: readonly string[]
  /** Their part of JA3: decimal codes joined by dashes. */
  ja3: string
  count: number
  /** Their part of JA4: a hash of their codes in order. */
  ja4: string
  /** Two lists with the same key are the same. */
  key: string
}

export const suiteName = (code: number): string => suites.get(code) ?? unknown(code)

// A list is some 60 bytes; what is longer than this is not worth remembering.
const MAX_KEY = 1024

const lists = new Recent<SuiteList>(512)

/** Reads a list of codes of `width` bytes, 2, or 3 of SSL 2.0. */
export function suiteList(bytes: Buffer, start: number, end: number, width: 2 | 3): SuiteList {
  const key = bytes.latin1Slice(start, end)
  const known = width === 2 ? lists.get(key) : undefined
  if (known !== undefined) return known
  const codes: number[] = []
  for (let at = start; at < end; at += width) {
    const code = bytes.readUIntBE(at, width)
    if (!isGrease(code)) codes.push(code)
  }
  const made: SuiteList = {
    names: codes.map((code) => (code > 0xffff ? unknown(code, 6) : suiteName(code))),
    ja3: codes.join('-'),
    count: codes.length,
    ja4: hash12(codes.map(hex4).sort().join(',')),
    // No list of two bytes a code begins with that character.
    key: width === 2 ? key : `\u0100${key}`,
  }
  return width === 2 && key.length <= MAX_KEY ? lists.set(key, made) : made
}

export const hex4 = (code: number): string => code.toString(16).padStart(4, '0')

/** The first 12 digits of a SHA-256, as JA4 writes it: zeros for nothing. */
export const hash12 = (text: string): string =>
  text === '' ? '000000000000' : hash('sha256', text).slice(0, 12)
