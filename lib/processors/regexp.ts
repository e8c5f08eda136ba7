import { z } from 'zod'

/**
 * Compiles a regular expression written for Go, as configurations have them: flags in front (`(?i)`), `(?P<name>…)`, `\A`
 * and `\z`.
 * @throws {SyntaxError}
 */
export function compileRegExp(pattern: string): RegExp {
  const [all = '', letters = ''] = /^\(\?([imsU]+)\)/.exec(pattern) ?? []
  const flags = [...'ims'].filter((letter) => letters.includes(letter)).join('')
  const multiline = letters.includes('m')
  const source = pattern
    .slice(all.length)
    .replace(/\(\?P</g, '(?<')
    // In Go these are the ends of the text whatever the flags.
    .replace(/\\[\\Az]/g, (sign) =>
      sign === '\\A' ? (multiline ? '(?<![^])' : '^') : sign === '\\z' ? '(?![^])' : sign,
    )
  return new RegExp(source, `${flags}u`.replace('u', needsUnicode(source) ? 'u' : ''))
}

// Go always reads runes; JavaScript is stricter about needless escapes when it does.
const needsUnicode = (source: string): boolean => /\\p\{|[^\0-\uffff]/u.test(source)

/** The text of a regular expression, checked. */
export const regExpText = z.string({ error: 'must be a regular expression' }).superRefine((text, context) => {
  try {
    compileRegExp(text)
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: `must be a regular expression: ${(error as Error).message.replace(/^Invalid regular expression: /, '')}`,
    })
  }
})
