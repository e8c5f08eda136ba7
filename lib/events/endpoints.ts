import type { Owners } from '../procs/processes.js'
import type { Clock } from './clock.js'

/** IANA protocol numbers, as `network.transport` names them. */
const transports: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  58: 'ipv6-icmp',
  132: 'sctp',
}

export const transportName = (protocol: number): string | undefined => transports[protocol]

// Both directions of a conversation have a place in the tables, so that events in turn do not drive each other out.
const REVERSED = 0x800

/**
 * Who talks to whom: what all transactions of a conversation have in common. The source is the side that asks.
 * A capture may have a hundred thousand of them open: the addresses stay in one string until an event needs them.
 */
export class Endpoints {
  readonly clock: Clock
  /** Spreads conversations over tables: the number of the conversation. */
  readonly place: number
  readonly sourcePort: number
  readonly destinationPort: number
  /** IP protocol number. */
  readonly protocol: number
  readonly ipVersion: number
  /** The processes at both ends, where they are looked up. */
  readonly owners: Owners | undefined
  readonly #text: string

  /** `text`: source address, destination address and community id, separated by NUL. */
  constructor(
    clock: Clock,
    place: number,
    text: string,
    ports: number,
    protocol: number,
    ipVersion: number,
    owners?: Owners,
  ) {
    this.clock = clock
    this.place = place
    this.#text = text
    this.sourcePort = ports >>> 16
    this.destinationPort = ports & 0xffff
    this.protocol = protocol
    this.ipVersion = ipVersion
    this.owners = owners
  }

  /** True while its processes are still looked for: what events say of it may change. */
  get unsettled(): boolean {
    return this.owners !== undefined && !this.owners.settled
  }

  get sourceIp(): string {
    return this.#text.slice(0, this.#text.indexOf('\0'))
  }

  get destinationIp(): string {
    return this.#text.slice(this.#text.indexOf('\0') + 1, this.#text.lastIndexOf('\0'))
  }

  get communityId(): string {
    return this.#text.slice(this.#text.lastIndexOf('\0') + 1)
  }

  /** The same two the other way round. */
  reversed(): Endpoints {
    const text = `${this.destinationIp}\0${this.sourceIp}\0${this.communityId}`
    const ports = ((this.destinationPort << 16) | this.sourcePort) >>> 0
    const owners = this.owners?.reversed()
    return new Endpoints(
      this.clock,
      this.place ^ REVERSED,
      text,
      ports,
      this.protocol,
      this.ipVersion,
      owners,
    )
  }
}
