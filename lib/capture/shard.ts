import { binding, type Capture } from '../binding.js'
import type { EntrySettings, FlowSettings, InterfaceSettings, ProtocolSettings } from '../config/settings.js'
import { Clock, type Precision } from '../events/clock.js'
import { commonFields, type DirectionOf } from '../events/common.js'
import { Delayed } from '../events/delayed.js'
import type { Endpoints } from '../events/endpoints.js'
import { type Envelope, envelope, flowConstants, transactionConstants } from '../events/envelope.js'
import type { Fields, Transaction } from '../events/fields.js'
import { Publisher } from '../events/publisher.js'
import { type Constants, compileWriter, type Origin } from '../events/writer.js'
import { flowFields } from '../flows/fields.js'
import { type Flow, readFlow } from '../flows/flow.js'
import { Sparing } from '../logging/sparing.js'
import type { Pipeline } from '../pipeline/pipeline.js'
import { PluginError } from '../plugins/failure.js'
import { guardProtocol } from '../plugins/guard-protocol.js'
import type { Process } from '../processors/processor.js'
import { flowProcessFields, processFields } from '../procs/fields.js'
import type { Processes } from '../procs/processes.js'
import type { Context } from '../protocols/protocol.js'
import { type Waiting, WaitingRoom } from '../transactions/waiting.js'
import { Memory } from '../wire/memory.js'
import { feed } from './feed.js'
import { captureOptions, isStream } from './options.js'
import { type Route, Router } from './router.js'

/** What one shard is made of. */
export interface ShardOptions {
  interface: InterfaceSettings
  protocols: readonly ProtocolSettings[]
  flows: FlowSettings | undefined
  /** Of all events, after an entry's own. */
  processors: readonly Process[]
  envelope: Omit<Envelope, 'index'>
  direction: DirectionOf
  /** Where the processes that talk are looked up, if they are. */
  processes: Processes | undefined
  precision: Precision
  ignoreOutgoing: boolean
  pipeline: Pipeline
  log: { debug(message: string): void; warn(message: string): void }
}

/** One source with all that belongs to it: its capture thread, its clock, its conversations, its counters. */
export class Shard {
  readonly #options: ShardOptions
  readonly #clock: Clock
  readonly #memory = new Memory()
  readonly #rooms: WaitingRoom<Waiting>[] = []
  readonly #counts: Record<string, number> = {}
  readonly #publishers: { name: string; publisher: Publisher<never, never> }[] = []
  readonly #capture: Capture
  readonly #router: Router
  readonly #isFile: boolean
  readonly #delayed = new Delayed()
  readonly #defects: Sparing

