import { keepTrying } from '../keep-trying.js'
import type { ProcessorContext } from '../processor.js'
import type { Container, Docker } from './docker.js'

// More than one machine runs.
const MOST = 20_000
// Milliseconds between a change and the list that tells all of it; many changes make one list.
const SOON = 200
const SHORT = 12

interface Entry {
  container: Container
  /** When it may be forgotten; undefined: it is running. */
  until: number | undefined
}

export interface ContainersOptions {
  connect(): Promise<Docker>
  /** Milliseconds that a container is remembered after its end. */
  remembered: number
  host: string
}

/** The containers of this machine: listed when the run begins, and kept up to date by what Docker tells. */
export class Containers {
  readonly #options: ContainersOptions
  readonly #context: ProcessorContext
  readonly #byId = new Map<string, Entry>()
  readonly #byShortId = new Map<string, string>()
  #relisting: NodeJS.Timeout | undefined
  #told = false
  /** Settled when the first list is there, or cannot be had. */
  readonly known: Promise<void>
  #tellKnown: () => void = () => {}

  constructor(options: ContainersOptions, context: ProcessorContext) {
    this.#options = options
    this.#context = context
    this.known = new Promise((done) => {
      this.#tellKnown = done
    })
    for (const what of ['lists', 'failed_connections', 'overflows']) context.count(what, 0)
    const { run } = context
    run.onBegin(() => {
      void keepTrying((well) => this.#watch(well), {
        signal: run.signal,
        failed: (error) => this.#failed(error),
      })
    })
    run.signal.addEventListener('abort', () => {
      clearTimeout(this.#relisting)
      this.#tellKnown()
    })
  }

  /** By its whole id, or, if `short`, by the first twelve digits of it. */
  get(id: string, short: boolean): Container | undefined {
    const whole = short && id.length === SHORT ? this.#byShortId.get(id) : id
    const entry = whole === undefined ? undefined : this.#byId.get(whole)
    if (entry === undefined) return undefined
    if (entry.until === undefined || entry.until > performance.now()) return entry.container
    this.#forget(entry.container.id)
    return undefined
  }

  /** Until the connection ends. */
  async #watch(well: () => void): Promise<void> {
    const { signal, log } = this.#context.run
    const docker = await this.#options.connect()
    try {
      // A second earlier, so that nothing happens between the list and what is told.
      const since = Math.floor(Date.now() / 1000) - 1
      await this.#list(docker)
      well()
      log.info(`add_docker_metadata: ${this.#byId.size} containers of ${this.#options.host}`)
      this.#tellKnown()
      this.#told = false
      for await (const { action, container } of docker.events(since, signal)) {
        if (action === 'die' || action === 'destroy') this.#ended(container.id)
        else
          this.#add(action === 'start' ? container : (this.#byId.get(container.id)?.container ?? container))
        if (action !== 'destroy') this.#relistSoon(docker)
      }
      throw new Error('the connection was closed')
    } finally {
      clearTimeout(this.#relisting)
      this.#relisting = undefined
      await docker.close()
    }
  }

  async #list(docker: Docker): Promise<void> {
    const running = await docker.running(this.#context.run.signal)
    this.#context.count('lists')
    const ids = new Set(running.map(({ id }) => id))
    for (const id of this.#byId.keys()) if (!ids.has(id)) this.#ended(id)
    for (const container of running) this.#add(container)
  }

  #relistSoon(docker: Docker): void {
    this.#relisting ??= setTimeout(() => {
      this.#list(docker)
        // The connection of the events tells, too, and is made again.
        .catch((error: Error) => this.#context.run.log.debug(`add_docker_metadata: ${error.message}`))
        .finally(() => {
          this.#relisting = undefined
        })
    }, SOON).unref()
  }

  #add(container: Container): void {
    if (this.#byId.size >= MOST && !this.#byId.has(container.id)) {
      this.#purge()
      if (this.#byId.size >= MOST) {
        this.#context.count('overflows')
        return
      }
    }
    this.#byId.set(container.id, { container, until: undefined })
    this.#byShortId.set(container.id.slice(0, SHORT), container.id)
  }

  #ended(id: string): void {
    const entry = this.#byId.get(id)
    if (entry === undefined || entry.until !== undefined) return
    entry.until = performance.now() + this.#options.remembered
    this.#purge()
  }

  #purge(): void {
    const now = performance.now()
    for (const [id, { until }] of this.#byId) if (until !== undefined && until <= now) this.#forget(id)
  }

  #forget(id: string): void {
    this.#byId.delete(id)
    const short = id.slice(0, SHORT)
    if (this.#byShortId.get(short) === id) this.#byShortId.delete(short)
  }

  /** Most machines have no Docker; that is told once, and quietly. */
  #failed(error: Error & { code?: string }): void {
    const { log } = this.#context.run
    this.#tellKnown()
    this.#context.count('failed_connections')
    if (this.#told) return
    this.#told = true
    const { host } = this.#options
    if (error.code === 'EACCES')
      log.warn(
        `add_docker_metadata: ${host} may not be read; give this program the rights of the group docker`,
      )
    else log.debug(`add_docker_metadata: no Docker at ${host}: ${error.message}`)
  }
}
