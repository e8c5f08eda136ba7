import { constants } from 'node:os'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface Stopping {
  signal: AbortSignal
  /** Signals end the process again, as they do by default. */
  release(): void
}

export interface SignalOptions {
  /** Told of each signal. */
  told(name: string, again: boolean): void
  /** In the place of an end by SIGHUP; false: it is to end the program after all. */
  reload?(): boolean
}

/** The first signal asks for an orderly end, the second one forces it; SIGHUP may reload instead. */
export function stopOnSignals({ told, reload }: SignalOptions): Stopping {
  const controller = new AbortController()
  const handler = (name: (typeof signals)[number]): void => {
    const again = controller.signal.aborted
    if (name === 'SIGHUP' && !again && reload?.()) return
    told(name, again)
    // As shells report a process that a signal ended.
    if (again) process.exit(128 + constants.signals[name])
    controller.abort()
  }
  for (const name of signals) process.on(name, handler)
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, handler)
    },
  }
}
