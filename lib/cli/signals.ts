import { constants } from 'node:os'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface Stopping {
  signal: AbortSignal
  /** Signals end the process again, as they do by default. */
  release(): void
}

/** The first signal asks for an orderly end, the second one forces it. `told`: each of them. */
export function stopOnSignals(told: (name: string, again: boolean) => void): Stopping {
  const controller = new AbortController()
  const handler = (name: (typeof signals)[number]): void => {
    const again = controller.signal.aborted
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
