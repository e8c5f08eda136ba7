import type { Origin } from './writer.js'

// A power of two; enough for the conversations that are busy at one time.
const KEPT = 4096

/**
 * Keeps what is made of a conversation in a small table, so that an open connection costs no memory for it. What is asked
 * for is made anew while the conversation is not settled.
 */
export function kept<T>(make: (origin: Origin) => T): (origin: Origin) => T {
  const owners: (Origin | undefined)[] = new Array(KEPT)
  const things: (T | undefined)[] = new Array(KEPT)
  return (origin) => {
    if (origin.unsettled) return make(origin)
    const place = origin.place & (KEPT - 1)
    if (owners[place] === origin) {
      const thing = things[place] ?? make(origin)
      things[place] = thing
      return thing
    }
    // Most conversations have one event, or many. What is made for the first one is not worth keeping: thousands of
    // such texts, each soon replaced, are what a garbage collector is slowest at.
    owners[place] = origin
    things[place] = undefined
    return make(origin)
  }
}
