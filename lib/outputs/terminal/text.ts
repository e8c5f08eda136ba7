// C0, DEL and C1 would steer the terminal; the others reorder, hide or break what stands around them.
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find.
  /[\0-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const SHORT: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** Text of the traffic, so that a terminal shows it and does nothing else. */
export const harmless = (text: string): string => text.replace(UNSAFE, escaped)

function escaped(sign: string): string {
  const code = sign.charCodeAt(0)
  return (
    SHORT[sign] ??
    (code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
  )
}

// Combining marks take no cell; CJK, Hangul, full-width forms and emoji take two.
const NO_CELL = /\p{M}/u
const TWO_CELLS =
  /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const ASCII = /^[\0-\x7f]*$/

const cellsOf = (sign: string): number => (NO_CELL.test(sign) ? 0 : TWO_CELLS.test(sign) ? 2 : 1)

/** Cells that harmless text takes on a terminal. */
export const cells = (text: string): number =>
  ASCII.test(text) ? text.length : [...text].reduce((sum, sign) => sum + cellsOf(sign), 0)

/** At most that many cells; what is cut is an ellipsis. */
export function cut(text: string, width: number): string {
  if (cells(text) <= width) return text
  if (width <= 0) return ''
  let left = width - 1
  let result = ''
  for (const sign of text) {
    left -= cellsOf(sign)
    if (left < 0) break
    result += sign
  }
  return `${result}…`
}

/** Exactly that many cells. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const short = cut(text, width)
  const space = ' '.repeat(Math.max(0, width - cells(short)))
  return side === 'right' ? short + space : space + short
}
