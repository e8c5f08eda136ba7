import type * as Binding from '../../binding.js'
import { type Finding, note, ok } from './finding.js'

/** Whether times in events can be compared with those of other machines. */
export function clock({ clockState }: Pick<typeof Binding, 'clockState'>): Finding {
  const state = clockState()
  if (state === null) return note('clock', 'this system does not tell whether its clock is kept right')
  return state.synchronised
    ? ok(
        'clock',
        `synchronised, at most ${Math.ceil(state.maximumError / 1000)} ms off as the kernel was told`,
      )
    : note(
        'clock',
        'nobody tells the kernel that it is kept right, so how far off it is is unknown; events have its times',
        { command: 'sudo timedatectl set-ntp true' },
      )
}
