import { addresses } from '../machine/interfaces.js'
import type { ProcessorContext } from './processor.js'

// Addresses of a machine do not change more often than that, and asking for them with every event would be felt.
const SOONEST = 1000

/**
 * Fields of this machine, read when the run begins and again in the background, when one asks for them that are older
 * than `ttl` nanoseconds.
 */
export function refreshed<T>(read: () => T, ttl: number, context: ProcessorContext): () => T {
  const age = Math.max(ttl / 1e6, SOONEST)
  let fields: T | undefined
  let due = 0
  let reading = false
  const readNow = (): T => {
    due = performance.now() + age
    fields = read()
    return fields
  }
  return () => {
    if (fields === undefined) return readNow()
    if (!reading && performance.now() >= due) {
      reading = true
      setImmediate(() => {
        reading = false
        if (context.run.signal.aborted) return
        readNow()
        context.count('refreshes')
      })
    }
    return fields
  }
}

/** Lists of addresses, left out where there are none. */
export function netinfo(): { ip?: string[]; mac?: string[] } {
  const { ip, mac } = addresses()
  return { ...(ip.length > 0 && { ip }), ...(mac.length > 0 && { mac }) }
}
