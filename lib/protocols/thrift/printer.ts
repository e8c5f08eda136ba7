import type { Encoding } from './encoding.js'
import type { Shape } from './shapes.js'
import { Skipper } from './skipper.js'
import { quotedText, uuidText } from './text.js'
import { BOOL, DOUBLE, I8, I16, I32, I64, LIST, MAP, MAX_DEPTH, SET, STRING, STRUCT, UUID } from './types.js'

/** How much of values is shown. */
export interface Limits {
  /** Bytes of a text. */
  text: number
  /** Elements of a collection, fields of a structure, parameters of a call. */
  elements: number
  /** Fields of a structure other than parameters. */
  fields: number
  /** Texts are shown as `"*"`. */
  obfuscate: boolean
}

// Of one message: a keyword that is longer than 32,766 bytes Elasticsearch does not even take.
export const MAX_TEXT = 65_536

/** Writes values as people read them. What is not shown is passed over. */
export class Printer {
  readonly #limits: Limits
  readonly #skipper = new Skipper()
  /** Characters that the message may still have. */
  #left = 0
  /** The message had more to show than `MAX_TEXT`. */
  isCut = false

  constructor(limits: Limits) {
    this.#limits = { ...limits, text: Math.min(limits.text, MAX_TEXT) }
  }

  /** Makes ready for a message. */
  begin(): void {
    this.#left = MAX_TEXT
    this.isCut = false
  }

  /** The arguments of a call: `(a: 1, b: "x")`. */
  params(encoding: Encoding, shape: Shape | undefined): string {
    return this.#struct(encoding, shape, 1, this.#limits.elements)
  }

  /** The value of the field whose head was read last. */
  value(encoding: Encoding, type: number, shape: Shape | undefined, depth: number): string {
    const text = this.#value(encoding, type, shape, depth)
    // What is in a collection or a structure has been counted.
    this.#left -= type < STRUCT || type === UUID ? text.length + 2 : 2
    return text
  }

  /** Passes over the fields after that with the id `last`. */
  skipFields(encoding: Encoding, last: number): void {
    this.#skipper.fields(encoding, last)
  }

  /** Passes over the value of the field whose head was read last, and all fields after it. */
  skipFrom(encoding: Encoding): void {
    this.#skipper.fieldsFrom(encoding)
  }

  #value(encoding: Encoding, type: number, shape: Shape | undefined, depth: number): string {
    const { cursor } = encoding
    switch (type) {
      case BOOL:
        return encoding.bool() ? 'true' : 'false'
      case I8:
        return String(encoding.i8())
      case I16:
        return String(encoding.i16())
      case I32: {
        const value = encoding.i32()
        return shape?.names?.get(value) ?? String(value)
      }
      case I64:
        return encoding.i64()
      case DOUBLE:
        return String(encoding.double())
      case STRING:
        return this.#text(encoding)
      case UUID: {
        const { at } = cursor
        cursor.skip(16)
        return uuidText(cursor.bytes, at)
      }
      default:
        if (depth >= MAX_DEPTH) throw cursor.malformed(`more than ${MAX_DEPTH} values in one another`)
    }
    switch (type) {
      case STRUCT:
        return this.#struct(encoding, shape, depth + 1, Math.min(this.#limits.elements, this.#limits.fields))
      case MAP:
        encoding.map()
        return this.#map(encoding, shape, depth + 1)
      case LIST:
        encoding.list()
        return `[${this.#elements(encoding, shape, depth + 1)}]`
      case SET:
        encoding.list()
        return `{${this.#elements(encoding, shape, depth + 1)}}`
      default:
        throw cursor.malformed(`type ${type}`)
    }
  }

  #text(encoding: Encoding): string {
    const { cursor } = encoding
    const length = encoding.length()
    const { at } = cursor
    cursor.skip(length)
    return this.#limits.obfuscate ? '"*"' : quotedText(cursor.bytes, at, length, this.#limits.text)
  }

  #struct(encoding: Encoding, shape: Shape | undefined, depth: number, limit: number): string {
    const fields = shape?.fields
    let text = '('
    for (let count = 0, last = 0; encoding.field(last); count++) {
      const { id, type } = encoding
      if (count > 0) text += ', '
      if (count >= limit || this.#isFull()) {
        // Its value is still to be read, as the field's of which only the head was.
        this.#skipper.fieldsFrom(encoding)
        return `${text}...)`
      }
      const field = fields?.get(id)
      const value = this.value(encoding, type, field?.shape, depth)
      text += field === undefined ? `${id}: ${value}` : field.label + value
      last = id
    }
    return `${text})`
  }

  #elements(encoding: Encoding, shape: Shape | undefined, depth: number): string {
    const { size, element } = encoding
    const shown = Math.min(size, this.#limits.elements)
    let text = ''
    for (let index = 0; index < size; index++) {
      if (index > 0) text += ', '
      if (index >= shown || this.#isFull()) {
        this.#skipper.elements(encoding, size - index, element)
        return `${text}...`
      }
      text += this.value(encoding, element, shape?.element, depth)
    }
    return text
  }

  #map(encoding: Encoding, shape: Shape | undefined, depth: number): string {
    const { size, key, element } = encoding
    const shown = Math.min(size, this.#limits.elements)
    let text = '{'
    for (let index = 0; index < size; index++) {
      if (index > 0) text += ', '
      if (index >= shown || this.#isFull()) {
        this.#skipper.elements(encoding, size - index, element, key)
        return `${text}...}`
      }
      const name = this.value(encoding, key, shape?.key, depth)
      text += `${name}: ${this.value(encoding, element, shape?.element, depth)}`
    }
    return `${text}}`
  }

  #isFull(): boolean {
    if (this.#left > 0) return false
    this.isCut = true
    return true
  }
}
