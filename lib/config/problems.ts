import { type ErrorCode, UserError } from '../errors.js'
import { withoutSecrets } from './secrets.js'
import { at, display, type Node, nearest } from './tree.js'

// Messages that go on after the name of the setting; others stand after a colon.
const VERB = /^(must|is|has|needs|refers)\b/

/** What is wrong with a configuration, gathered so that a user sees all of it at once. */
export class Problems {
  readonly #lines: { code: ErrorCode; text: string; order: number; path: readonly PropertyKey[] }[] = []

  /** True when a mistake at that path follows from one that is known: from one in it, or, if missing, from a key misspelt beside it. */
  explain(path: readonly PropertyKey[], missing: boolean): boolean {
    const parent = path.slice(0, -1)
    return this.#lines.some(
      (line) =>
        begins(line.path, path) || (missing && line.path.length === path.length && begins(line.path, parent)),
    )
  }

  /** `message` begins with what follows the name of the setting: `must be …`, `is not …`. */
  add(
    root: Node,
    path: readonly PropertyKey[],
    message: string,
    code: ErrorCode = 'ERR_CONFIG_INVALID',
  ): void {
    const { place } = nearest(root, path)
    const where = place.file === '' ? '' : `${at(place)}: `
    const name = display(root, path)
    const joint = name === '' ? '' : VERB.test(message) ? ' ' : ': '
    const text = withoutSecrets(`${where}${name}${joint}${message.replace(/\.$/, '')}`)
    if (!this.#lines.some((line) => line.text === text))
      this.#lines.push({ code, text, order: place.line, path })
  }

  /** @throws {UserError} when there was any: one sentence, or one line each. */
  raise(): void {
    const [first, second] = this.#lines
    if (first === undefined) return
    if (second === undefined) throw new UserError(first.code, `${first.text}.`)
    const lines = [...this.#lines].sort((a, b) => a.order - b.order).map(({ text }) => `\n  ${text}.`)
    throw new UserError(
      first.code,
      `there are ${lines.length} mistakes in the configuration:${lines.join('')}`,
    )
  }
}

const begins = (path: readonly PropertyKey[], beginning: readonly PropertyKey[]): boolean =>
  beginning.every((key, index) => String(path[index]) === String(key))
