import type { commandFlags } from './flags.js'
import type { Io } from './io.js'
import type { Flags } from './parse.js'

export interface Command {
  /** As it is typed, such as `test config`. */
  name: string
  /** One line. */
  title: string
  /** More for its own help. */
  details?: string
  /** Takes the flags of `run`, too. */
  runs?: true
  /** Those of `commandFlags` that it takes. */
  flags?: readonly (keyof typeof commandFlags)[]
  /** What may follow the name, for people, such as `KEY`; nothing may unless given. */
  words?: string
  /** `words`: what follows the name. Answers the exit status. */
  execute(flags: Flags, words: string[], io: Io): Promise<number> | number
}
