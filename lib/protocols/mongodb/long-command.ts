import type { Elements } from './bson.js'
import { inDatabase, type Request } from './command.js'
import type { Reader } from './long-document.js'

/** Reads a long command, to whose list of documents its head reaches: after them it tells of which database it is. */
export class LongCommand implements Reader<undefined> {
  readonly kind = undefined
  readonly #request: Request

  constructor(request: Request) {
    this.#request = request
  }

  element(elements: Elements): void {
    if (elements.name.text === '$db') inDatabase(this.#request, elements.text())
  }

  enter(): undefined {}

  isCounted(): boolean {
    return false
  }

  count(): void {}
}
