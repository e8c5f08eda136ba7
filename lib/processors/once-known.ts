import type { Document } from '../events/writer.js'
import type { Process } from './processor.js'
import type { RunOfProcessors } from './run.js'

/**
 * Applies what has to be asked for first. Events of a capture file wait for it, so that all of them have it; live events
 * pass without it until it is there. `known` settles within seconds and never rejects.
 */
export function onceKnown(
  known: Promise<unknown>,
  run: RunOfProcessors,
  apply: (event: Document) => Document,
): Process {
  let settled = false
  void known.then(() => {
    settled = true
  })
  return (event) => {
    if (settled) return apply(event)
    return run.facts.patient ? known.then(() => apply(event)) : event
  }
}
