/** What can be read of a device or file. */
export type CaptureRead = 'packets' | 'segments' | 'datagrams' | 'flows'

/** A capture file: it is read as fast as its reader takes it. */
export interface CaptureFromFile {
  /** pcap or pcapng, also gzipped (`.gz`); `-`: standard input. */
  file: string
  device?: never
  engine?: never
  snaplen?: never
  bufferBytes?: never
  promiscuous?: never
}

/** A network device, live. Needs CAP_NET_RAW on Linux. */
export interface CaptureFromDevice {
  file?: never
  /**
   * The name of an interface, or its number in the list of `packetbeat-native devices`; `any`: all of them (Linux);
   * `default_route`, `default_route_ipv4`, `default_route_ipv6`. Default `any` on Linux and `default_route` elsewhere.
   */
  device?: string
  /** How to capture: by Linux itself, or by libpcap. Default `af_packet` on Linux and `pcap` elsewhere. */
  engine?: 'af_packet' | 'pcap'
  /** Bytes kept of each packet. Default 262144, or a quarter of `bufferBytes` where that is less. */
  snaplen?: number
  /** Size of the kernel's buffer, in bytes. A larger one survives longer bursts. Default 64 MiB. */
  bufferBytes?: number
  /** See the traffic of other machines, where the network has it. Default false. */
  promiscuous?: boolean
}

/** What may be held at once; what is full has a counter that tells, see docs/metrics.md. */
export interface CaptureLimits {
  /** Conversations; the one idle longest is closed as `evicted`. Default 500,000. */
  conversations?: number
  /** Seconds without a packet until a conversation is closed as `idle`. Default 120. */
  idleSeconds?: number
  /** Bytes held for TCP reordering and IP fragments, in all conversations; the oldest held go first. Default 64 MiB. */
  heldBytes?: number
  /** Bytes held in one direction of one connection before a gap is declared. Default 4 MiB. */
  reorderBytes?: number
  /** Seconds a hole may stay before a gap is declared. Default 2. */
  reorderSeconds?: number
}

/** How flows are reported. */
export interface CaptureFlows {
  /** Seconds without a packet until a flow is reported final. Default 30. */
  timeoutSeconds?: number
  /**
   * Seconds between two reports of a flow that lasts, the first of them at a multiple of ten seconds; 0: only at its end.
   * Default 10.
   */
  periodSeconds?: number
  /** Count from the last report on, rather than from the begin of the flow. Default false. */
  delta?: boolean
  /** Flows at once; beyond, the one idle longest is reported final. Default 500,000. */
  maximum?: number
}

/** Options that belong to one kind of what is read. */
export interface CaptureOptionsOf {
  packets: { ports?: never; limits?: never; flows?: never }
  segments: {
    /** TCP ports to watch; without it, all. */
    ports?: readonly number[]
    limits?: CaptureLimits
    flows?: never
  }
  datagrams: {
    /** UDP ports to watch; without it, all. ICMP messages are read in either case. */
    ports?: readonly number[]
    limits?: CaptureLimits
    flows?: never
  }
  flows: { ports?: never; limits?: never; flows?: CaptureFlows }
}

/** What `capture` reads, and where: a file or a device, never both. */
export type CaptureOptions<R extends CaptureRead = CaptureRead> = (CaptureFromFile | CaptureFromDevice) &
  CaptureOptionsOf[R] & {
    read: R
    /** A pcap filter expression, such as `tcp port 80`; needs libpcap. Of a device it is applied in the kernel. */
    filter?: string
    /** Let what is yielded be kept: each batch is copied into memory of its own. Default false: all is on loan. */
    copy?: boolean
    /** Ends the capture at once; its reason is thrown by the iteration. See also `Capture.stop`. */
    signal?: AbortSignal | undefined
  }
