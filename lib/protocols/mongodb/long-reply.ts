import type { Elements } from './bson.js'
import type { Reader } from './long-document.js'
import { cursorElement, element, isBatch, type Reply, writeError } from './reply.js'

type Kind = 'reply' | 'cursor' | 'batch' | 'writeErrors'

/** Reads a long reply: the documents of its batch are counted. */
export class LongReply implements Reader<Kind> {
  readonly kind = 'reply'
  readonly #reply: Reply

  constructor(reply: Reply) {
    this.#reply = reply
  }

  element(elements: Elements, kind: Kind): void {
    if (kind === 'reply') element(this.#reply, elements)
    else if (kind === 'cursor') cursorElement(this.#reply, elements)
    else writeError(this.#reply, elements)
  }

  enter(name: string, kind: Kind): Kind | undefined {
    if (kind === 'reply') return name === 'cursor' || name === 'writeErrors' ? name : undefined
    return kind === 'cursor' && isBatch(name) ? 'batch' : undefined
  }

  isCounted(kind: Kind): boolean {
    return kind === 'batch'
  }

  count(): void {
    this.#reply.numberReturned = (this.#reply.numberReturned ?? 0) + 1
  }
}
