import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { undone } from './cleanup.js'
import { path } from './needs.js'
import { call, start, until } from './processes.js'

/** Where traffic is captured: on a loopback device, or on the server's end of a veth pair. */
export type Link = 'lo' | 'veth'

/** What an interface has counted. */
export interface Counted {
  packets: number
  bytes: number
}

let made = 0

const ip = (...words: string[]) =>
  execFileSync('ip', words, {
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString()

const hardware = (host: string) => `02:00:00:00:00:0${host}`

/** Network namespaces of a test's own: nothing comes in, nothing gets out. */
export class Network {
  readonly link: Link
  /** Namespaces of the server, where captures are made, and of the client; on `lo` they are one. */
  readonly server: string
  readonly client: string
  readonly device: string
  readonly ip4: string
  readonly ip6: string
  /** The capture on `lo` sees frames of that many bytes more than the interface counts. */
  readonly uncounted: number
  readonly remove: () => void

  constructor(link: Link) {
    this.link = link
    const name = `live-${process.pid}-${made++}`
    this.server = `${name}-s`
    this.client = link === 'lo' ? this.server : `${name}-c`
    this.device = link === 'lo' ? 'lo' : 'server0'
    this.ip4 = link === 'lo' ? '127.0.0.1' : '192.0.2.1'
    this.ip6 = link === 'lo' ? '::1' : '2001:db8::1'
    this.uncounted = link === 'lo' ? 14 : 0
    this.remove = undone(() => {
      for (const namespace of new Set([this.server, this.client])) remove(namespace)
    })
    for (const namespace of new Set([this.server, this.client])) this.#add(namespace)
    if (link === 'veth') this.#connect()
  }

  #add(namespace: string): void {
    ip('netns', 'add', namespace)
    // The kernel's own questions for routers and groups would be packets that no client sent.
    this.#in(namespace, 'sysctl', '-qw', 'net.ipv6.conf.default.router_solicitations=0')
    this.#in(namespace, 'sysctl', '-qw', 'net.ipv6.conf.default.addr_gen_mode=1')
    ip('-n', namespace, 'link', 'set', 'lo', 'up')
    this.#join(namespace, 'lo', false)
  }

  #connect(): void {
    const { server, client } = this
    ip('link', 'add', 'server0', 'netns', server, 'type', 'veth', 'peer', 'name', 'client0', 'netns', client)
    const ends = [
      [server, 'server0', '1'],
      [client, 'client0', '2'],
    ] as const
    for (const [namespace, device, host] of ends) {
      this.#join(namespace, device, false)
      ip('-n', namespace, 'link', 'set', device, 'address', hardware(host))
      ip('-n', namespace, 'address', 'add', `192.0.2.${host}/24`, 'dev', device)
      ip('-n', namespace, '-6', 'address', 'add', `2001:db8::${host}/64`, 'dev', device, 'nodad')
      ip('-n', namespace, 'link', 'set', device, 'up')
      // Known for ever, so that nobody asks for a neighbour in the midst of a count.
      const other = host === '1' ? '2' : '1'
      for (const address of [`192.0.2.${other}`, `2001:db8::${other}`])
        ip(
          '-n',
          namespace,
          'neighbour',
          'add',
          address,
          'lladdr',
          hardware(other),
          'dev',
          device,
          'nud',
          'permanent',
        )
    }
  }

  #join(namespace: string, device: string, isJoining: boolean): void {
    const set = isJoining ? 'on' : 'off'
    this.#in(namespace, 'ethtool', '-K', device, 'tso', set, 'gso', set, 'gro', set)
    if (device === 'lo') ip('-n', namespace, 'link', 'set', 'lo', 'mtu', isJoining ? '65536' : '1500')
  }

  #in(namespace: string, ...command: string[]): void {
    ip('netns', 'exec', namespace, ...command)
  }

  /**
   * Whether packets have the size that systems give them by default: segments joined before the capture sees them, and on
   * loopback an mtu of 65,536 bytes, which carries most messages in one. At first they are as on a wire.
   */
  joinSegments(isJoining: boolean): void {
    const ends =
      this.link === 'lo'
        ? ([[this.server, 'lo']] as const)
        : ([
            [this.server, 'server0'],
            [this.client, 'client0'],
          ] as const)
    for (const [namespace, device] of ends) this.#join(namespace, device, isJoining)
  }

  /** What a client does: a program, run to its end in the client's namespace. */
  readonly ask = (command: readonly string[], input?: string): Promise<string> =>
    call(this.client, command, input)

  /** What the capture's device has counted, in both directions; on `lo` each packet is counted in both, so one. */
  counted(): Counted {
    const [{ stats64 }] = JSON.parse(ip('-n', this.server, '-s', '-j', 'link', 'show', 'dev', this.device))
    const { rx, tx } = stats64
    return this.link === 'lo'
      ? { packets: rx.packets, bytes: rx.bytes + this.uncounted * rx.packets }
      : { packets: rx.packets + tx.packets, bytes: rx.bytes + tx.bytes }
  }

  /** Whether the server's kernel leaves echo requests (over IPv4) unanswered. */
  ignorePings(ignored: boolean): void {
    this.#in(this.server, 'sysctl', '-qw', `net.ipv4.icmp_echo_ignore_all=${ignored ? 1 : 0}`)
  }

  up(device: string): void {
    ip('-n', this.server, 'link', 'set', device, 'up')
  }

  down(device: string): void {
    ip('-n', this.server, 'link', 'set', device, 'down')
  }

  /** Takes the cable away: both ends of a veth pair go together. */
  unplug(): void {
    ip('-n', this.client, 'link', 'delete', 'client0')
  }
}

function remove(namespace: string): void {
  try {
    // Only what runs in a namespace of ours.
    for (const pid of ip('netns', 'pids', namespace).split('\n').filter(Boolean))
      process.kill(Number(pid), 'SIGKILL')
  } catch {
    // It was never made, or the last process ended meanwhile.
  }
  try {
    ip('netns', 'delete', namespace)
  } catch {
    // It was never made.
  }
}

/** Starts a server and waits until it listens on `port`. */
export async function serve(network: Network, command: readonly string[], port: number): Promise<void> {
  const running = start(network.server, command)
  await until(`${command[0]} listening on ${port}: ${running.stderr()}`, async () => {
    if (!running.alive())
      throw new Error(`${command.join(' ')} ended: ${running.stderr()}${running.stdout()}`)
    return (await call(network.server, ['ss', '-Hltun', `sport = :${port}`])) !== ''
  })
}

/** Writes a configuration, which the program also reads as somebody who has no rights. */
export const write = (file: string, text: string): string => {
  writeFileSync(file, text, { mode: 0o644 })
  return file
}
