import { type Finding, note } from './finding.js'

/** What an examination finds; or what kept it from looking, such as a file system without /proc. */
export function seen(subject: string, examination: () => Finding[]): Finding[] {
  try {
    return examination()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    return [note(subject, `cannot be looked at: ${(error as Error).message}`)]
  }
}
