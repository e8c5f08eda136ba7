import { unescapeForm } from './query.js'

/** What a parameter's value becomes. */
export const MASK = 'xxxxx'
const REDACTED = 'REDACTED'

export interface SecretOptions {
  hide_keywords: readonly string[]
  redact_headers: readonly string[]
  redact_authorization: boolean
}

const AUTHORIZATION = ['authorization', 'proxy-authorization']

/** What must not be seen in an event, wherever in the message it stands. */
export class Secrets {
  readonly #parameters: ReadonlySet<string>
  readonly #headers: ReadonlySet<string>
  readonly #authorization: boolean
  readonly hasParameters: boolean

  constructor(options: SecretOptions) {
    this.#parameters = new Set(options.hide_keywords.map((name) => name.toLowerCase()))
    this.#headers = new Set(options.redact_headers.map((name) => name.toLowerCase()))
    this.#authorization = options.redact_authorization
    this.hasParameters = this.#parameters.size > 0
  }

  isParameter(name: string): boolean {
    return this.#parameters.has(name.toLowerCase())
  }

  /** A header's value as it may be shown. `name` in lower case. */
  header(name: string, value: string): string {
    if (this.#headers.has(name)) return REDACTED
    if (this.#authorization && AUTHORIZATION.includes(name)) return '*'
    return this.hasParameters && name === 'referer' ? this.url(value) : value
  }

  /** A URL or request target, the secrets in its query masked and the rest as it was. */
  url(url: string): string {
    const mark = url.indexOf('?')
    if (mark < 0 || !this.hasParameters) return url
    const hash = url.indexOf('#', mark)
    const end = hash < 0 ? url.length : hash
    return url.slice(0, mark + 1) + this.form(url.slice(mark + 1, end)) + url.slice(end)
  }

  /** Parameters as in a form, the secret ones masked. */
  form(text: string): string {
    if (!this.hasParameters) return text
    return text
      .split('&')
      .map((pair) => {
        const equals = pair.indexOf('=')
        const name = equals < 0 ? pair : pair.slice(0, equals)
        return equals >= 0 && this.isParameter(unescapeForm(name) ?? name) ? `${name}=${MASK}` : pair
      })
      .join('&')
  }

  /** A head as it came. An authorization becomes as many asterisks; folded lines go with their header. */
  head(text: string): string {
    let shown = text
    if (this.hasParameters) {
      const end = text.indexOf('\n')
      const [line, rest] = [text.slice(0, end), text.slice(end)]
      shown =
        line.replace(
          /^(\S+ )(.*)( \S+\s*)$/s,
          (_, method, target, version) => method + this.url(target) + version,
        ) + rest
    }
    if (this.#headers.size === 0 && !this.#authorization && !this.hasParameters) return shown
    return shown.replace(HEADER_LINE, (line, name: string, space: string, value: string) => {
      const lower = name.toLowerCase()
      if (this.#headers.has(lower)) return `${name}${space}: ${REDACTED}`
      if (this.#authorization && AUTHORIZATION.includes(lower))
        return `${name}${space}:${value.replace(/[^\r\n]/g, '*')}`
      return this.hasParameters && lower === 'referer' ? `${name}${space}:${this.url(value)}` : line
    })
  }
}

const HEADER_LINE = /(?<=\n)([^\s:]+)([ \t]*):([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/g
