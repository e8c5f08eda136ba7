import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { folder } from './folder.js'
import { cli } from './needs.js'
import { type Network, write } from './network.js'
import { type Running, start, until } from './processes.js'

export type Engine = 'af_packet' | 'pcap'

export interface CaptureSettings {
  engine: Engine
  /** Default: the network's device. */
  device?: string
  /** Entries of `packetbeat.protocols`, without ports that need be named. */
  protocols: readonly Readonly<Record<string, unknown>>[]
  flows?: Readonly<Record<string, unknown>>
  /** Other sections at the top of the configuration. */
  more?: Readonly<Record<string, unknown>>
  /** Of all events. */
  processors?: readonly object[]
  /** `packetbeat.procs`. */
  procs?: Readonly<Record<string, unknown>>
}

// biome-ignore lint/suspicious/noExplicitAny: events are looked at by path, and deepEqual tells what is not there.
export type Event = any

export interface Result {
  status: number
  /** In the order they were written. */
  events: Event[]
  /** All counters that are not zero. */
  counters: Record<string, number>
  /** What it wrote on standard error, without the lines of its log. */
  said: string[]
}

/** Linux hands a part-filled block of a ring over after 20 ms; a busy machine may need longer. */
export const SETTLED = 400

/** The program, capturing in the server's namespace. */
export class Capture {
  readonly #running: Running
  readonly #events: string

  readonly #home: string

  private constructor(running: Running, home: string) {
    this.#running = running
    this.#home = home
    this.#events = join(home, 'events')
  }

  /** Starts it; `before` are words before the command, such as setpriv and what it takes. */
  static start(network: Network, settings: CaptureSettings, before: readonly string[] = []): Capture {
    const home = folder()
    const file = configure(home, network, settings)
    const command = [process.execPath, cli, 'run', '-c', file, '-e', '--strict.perms=false']
    return new Capture(start(network.server, [...before, ...command]), home)
  }

  /** Changes its configuration, tells it by SIGHUP, and waits until its log says so many lines that fit. */
  async reload(
    network: Network,
    settings: CaptureSettings,
    [expected, lines]: readonly [RegExp, number],
  ): Promise<void> {
    configure(this.#home, network, settings)
    this.#running.signal('SIGHUP')
    await until(
      `${expected} in the log`,
      () => this.log().filter((line) => expected.test(line)).length >= lines,
    )
    await sleep(100)
  }

  /** The messages of its log so far. */
  log(): string[] {
    const lines = this.#running.stderr().split('\n').slice(0, -1)
    return lines.filter((line) => line.startsWith('{')).map((line) => (JSON.parse(line) as Event).message)
  }

  /** Starts it, and waits until packets arrive in its ring. */
  static async ready(
    network: Network,
    settings: CaptureSettings,
    before: readonly string[] = [],
  ): Promise<Capture> {
    const capture = Capture.start(network, settings, before)
    await until('the program to capture', () => {
      if (!capture.#running.alive()) throw new Error(`it ended: ${capture.#running.stderr()}`)
      return capture.#listens()
    })
    // libpcap binds its socket before it has set the filter, and then throws away what came between.
    await sleep(100)
    return capture
  }

  /** What it wrote while `clients` were at work. */
  static async during(
    network: Network,
    settings: CaptureSettings,
    clients: () => Promise<unknown>,
  ): Promise<Result> {
    const capture = await Capture.ready(network, settings)
    try {
      await clients()
      return await capture.stop()
    } finally {
      await capture.#running.stop()
    }
  }

  // The kernel lists the packet sockets of a namespace. Before a socket is bound its protocol is 0; then it is 3, all.
  #listens(): boolean {
    const own = `/proc/${this.#running.pid}`
    // It may have ended since anybody looked.
    const table = existsSync(`${own}/net/packet`) ? readFileSync(`${own}/net/packet`, 'latin1') : ''
    const bound = table.matchAll(/^\S+ +\d+ +\d+ +0003 .* (\d+)$/gm)
    const sockets = new Set([...bound].map(([, inode]) => `socket:[${inode}]`))
    return (
      sockets.size > 0 && readdirSync(`${own}/fd`).some((file) => sockets.has(target(`${own}/fd/${file}`)))
    )
  }

  /** Asks it to end as soon as what the clients did has arrived. */
  async stop(): Promise<Result> {
    await sleep(SETTLED)
    return this.interrupt('SIGINT')
  }

  /** Asks it to end now. */
  interrupt(signal: NodeJS.Signals): Promise<Result> {
    this.#running.signal(signal)
    return this.end()
  }

  /** Ends it by force, should it not have ended. */
  kill(): void {
    this.#running.signal('SIGKILL')
  }

  /** Waits for its end. */
  async end(): Promise<Result> {
    const timer = setTimeout(() => this.#running.signal('SIGKILL'), 30_000)
    const status = await this.#running.ended.finally(() => clearTimeout(timer))
    const lines = this.#running.stderr().split('\n').filter(Boolean)
    const log = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Event)
    return {
      status,
      events: this.events(),
      counters: log.find(({ message }) => message === 'Total metrics')?.['monitoring.metrics'] ?? {},
      said: lines.filter((line) => !line.startsWith('{')),
    }
  }

  /** What is in the file so far. */
  events(): Event[] {
    if (!existsSync(this.#events)) return []
    return readdirSync(this.#events)
      .sort()
      .flatMap((name) => readFileSync(join(this.#events, name), 'utf8').split('\n').slice(0, -1))
      .map((line) => JSON.parse(line))
  }
}

/** Writes packetbeat.yml into a folder; answers its path. */
function configure(home: string, network: Network, settings: CaptureSettings): string {
  const { engine, device = network.device, protocols, flows, procs, processors = [], more } = settings
  // JSON is YAML.
  const config = JSON.stringify({
    packetbeat: {
      interfaces: { device, type: engine },
      protocols,
      ...(flows === undefined ? {} : { flows }),
      ...(procs === undefined ? {} : { procs }),
    },
    processors,
    output: { file: { path: join(home, 'events'), rotate_every_kb: 1_000_000 } },
    path: { data: join(home, 'data'), logs: join(home, 'logs') },
    ...more,
  })
  return write(join(home, 'packetbeat.yml'), config)
}

/** What a link of /proc leads to; nothing, when it has gone meanwhile. */
function target(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}
