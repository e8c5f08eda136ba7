// Types of the compiled addon, in the order of native/binding.cpp. The only description of what crosses
// the boundary; lib/ never reaches around it. One `Capture` is one source, one thread, one set of tables.

/**
 * Where things are in `Capture.memory`: `batches` areas of `batchBytes`, each a table of `rows` rows of
 * `rowWords` u32, then payload bytes. The names after `rowWords` are the columns of a row, counted in words:
 *
 * | column | content |
 * | --- | --- |
 * | `head` | bits 0-7 the row's kind (`rowKinds`), bit 8 its direction (0 from the source, 1 from the destination), bits 16-23 the reason of a `close` (`closeReasons`) or how far a `packet` was decoded (`decodeResults`), bits 24-31 the flags of its TCP header |
 * | `conversation` | a dense number, reused after its `close`; of a `packet`: bits 0-7 the IP version (0: no IP), bits 8-15 the IP protocol number, bits 16-31 the link type (LINKTYPE_ of capture files) |
 * | `seconds`, `nanoseconds` | the packet's time: since the Unix epoch, and within the second |
 * | `offset`, `length` | the payload, in bytes, counted from the end of the table |
 * | `a`, `b` | by kind, see `RowKind` |
 */
export const layout: Readonly<
  Record<
    | 'batches'
    | 'batchBytes'
    | 'rows'
    | 'rowWords'
    | 'head'
    | 'conversation'
    | 'seconds'
    | 'nanoseconds'
    | 'offset'
    | 'length'
    | 'a'
    | 'b',
    number
  >
>

/**
 * What a row tells.
 *
 * - `open`: a conversation begins. A TCP connection, the datagrams between two UDP ports, or the ICMP messages of
 *   one kind between two hosts. Its source is the side that asks: the sender of the SYN, else the side whose
 *   port is not a configured one. `a`: source port * 65536 + destination port (0 for ICMP). `b`: bits 0-7 the
 *   index in `CaptureOptions.protocols`, bits 8-15 the IP protocol number (6, 17, 1, 58), bits 16-23 the IP
 *   version (4 or 6). Payload: ASCII, source address, destination address and community id, separated by NUL; where
 *   processes are looked up a fourth, the ticket for `Processes.find` in decimal.
 * - `data`: bytes of a TCP stream, in order and without overlap; or one whole datagram; or one ICMP message from its
 *   type byte on. `a`: bytes on the wire of a datagram that the snap length cut, else 0.
 * - `gap`: `a` bytes of a TCP stream were not captured; what follows comes after them.
 * - `close`: the conversation is over, its number may be reused. Every `open` has one, the last ones before the end.
 * - `flow`: a flow report. Payload: `flowColumns` float64 in host byte order, then ASCII separated by NUL in the
 *   order of `flowTexts`.
 * - `tick`: packet time went on by a second or more, or a live device was idle. Nothing else.
 * - `packet`: a captured packet, where `CaptureOptions.packets` asks for them. `a`: bytes on the wire. `b`: source
 *   port * 65536 + destination port, 0 without. Payload, which begins at a multiple of 8 bytes: a u32 in host byte
 *   order for each of `packetColumns`, then the packet from its link layer on.
 */
export const rowKinds: Readonly<
  Record<'open' | 'data' | 'gap' | 'close' | 'flow' | 'tick' | 'packet', number>
>

/**
 * - `fin`: both sides closed. `reset`: one side reset. `idle`: nothing for `idleSeconds`. `evicted`: a table or the
 *   memory budget was full. `replaced`: the same addresses and ports began anew. `end`: the capture ended.
 */
export const closeReasons: Readonly<Record<'fin' | 'reset' | 'idle' | 'evicted' | 'replaced' | 'end', number>>

/**
 * How far a packet was decoded. `decoded`: to a transport header, to ICMP, or to an IP protocol without ports.
 * `fragment`: an IP fragment. `notIp`: ARP and the like. `truncated`: a header ends beyond the captured bytes.
 * `malformed`: a header contradicts itself. `tooDeep`: more than eight IP and Ethernet headers. `unknownLink`: a link
 * type without a decoder.
 */
export const decodeResults: Readonly<
  Record<'decoded' | 'fragment' | 'notIp' | 'truncated' | 'malformed' | 'tooDeep' | 'unknownLink', number>
>

/**
 * Index of each word before the bytes of a packet: where its inmost IP header begins, what that carries, and the
 * payload of TCP, UDP, SCTP or ICMP (from its type byte on) and where it ends, in bytes from the packet's first;
 * 2^32 - 1: nowhere.
 */
export const packetColumns: Readonly<Record<'network' | 'transport' | 'payload' | 'payloadEnd', number>>

