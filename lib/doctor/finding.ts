import type { ExitReason } from '../errors.js'

export type Level = 'ok' | 'note' | 'problem'

/** What an examination found. */
export interface Finding extends Mend {
  level: Level
  /** What was examined, such as `device eth0`. */
  subject: string
  /** What was found, without a period. */
  message: string
  /** What a capture would end with; of a problem. */
  reason?: ExitReason
}

/** What mends it: a command, ready to be typed, or a line of the configuration. */
export interface Mend {
  command?: string | undefined
  setting?: string
}

export const ok = (subject: string, message: string): Finding => ({ level: 'ok', subject, message })

export const note = (subject: string, message: string, mend: Mend = {}): Finding => ({
  level: 'note',
  subject,
  message,
  ...mend,
})

export const problem = (reason: ExitReason, subject: string, message: string, mend: Mend = {}): Finding => ({
  level: 'problem',
  subject,
  message,
  ...mend,
  reason,
})
