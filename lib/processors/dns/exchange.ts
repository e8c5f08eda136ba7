import type { Answer, Type } from './message.js'

/** A question that waits for its answer. */
export interface Asked {
  bytes: Buffer
  type: Type
  done(answer: Answer): void
}

/** A way to one name server. */
export interface Exchange {
  /** Sends it; `done` is called at most once, also when the way is lost. Whoever asks keeps the time. */
  ask(asked: Asked): void
  /** Sends it again, where that may help. */
  again(asked: Asked): void
  /** Its answer is not waited for any more. */
  forget(asked: Asked): void
  close(): void
}

/** What is counted on the way. */
export type Count = (what: 'malformed' | 'unexpected') => void