/** Index of each number in the payload of a `flow` row. */
export const flowColumns: Readonly<
  Record<
    | 'startSeconds'
    | 'startNanoseconds'
    | 'endSeconds'
    | 'endNanoseconds'
    | 'final'
    | 'transport' // IP protocol number, 0 without IP
    | 'sourcePort'
    | 'destinationPort'
    | 'sourceBytes' // whole frames on the wire
    | 'sourcePackets'
    | 'destinationBytes'
    | 'destinationPackets'
    | 'handshakeNanoseconds' // SYN to the ACK of the SYN-ACK; -1: not seen
    | 'sourceRetransmissions'
    | 'destinationRetransmissions'
    | 'sourceOutOfOrder'
    | 'destinationOutOfOrder'
    | 'sourceZeroWindows'
    | 'destinationZeroWindows'
    | 'resets'
    | 'sourceProcess' // number for `Processes.details`; 0: unknown
    | 'destinationProcess',
    number
  >
>

/** Index of each text of a `flow` row; lists are separated by commas, outermost first. */
export const flowTexts: Readonly<
  Record<
    | 'id'
    | 'sourceMac'
    | 'destinationMac'
    | 'sourceIps'
    | 'destinationIps'
    | 'vlans'
    | 'communityId'
    | 'tcpEnd', // '', 'fin' or 'reset'
    number
  >
>

/** A capture file: pcap (micro- and nanoseconds, both byte orders) or pcapng. */
export interface FileSource {
  kind: 'file'
  path: string
  /** Passes over the file; 0: for ever. Default 1. */
  loops?: number
  /** 'recorded': at the pace it was recorded, stamped with the current time. Default 'top'. */
  pace?: 'top' | 'recorded'
  /** A pcap filter expression; compiled and run by libpcap. What it refuses is counted, and nothing else. */
  filter?: string
}

/** The same formats, handed over in pieces through `Capture.feed`: standard input, or what a decompressor yields. */
export interface StreamSource {
  kind: 'stream'
  pace?: 'top' | 'recorded'
  /** As of a file. */
  filter?: string
}

export interface LiveSource {
  kind: 'live'
  /** An interface, or `any`. */
  device: string
  engine: 'af_packet' | 'libpcap'
  /** Bytes kept of each packet. */
  snaplen: number
  /** Size of the kernel's ring. */
  bufferBytes: number
  promiscuous: boolean
  /** A pcap filter expression; compiled by libpcap, whatever the engine. Without it, see `portFilter`. */
  filter?: string
  /** Drop in the kernel what no protocol in `CaptureOptions.protocols` watches. */
  portFilter: boolean
  /** The port filter looks behind VLAN tags too. */
  vlans: boolean
  /** PACKET_FANOUT group, by flow hash and defragmented; AF_PACKET only. */
  fanoutGroup?: number
}

/** What one protocol watches; its place in the list is its index in `open` rows. */
export interface Watch {
  transports: readonly ('tcp' | 'udp' | 'icmp')[]
  /**
   * `all`: every port, and there is no port filter in the kernel. A conversation whose begin was not seen is then taken
   * to be served by the side with the lower port.
   */
  ports: readonly number[] | 'all'
  /** A conversation without a packet for that long is closed as `idle`. */
  idleSeconds: number
}

export interface FlowOptions {
  /** A flow without a packet for that long is reported final. */
  timeoutSeconds: number
  /** Report all live flows that often; 0: only at their end. */
  periodSeconds: number
  /** Counters start anew after each report. */
  delta: boolean
  /** At most that many at once; the one idle longest is reported final and leaves. */
  maximum: number
}

export interface Limits {
  /** Conversations at once; the one idle longest is closed as `evicted`. */
  conversations: number
  /** Bytes held for TCP reordering and IP fragments, in all conversations; the oldest held go first. */
  heldBytes: number
  /** Bytes held in one direction of one connection before a gap is declared. */
  reorderBytes: number
  /** Seconds a hole may stay before a gap is declared. */
  reorderSeconds: number
}

export interface CaptureOptions {
  source: FileSource | StreamSource | LiveSource
  /** At most 255. */
  protocols: readonly Watch[]
  flows?: FlowOptions
  limits: Limits
  /** Rows of kind `packet`, and no others: nothing is put together, so `protocols` is empty and there are no `flows`. */
  packets?: boolean
  /** Look up which processes talk. Without it nobody does, and it costs nothing. */
  processes?: Processes
  /** Write every captured packet there, as a nanosecond pcap file. */
  dumpPath?: string
}

/**
 * Called on the JavaScript thread with each filled batch: its index, and how many rows it has. The batch is on
 * loan until `release`. Must not throw: Node would only print a warning (DEP0168) and go on.
 */
export type OnBatch = (batch: number, rows: number) => void

/** Called once, after the last batch. `error`: why the source ended early; what it gave before has been handed over. */
export type OnEnd = (error?: Error & { code: string }) => void

