// What a test starts is stopped in the reverse order: at its end, at the end of the process, and when a signal ends it.
import { constants } from 'node:os'

const pending = new Set<() => void>()

/** Has `undo` done, which must be synchronous, at the latest when the process ends. Returns it, to be done earlier. */
export function undone(undo: () => void): () => void {
  const once = () => {
    if (pending.delete(once)) undo()
  }
  pending.add(once)
  return once
}

process.on('exit', () => {
  for (const undo of [...pending].reverse()) {
    try {
      undo()
    } catch (error) {
      console.error('cleaning up:', error)
    }
  }
})

// process.exit runs what is above; the default action of a signal would not. Not `once`: a terminal signals all processes
// and the test runner signals once more, and the second one would end this in the midst of cleaning up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => process.exit(128 + constants.signals[signal]))