  /** Opens the source. @throws {Error} with a code of lib/errors.ts. */
  constructor(options: ShardOptions) {
    this.#options = options
    this.#defects = new Sparing((message) => options.log.warn(message))
    this.#clock = new Clock(options.precision)
    this.#isFile = options.interface.file !== undefined
    const protocols = options.protocols.filter(
      ({ device }) => device === undefined || device === options.interface.device,
    )
    this.#capture = new binding.Capture(
      captureOptions(options.interface, protocols, options.flows, options.processes?.addon),
    )
    this.#router = new Router(this.#capture.memory, {
      clock: this.#clock,
      processes: options.processes,
      routes: protocols.map((entry) => this.#route(entry)),
      enough: (conversation, opened) => this.#capture.enough(conversation, opened),
      flow: this.#flows(options.flows),
      tick: (now) => {
        for (const room of this.#rooms) room.tick(now)
      },
    })
  }

  get device(): string {
    const { file, device } = this.#options.interface
    return file ?? device
  }

  /** Reads the source to its end, or until `signal`; every conversation is closed then, and every event emitted. */
  async run(signal: AbortSignal): Promise<void> {
    const { file } = this.#options.interface
    const stop = () => this.#capture.stop()
    const ended = new Promise<void>((resolve, reject) => {
      this.#capture.start(
        (batch, rows) => this.#batch(batch, rows),
        (error) => (error === undefined ? resolve() : reject(error)),
      )
    })
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    // Nobody feeds a capture that is over, such as one that found no capture file in what it was fed.
    const over = new AbortController()
    const fed =
      file !== undefined && isStream(file)
        ? feed(this.#capture, file, AbortSignal.any([signal, over.signal]))
        : undefined
    // The feeder may fail first, but what it fed has still to be read. Its failure is then the one to tell.
    const [feeding, capturing] = await Promise.allSettled([fed, ended.finally(() => over.abort())])
    signal.removeEventListener('abort', stop)
    await this.#delayed.settled()
    for (const end of [feeding, capturing]) if (end.status === 'rejected') throw end.reason
  }

  /** All counters of the shard, by full name. */
  counters(): Record<string, number> {
    const published: Record<string, number> = {}
    for (const { name, publisher } of this.#publishers)
      for (const [what, count] of Object.entries(publisher.published)) {
        const key = `${name}.${what === 'events' ? 'events' : `events_${what}`}`
        published[key] = (published[key] ?? 0) + count
      }
    return {
      ...this.#capture.stats(),
      'streams.refused': this.#memory.refused,
      'streams.held_bytes': this.#memory.held,
      'processors.waiting_events': this.#delayed.waiting,
      ...this.#counts,
      ...published,
    }
  }

  // The batch goes back when it was read, or, for a source that can wait, when the pipeline has room for the next one.
  #batch(batch: number, rows: number): void {
    this.#router.batch(batch, rows)
    const { pipeline } = this.#options
    const release = () => this.#capture.release(batch)
    if (this.#isFile && (pipeline.pressure() || this.#delayed.full))
      void Promise.all([pipeline.drained(), this.#delayed.room()]).then(release)
    else release()
  }

  #route(entry: ProtocolSettings): Route {
    const { options } = entry
    const { name } = entry.protocol
    const count = (what: string, by = 1) => {
      const key = `${name}.${what}`
      this.#counts[key] = (this.#counts[key] ?? 0) + by
    }
    const protocol = guardProtocol(entry.protocol, (error) => {
      count('wrong_fields')
      this.#defects.tell(error.message, error.kind)
    })
    for (const what of [...Object.keys(protocol.counters), 'malformed']) count(what, 0)
    const publisher = this.#publisher<Transaction, Endpoints>(
      name,
      () => ({
        ...commonFields(this.#options.direction),
        ...(this.#options.processes === undefined ? {} : processFields()),
        ...protocol.fields,
      }),
      [transactionConstants(protocol), entry],
    )
    const { log } = this.#options
    const failed = (error: unknown) => this.#failed(name, error)
    const context: Context<Transaction> = {
      clock: this.#clock,
      memory: this.#memory,
      emit: (endpoints, transaction) => publisher.emit(endpoints, transaction),
      count,
      waitingRoom: (timedOut, timeout = options.transaction_timeout) => {
        const room = new WaitingRoom(timeout, (request: Parameters<typeof timedOut>[0]) => {
          try {
            timedOut(request)
          } catch (error) {
            failed(error)
          }
        })
        this.#rooms.push(room as unknown as WaitingRoom<Waiting>)
        return room
      },
    }
    return {
      converse: protocol.start(options as never, context),
      malformed: (error, { sourceIp, destinationIp }) => {
        count('malformed')
        log.debug(`${name}: ${sourceIp} to ${destinationIp}: ${error.message}`)
      },
      failed,
    }
  }

  #flows(flows: FlowSettings | undefined): (bytes: Buffer, start: number, end: number, time: number) => void {
    if (flows === undefined) return () => {}
    const clock = this.#clock
    const { direction, processes } = this.#options
    const fields = () => ({
      ...flowFields(direction),
      ...(processes === undefined ? {} : flowProcessFields((number) => processes.process(number))),
    })
    const publisher = this.#publisher<Flow, Origin>('flow', fields, [flowConstants, flows])
    const origin: Origin = { clock, place: 0 }
    const of = (seconds: number, nanoseconds: number) => clock.of(seconds, nanoseconds)
    return (bytes, start, end, time) => {
      try {
        publisher.emit(origin, readFlow(bytes, start, end, time, of))
      } catch (error) {
        this.#failed('flow', error)
      }
    }
  }

  /** What is thrown must not get into the addon: the batch would stay on loan, and a file waits for its batches. */
  #failed(name: string, error: unknown): void {
    const key = `${name}.defects`
    this.#counts[key] = (this.#counts[key] ?? 0) + 1
    if (error instanceof PluginError) this.#defects.tell(error.message, error.kind)
    else this.#defects.tell(`${name}: a defect of this program: ${(error as Error)?.stack ?? error}`)
  }

  #publisher<T, O extends Origin>(
    name: string,
    fields: () => Fields<T, O>,
    [own, { added, index, processors, keep_null }]: [Constants, EntrySettings],
  ): Publisher<T, O> {
    const { envelope: all, direction, ignoreOutgoing, pipeline } = this.#options
    const ignored = ({ sourceIp, destinationIp }: Endpoints) =>
      direction(sourceIp, destinationIp) === 'egress'
    const publisher = new Publisher<T, O>({
      writer: () => {
        const described = fields()
        const common = { identity: all.identity, added: [...all.added, added], index }
        return compileWriter(described, envelope(common, own, described))
      },
      processors: [...processors, ...this.#options.processors],
      keepNull: keep_null,
      delayed: this.#delayed,
      sink: pipeline.sink(this.#isFile ? 'wait' : 'drop'),
      ignored: ignoreOutgoing && name !== 'flow' ? (ignored as unknown as (origin: O) => boolean) : undefined,
    })
    this.#publishers.push({ name, publisher: publisher as unknown as Publisher<never, never> })
    return publisher
  }
}
