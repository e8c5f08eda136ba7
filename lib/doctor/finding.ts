import type { ExitReason } from '../errors.js'

export type Level = 'ok' | 'note' | 'problem'

/** What an examination found. */
export interface Finding {
  level: Level
  /** What was examined, such as `device eth0`. */
  subject: string
  /** What was found, without a period. */
  message: string
  /** The command that mends it, ready to be typed; or the setting, where only the configuration can. */
  mend?: string
  /** What a capture would end with; of a problem. */
  reason?: ExitReason
}

export const ok = (subject: string, message: string): Finding => ({ level: 'ok', subject, message })

export const note = (subject: string, message: string, mend?: string): Finding => ({
  level: 'note',
  subject,
  message,
  ...(mend !== undefined && { mend }),
})

export const problem = (reason: ExitReason, subject: string, message: string, mend?: string): Finding => ({
  level: 'problem',
  subject,
  message,
  ...(mend !== undefined && { mend }),
  reason,
})