export class Capture {
  /** @throws {Error} with `code` 'ERR_CAPTURE_…' (see `lib/errors.ts`) and what the system said. Opens the source. */
  constructor(options: CaptureOptions)
  readonly memory: ArrayBuffer
  start(onBatch: OnBatch, onEnd: OnEnd): void
  /** Gives a batch back. With every batch on loan a file waits, and a live device drops in its ring, and counts. */
  release(batch: number): void
  /**
   * No more bytes of that conversation are wanted, if it is still the one whose `open` row was number `opened`, counted
   * from 1 (after 2^32 - 1 again from 1): of its rows only `close` comes, after those that were on their way.
   */
  enough(conversation: number, opened: number): void
  /**
   * Reads no further; a live capture still reads what has come so far, which takes some 100 ms at most. What was read still
   * arrives, all conversations close, then `onEnd`.
   */
  stop(): void
  /**
   * Nobody reads any more: the source is given back within some 50 ms, whatever is on loan. What is not in a batch that
   * was handed over is lost; `onEnd` is called.
   */
  abandon(): void
  /** Stream source: takes a copy of `bytes`; `taken` is called when there is room for more. */
  feed(bytes: Uint8Array, taken: () => void): void
  /** Stream source: there is no more. */
  feedEnd(): void
  /** Counters by name, such as `capture.packets`, in the order a packet meets them; see docs/metrics.md. */
  stats(): Record<string, number>
}

export interface ProcessOptions {
  /** Interfaces, or `any`: connections that begin there are seen at once, whenever a capture sees them. */
  devices: readonly string[]
  /** Datagrams to these ports are seen at once, too; at most 32. */
  udpPorts: readonly number[]
}

export interface ProcessDetails {
  pid: number
  parent: number
  /** Milliseconds since the Unix epoch. */
  start: number
  name: string
  args: string[]
  /** Empty where they may not be read, as of a kernel thread. */
  executable: string
  workingDirectory: string
}

/** Finds the processes that own the two ends of connections of this machine, on a thread of its own. Linux only. */
export class Processes {
  /** @throws {Error} 'ERR_PROCESSES_UNAVAILABLE' on other systems. */
  constructor(options: ProcessOptions)
  /** What `find` found: numbers of the source's and the destination's process; 0: unknown. */
  readonly found: Uint32Array
  /**
   * What is known by the ticket of an `open` row. 0: nothing yet; 1: who listens, but another process may have taken
   * the connection; 2: all there is; 3: forgotten, because it was asked for too late.
   */
  find(ticket: number): 0 | 1 | 2 | 3
  /** A process by its number; null: forgotten. */
  details(number: number): ProcessDetails | null
  /** Counters by name; see docs/metrics.md. */
  stats(): Record<string, number>
  /** Lets go; the thread ends with the last capture that uses it. */
  close(): void
}

/** Whether addresses or interfaces of this machine have changed since the last call. True where nobody can tell. */
export function addressesChanged(): boolean

export interface Device {
  name: string
  description: string
  addresses: string[]
  up: boolean
  loopback: boolean
}

/** Interfaces of this machine in the order of their system index, `any` last where the system has it. */
export function devices(): Device[]

/** The device of the default route, or null. */
export function defaultRoute(family: 'ipv4' | 'ipv6'): string | null

/** libpcap's version line, or null where it cannot be opened. */
export function libpcapVersion(): string | null

/** Compiles a pcap filter expression. @throws {Error} 'ERR_CAPTURE_FILTER', or 'ERR_CAPTURE_NO_LIBPCAP'. */
export function checkFilter(expression: string): void

/**
 * Makes the file if there is none and locks it for this process, without waiting: null, when it is locked already, by
 * whomever. The system frees it when the process ends, `kill -9` included. @throws {Error} with what the system says.
 */
export function lockFile(path: string): number | null

/** Frees what `lockFile` gave. The file stays. */
export function unlockFile(lock: number): void

export interface User {
  id: number
  group: number
  /** All of them, `group` included. */
  groups: number[]
}

/** By name; null: this system knows none, or it is Windows. */
export function findUser(name: string): User | null

/** The number of a group; null as above. */
export function findGroup(name: string): number | null

/**
 * For a process that began as root and has another effective user: lets this thread open captures, or no longer. Its
 * other threads, and what it does with files, stay with the user's rights (Linux). @throws {Error} with the system's reason.
 */
export function allowCapture(allowed: boolean): void

/** All threads: the effective user and group are the only ones from now on. @throws {Error} with the system's reason. */
export function giveUpRoot(): void

/** What a device makes of packets before a capture sees them. */
export interface DeviceState {
  /** Bytes of a packet on it, its link header not counted. */
  mtu: number
  /** GRO and LRO: received segments are joined. */
  genericReceive: boolean
  largeReceive: boolean
  /** GSO and TSO: sent ones are cut behind the capture. */
  genericSend: boolean
  tcpSend: boolean
  /** Descriptors of the receive ring: in use, and the most there can be; 0: it has none. */
  ring: number
  ringMost: number
}

/** Null: there is no such device, or nobody can tell (other systems than Linux). */
export function deviceState(device: string): DeviceState | null

/** What the kernel was told about its clock; `maximumError`: microseconds. Null where that cannot be asked. */
export function clockState(): { synchronised: boolean; maximumError: number } | null
