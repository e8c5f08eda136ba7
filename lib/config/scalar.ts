import type { Scalar } from './tree.js'

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL'])
const TRUTHS = new Map(
  ['true', 'yes', 'on'].flatMap((word, index) => {
    const no = ['false', 'no', 'off'][index] as string
    return [
      ...spellings(word).map((text) => [text, true] as const),
      ...spellings(no).map((text) => [text, false] as const),
    ]
  }),
)

function spellings(word: string): string[] {
  return [word, word.toUpperCase(), (word[0] as string).toUpperCase() + word.slice(1)]
}

/** A truth value however it is written, or undefined. */
export const truth = (text: string): boolean | undefined => TRUTHS.get(text) ?? TRUTHS.get(text.toLowerCase())

const DECIMAL = /^[-+]?(0|[1-9][\d_]*)$/
const OCTAL = /^0o?[0-7]+$/
const BASED = /^0(x[\da-fA-F_]+|b[01_]+)$/
const FLOAT = /^[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?$/

/** A number as configuration files write it, or undefined. A leading zero means octal, as in file modes. */
export function numeric(text: string): number | undefined {
  if (OCTAL.test(text) && text !== '0') return Number.parseInt(text.replace(/^0o?/, ''), 8)
  const digits = text.replaceAll('_', '')
  if (DECIMAL.test(text)) {
    const value = Number(digits)
    // Digits beyond 2^53 would change: such a number is an identifier, so it stays the text it was.
    return Number.isSafeInteger(value) ? value : undefined
  }
  if (BASED.test(text)) return Number(digits)
  if (FLOAT.test(text) && !/^[-+]?0\d/.test(text)) return Number(digits)
  return undefined
}

/** What an unquoted scalar means: null, a truth value (yes and no, on and off too), a number, else text. */
export function scalar(text: string): Scalar {
  if (NULLS.has(text)) return null
  return TRUTHS.get(text) ?? numeric(text) ?? text
}
