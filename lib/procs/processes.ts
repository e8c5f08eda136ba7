import { type Processes as Addon, binding } from '../binding.js'
import type { InterfaceSettings, ProcsSettings } from '../config/settings.js'

/** A process as events show it. */
export interface Process {
  pid: number
  name?: string
  args?: string[]
  executable?: string
  parent?: { pid: number }
  /** ISO 8601. */
  start: string
  working_directory?: string
}

// Of a busy machine the processes that come and go within a minute or two.
const KEPT = 4096

const WAITING = 0
const FINAL = 2
const FORGOTTEN = 3

/** What is known of a conversation's two ends. */
export interface Owners {
  /** False while it may still change. */
  readonly settled: boolean
  /** Asks anew what is known, unless it is settled. */
  ask(): Owners
  readonly source: Process | undefined
  readonly destination: Process | undefined
  reversed(): Owners
}

/** Finds the processes of conversations and flows, and keeps what it read of them. */
export class Processes {
  readonly addon: Addon
  readonly #monitored: ProcsSettings['monitored']
  readonly #kept = new Map<number, Process>()
  #forgotten = 0

  constructor(addon: Addon, { monitored }: ProcsSettings) {
    this.addon = addon
    this.#monitored = monitored
  }

  /** By the ticket of an `open` row; undefined: nobody looks for them. */
  owners(ticket: number): Owners | undefined {
    return ticket === 0 ? undefined : new Ticket(this, ticket)
  }

  /** By its number in the addon; 0: unknown. */
  process(number: number): Process | undefined {
    if (number === 0) return undefined
    const kept = this.#kept.get(number)
    if (kept !== undefined) return kept
    const details = this.addon.details(number)
    if (details === null) {
      this.#forgotten++
      return undefined
    }
    const { pid, parent, start, args, executable, workingDirectory } = details
    const name = this.#renamed(args) ?? details.name
    const process: Process = {
      pid,
      ...(name === '' ? {} : { name }),
      ...(args.length === 0 ? {} : { args }),
      ...(executable === '' ? {} : { executable }),
      ...(parent === 0 ? {} : { parent: { pid: parent } }),
      start: new Date(start).toISOString(),
      ...(workingDirectory === '' ? {} : { working_directory: workingDirectory }),
    }
    if (this.#kept.size >= KEPT) this.#kept.delete(this.#kept.keys().next().value as number)
    this.#kept.set(number, process)
    return process
  }

  /** `procs.monitored`: the first entry whose text is in the command line names the process. */
  #renamed(args: readonly string[]): string | undefined {
    if (this.#monitored.length === 0) return undefined
    const line = args.join(' ')
    return this.#monitored.find(({ cmdline_grep }) => cmdline_grep !== '' && line.includes(cmdline_grep))
      ?.process
  }

  /** Asks for what is behind a ticket: its state, and the numbers of both processes in `addon.found`. */
  find(ticket: number): number {
    const state = this.addon.find(ticket)
    if (state === FORGOTTEN) this.#forgotten++
    return state
  }

  counters(): Record<string, number> {
    return { ...this.addon.stats(), 'procs.forgotten': this.#forgotten }
  }
}

/** Asks until the answer is final: at the conversation's beginning, and whenever an event is made. */
class Ticket implements Owners {
  readonly #processes: Processes
  readonly #ticket: number
  #settled = false
  #source: Process | undefined
  #destination: Process | undefined

  constructor(processes: Processes, ticket: number) {
    this.#processes = processes
    this.#ticket = ticket
    this.ask()
  }

  get settled(): boolean {
    return this.#settled
  }

  get source(): Process | undefined {
    return this.#source
  }

  get destination(): Process | undefined {
    return this.#destination
  }

  reversed(): Owners {
    const owners = this
    return {
      get settled() {
        return owners.settled
      },
      ask() {
        owners.ask()
        return this
      },
      get source() {
        return owners.destination
      },
      get destination() {
        return owners.source
      },
      reversed: () => owners,
    }
  }

  ask(): this {
    if (this.#settled) return this
    const processes = this.#processes
    const state = processes.find(this.#ticket)
    this.#settled = state >= FINAL
    if (state === WAITING || state === FORGOTTEN) return this
    const { found } = processes.addon
    const [source, destination] = [found[0] as number, found[1] as number]
    this.#source = processes.process(source)
    this.#destination = processes.process(destination)
    return this
  }
}

/**
 * Begins to look up processes for captures on these interfaces; undefined: it is off, or they read files, whose
 * processes are long gone. `notice` is told where it cannot be had.
 */
export function openProcesses(
  settings: ProcsSettings | undefined,
  interfaces: readonly Pick<InterfaceSettings, 'file'>[],
  { devices, udpPorts, notice }: Watched,
): Processes | undefined {
  if (settings === undefined || interfaces.some(({ file }) => file !== undefined)) return undefined
  try {
    return new Processes(new binding.Processes({ devices: devices(), udpPorts }), settings)
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_PROCESSES_UNAVAILABLE') throw error
    notice('packetbeat.procs is not available on this system, only on Linux; events go without processes')
    return undefined
  }
}

interface Watched {
  /** Names of the interfaces. */
  devices(): readonly string[]
  /** Of all protocols over UDP. */
  udpPorts: readonly number[]
  notice(text: string): void
}
