import { type ErrorCode, UserError } from '../errors.js'
import { at, display, type Node, nearest } from './tree.js'

/** What is wrong with a configuration, gathered so that a user sees all of it at once. */
export class Problems {
  readonly #lines: { code: ErrorCode; text: string; order: number }[] = []

  get found(): boolean {
    return this.#lines.length > 0
  }

  /** `message` begins with what follows the name of the setting: `must be …`, `is not …`. */
  add(root: Node, path: readonly PropertyKey[], message: string, code: ErrorCode = 'ERR_CONFIG_INVALID'): void {
    const { place } = nearest(root, path)
    const where = place.file === '' ? '' : `${at(place)}: `
    const text = `${where}${[display(root, path), message].filter((part) => part !== '').join(' ')}`
    if (!this.#lines.some((line) => line.text === text)) this.#lines.push({ code, text, order: place.line })
  }

  /** @throws {UserError} when there was any: one sentence, or one line each. */
  raise(): void {
    const [first, second] = this.#lines
    if (first === undefined) return
    if (second === undefined) throw new UserError(first.code, `${first.text}.`)
    const lines = [...this.#lines].sort((a, b) => a.order - b.order).map(({ text }) => `\n  ${text}.`)
    throw new UserError(first.code, `there are ${lines.length} mistakes in the configuration:${lines.join('')}`)
  }
}
