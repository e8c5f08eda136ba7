import { setTimeout as sleep } from 'node:timers/promises'

// Milliseconds between tries.
const FIRST = 1000
const LONGEST = 60_000

/**
 * Calls `work`, which lasts as long as all is well, again and again until `signal`, later each time that it fails before
 * it has told `well`. `failed` is told each error.
 */
export async function keepTrying(
  work: (well: () => void) => Promise<void>,
  { signal, failed }: { signal: AbortSignal; failed(error: Error): void },
): Promise<void> {
  let wait = FIRST
  while (!signal.aborted) {
    try {
      await work(() => {
        wait = FIRST
      })
    } catch (error) {
      if (!signal.aborted) failed(error as Error)
    }
    // Half of it by chance, so that many who lost the same server do not come back at once.
    const pause = wait * (0.5 + Math.random() / 2)
    wait = Math.min(2 * wait, LONGEST)
    await sleep(pause, undefined, { signal, ref: false }).catch(() => {})
  }
}
