/** What is wrong with an interface file, and where. */
export class Problem extends Error {
  readonly line: number

  constructor(what: string, line: number) {
    super(what)
    this.line = line
  }
}

const BLANK = /(?:\s+|\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)+/y
const TOKEN =
  /[A-Za-z_][\w.-]*|[+-]?(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|[{}()<>[\],;:=*&]/y

/** The words of an interface file, from left to right. Spec: thrift.apache.org/docs/idl. */
export class Tokens {
  readonly #text: string
  #at = 0
  /** The word that comes next; empty at the end. */
  next = ''
  /** Where the next word begins. */
  #start = 0
  #line = 1
  #counted = 0

  constructor(text: string) {
    this.#text = text
    this.take()
  }

  /** Of the next word. */
  get line(): number {
    for (let at = this.#text.indexOf('\n', this.#counted); at >= 0 && at < this.#start; ) {
      this.#line++
      this.#counted = at + 1
      at = this.#text.indexOf('\n', this.#counted)
    }
    return this.#line
  }

  /** Goes on. Returns the word that was next. */
  take(): string {
    const taken = this.next
    BLANK.lastIndex = this.#at
    if (BLANK.test(this.#text)) this.#at = BLANK.lastIndex
    this.#start = this.#at
    TOKEN.lastIndex = this.#at
    const [token] = TOKEN.exec(this.#text) ?? []
    if (token === undefined && this.#at < this.#text.length)
      throw this.problem(`${JSON.stringify(this.#text[this.#at])} is not expected`)
    this.next = token ?? ''
    this.#at += this.next.length
    return taken
  }

  /** Takes the next word when it is this one. */
  accept(word: string): boolean {
    if (this.next !== word) return false
    this.take()
    return true
  }

  expect(word: string): void {
    if (!this.accept(word)) throw this.unexpected(`'${word}'`)
  }

  name(): string {
    if (!/^[A-Za-z_]/.test(this.next)) throw this.unexpected('a name')
    return this.take()
  }

  integer(): number {
    const value = Number(this.next.replace(/^([+-])/, ''))
    if (!/^[+-]?(?:0[xX][\da-fA-F]+|\d+)$/.test(this.next)) throw this.unexpected('a whole number')
    return this.take().startsWith('-') ? -value : value
  }

  /** A text, without its quotes. */
  text(): string {
    if (!/^["']/.test(this.next)) throw this.unexpected('a text in quotes')
    return this.take().slice(1, -1)
  }

  unexpected(wanted: string): Problem {
    return this.problem(`${wanted} is expected, not ${this.next === '' ? 'the end' : `'${this.next}'`}`)
  }

  problem(what: string): Problem {
    return new Problem(what, this.line)
  }
}
