import type { EventBatch } from '../../pipeline/batch.js'
import { authority } from '../hosts.js'
import type { Lane, Leftover, OutputContext } from '../output.js'
import type { Route } from '../socket/dial.js'
import { connect, type Login, type RedisConnection } from './client.js'
import { type Command, type CommandOptions, commandsOf } from './commands.js'
import { Refusal } from './server-errors.js'

export interface LaneOptions extends CommandOptions {
  route: Route
  login: Login
  log: OutputContext['log']
}

/** One connection to one server, made when there is something to send. */
export class RedisLane implements Lane {
  readonly name: string
  readonly #options: LaneOptions
  #connection: RedisConnection | undefined

  constructor(options: LaneOptions) {
    this.#options = options
    this.name = authority(options.route.host)
  }

  async send(batch: EventBatch, signal: AbortSignal): Promise<Leftover> {
    const { commands, rejected } = commandsOf(batch, this.#options)
    if (commands.length === 0) return { retry: [], rejected }
    const connection = await this.#connected(signal)
    const failures = await this.#execute(connection, commands)
    const retry: number[] = []
    for (const { command, error } of failures) {
      const reason = this.#unwanted(command, error)
      if (reason === undefined) retry.push(...command.indexes)
      else rejected.push(...command.indexes.map((index) => ({ index, reason })))
    }
    const first = failures[0]
    if (first === undefined || retry.length === 0) return { retry, rejected }
    if (retry.length === batch.count) throw first.error
    this.#options.log.warn(
      `output.redis: ${this.name} did not take ${retry.length} of ${batch.count} events: ${first.error.message}`,
    )
    return { retry: retry.sort((a, b) => a - b), rejected }
  }

  async close(): Promise<void> {
    this.#connection?.destroy()
  }

  async #connected(signal: AbortSignal): Promise<RedisConnection> {
    if (this.#connection?.usable) return this.#connection
    const { route, login, log } = this.#options
    this.#connection = await connect(route, login, signal)
    log.debug(`output.redis: connected to ${this.name}`)
    return this.#connection
  }

  /** The commands that were not done, and why. Ends the connection when there is no answer for too long. */
  async #execute(
    connection: RedisConnection,
    commands: readonly Command[],
  ): Promise<{ command: Command; error: Error }[]> {
    const { timeout } = this.#options.route
    let late: Error | undefined
    const timer = setTimeout(() => {
      late = new Error(`no answer in ${timeout / 1000} s`)
      connection.destroy()
    }, timeout)
    const failures: { command: Command; error: Error }[] = []
    await Promise.all(
      commands.map((command) =>
        connection.command(command.words).then(
          () => timer.refresh(),
          (error: Error) => {
            timer.refresh()
            failures.push({ command, error: error instanceof Refusal ? error : (late ?? error) })
          },
        ),
      ),
    )
    clearTimeout(timer)
    return failures
  }

  /**
   * Why events are never tried again: an event says itself which list it goes to, and that is none. Where all go to the
   * same key they wait, for then it is the configuration or the server that must be mended.
   */
  #unwanted({ key }: Command, error: Error): string | undefined {
    return this.#options.keys.constant === undefined && error instanceof Refusal && error.word === 'WRONGTYPE'
      ? `the key ${key} has a value that is no list`
      : undefined
  }
}
