export interface Log {
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
}

/** What the processors of a run are told about it. */
export interface RunFacts {
  /** Events come from a capture file, read as fast as it goes: they may wait for what a processor asks others. */
  patient: boolean
  /** The directory that files in options are below. */
  folder: string
}

/** What a processor sees of the run it is for. */
export interface RunOfProcessors {
  readonly facts: RunFacts
  /** Aborted at the end of the run: timers, sockets and requests of processors end with it. */
  readonly signal: AbortSignal
  /** Silent before the run and after it. */
  readonly log: Log
  /** Has `start` called when the run begins, before its first event: nothing may reach outside before. */
  onBegin(start: () => void): void
}

/**
 * What the processors of one run share: its beginning and its end, its log and its counters. Nothing that reaches
 * outside may be started before it has begun, for a configuration is also read to be checked.
 */
export class ProcessorRun implements RunOfProcessors {
  readonly facts: RunFacts
  /** By full name, such as `processors.dns.queries`. */
  readonly counters: Record<string, number> = {}
  /** What is to be done, and waited for, before the first event. */
  readonly starts: (() => Promise<void>)[] = []
  readonly #ending = new AbortController()
  #waiting: (() => void)[] | undefined = []
  #log: Log = silent

  constructor(facts: Partial<RunFacts> = {}) {
    this.facts = { patient: false, folder: '', ...facts }
  }

  get signal(): AbortSignal {
    return this.#ending.signal
  }

  get log(): Log {
    return this.#log
  }

  onBegin(start: () => void): void {
    if (this.#waiting === undefined) start()
    else this.#waiting.push(start)
  }

  begin(log: Log = silent): this {
    this.#log = log
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const start of waiting) start()
    return this
  }

  /** After the last event. */
  end(): void {
    this.#ending.abort()
    this.#log = silent
  }
}

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {} }
