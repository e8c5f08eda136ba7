import { Incomplete } from '../../wire/cursor.js'
import type { Encoding } from './encoding.js'
import { BOOL, DOUBLE, I8, I16, I32, I64, LIST, MAP, MAX_DEPTH, SET, STRING, STRUCT, UUID } from './types.js'

/**
 * Passes over values. What is nested stands in a table and not on the stack, so that a value whose bytes are still to come
 * can be gone on with where it was left, and each of its bytes is read once.
 */
export class Skipper {
  /** Bytes of the message that have been passed over. */
  used = 0
  #depth = 0
  /** The value that comes next, when its head has been read; 0: none. */
  #type = 0
  readonly #kinds = new Uint8Array(MAX_DEPTH)
  /** Of a structure the id of its last field, else the values still to come. */
  readonly #state = new Float64Array(MAX_DEPTH)
  readonly #keys = new Uint8Array(MAX_DEPTH)
  readonly #elements = new Uint8Array(MAX_DEPTH)

  /** Passes over what is left of a structure after the field with the id `last`. */
  fields(encoding: Encoding, last: number): void {
    this.begin()
    this.#state[0] = last
    this.run(encoding)
  }

  /** The same, of a structure whose next field's head has been read. */
  fieldsFrom(encoding: Encoding): void {
    this.begin()
    this.#state[0] = encoding.id
    if (encoding.type === BOOL) encoding.bool()
    else this.#type = encoding.type
    this.run(encoding)
  }

  /** Passes over the next values of a list or a set; or of a map, where `key` is the type of every other. */
  elements(encoding: Encoding, count: number, element: number, key = 0): void {
    this.#depth = 0
    this.#type = 0
    this.#push(encoding, key === 0 ? LIST : MAP, count, element, key)
    this.run(encoding)
  }

  /** Makes ready for a structure, to be passed over by `run`. */
  begin(): void {
    this.#depth = 1
    this.#type = 0
    this.#kinds[0] = STRUCT
    this.#state[0] = 0
  }

  /** Goes on. When bytes are missing (`Incomplete`), it can be called again with the cursor at `used`. */
  run(encoding: Encoding): void {
    const { cursor } = encoding
    this.used = cursor.used
    for (;;) {
      if (this.#type === 0 && !this.#next(encoding)) {
        if (this.#depth === 0) return
        continue
      }
      this.#pass(encoding, this.#type)
      this.#type = 0
      this.used = cursor.used
    }
  }

  /** Reads up to the next value. False: it was the end of what is nested. */
  #next(encoding: Encoding): boolean {
    const top = this.#depth - 1
    if (top < 0) return false
    const state = this.#state[top] as number
    if (this.#kinds[top] === STRUCT) {
      if (encoding.field(state)) {
        this.#state[top] = encoding.id
        // It may stand in the field's head, which is read only once.
        if (encoding.type === BOOL) this.#flag(encoding, state)
        else this.#type = encoding.type
        this.used = encoding.cursor.used
        return this.#type !== 0
      }
      this.#depth--
      this.used = encoding.cursor.used
      return false
    }
    if (state === 0) {
      this.#depth--
      return false
    }
    this.#state[top] = state - 1
    this.#type = (
      this.#kinds[top] === MAP && state % 2 === 0 ? this.#keys[top] : this.#elements[top]
    ) as number
    return true
  }

  #flag(encoding: Encoding, last: number): void {
    try {
      encoding.bool()
    } catch (error) {
      if (error === Incomplete.signal) this.#state[this.#depth - 1] = last
      throw error
    }
  }

  #pass(encoding: Encoding, type: number): void {
    const { cursor } = encoding
    switch (type) {
      case BOOL:
      case I8:
        cursor.skip(1)
        break
      case I16:
      case I32:
      case I64:
        encoding.skipInteger(type)
        break
      case DOUBLE:
        cursor.skip(8)
        break
      case UUID:
        cursor.skip(16)
        break
      case STRING:
        cursor.skip(encoding.length())
        break
      case STRUCT:
        this.#push(encoding, STRUCT, 0, 0, 0)
        break
      case SET:
      case LIST:
        encoding.list()
        this.#push(encoding, LIST, encoding.size, encoding.element, 0)
        break
      case MAP:
        encoding.map()
        this.#push(encoding, MAP, encoding.size, encoding.element, encoding.key)
        break
      default:
        throw cursor.malformed(`type ${type}`)
    }
  }

  #push(encoding: Encoding, kind: number, count: number, element: number, key: number): void {
    const { cursor } = encoding
    if (kind === LIST) {
      const width = encoding.width(element)
      if (width > 0) {
        cursor.skip(count * width)
        return
      }
    }
    if (this.#depth === MAX_DEPTH) throw cursor.malformed(`more than ${MAX_DEPTH} values in one another`)
    const top = this.#depth++
    this.#kinds[top] = kind
    this.#state[top] = kind === MAP ? 2 * count : count
    this.#elements[top] = element
    this.#keys[top] = key
  }
}
