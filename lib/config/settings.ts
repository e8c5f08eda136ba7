import type { Precision } from '../events/clock.js'
import type { OutputPlugin } from '../outputs/output.js'
import type { PluginSource } from '../plugins/plugin.js'
import type { Process } from '../processors/processor.js'
import type { ProcessorRun } from '../processors/run.js'
import type { CommonOptions, Protocol } from '../protocols/protocol.js'
import type { SetupOptions } from './schema/setup.js'

/** A span of time as the settings hold it, whatever it was written as. `-1` seconds: never. */
export type Nanoseconds = number

/**
 * What a run is told: configuration files, `-E` and flags merged, checked, with every default filled in. Plain data;
 * names in snake_case are those of the configuration. Made by config/load.ts alone.
 */
export interface Settings {
  /** Read in this order, later ones over earlier; empty: built-in defaults. */
  files: readonly string[]
  plugins: readonly PluginSource[]
  /** At least one, no device twice. With a capture file (`file`) exactly one. */
  interfaces: readonly InterfaceSettings[]
  /** undefined: flows are off. */
  flows: FlowSettings | undefined
  /** Enabled and available ones, in the order of the configuration; one protocol may have several entries. */
  protocols: readonly ProtocolSettings[]
  /** undefined: nobody looks up which processes talk. */
  procs: ProcsSettings | undefined
  /** undefined: whoever starts it is whom it runs as. */
  run_as: RunAsSettings | undefined
  /** Of all events; run after an entry's own ones. */
  processors: readonly Process[]
  /** What all processors share; whoever runs them begins and ends it, once. */
  processing: ProcessorRun
  /** The same once more, with processors that have not begun: for another run. */
  fresh(): Settings
  /** `agent.name` and `host.name`; the machine's name unless configured. */
  name: string
  /** Of all events. */
  added: AddedSettings
  precision: Precision
  /** Drop transactions whose direction is egress. */
  ignore_outgoing: boolean
  /** Longest wait for acknowledgements at the end. 0: as long as the output makes progress. */
  shutdown_timeout: Nanoseconds
  queue: QueueSettings
  /** undefined: none is configured, so events go to the terminal, readable there and NDJSON elsewhere. */
  output: OutputSettings | undefined
  setup: SetupSettings
  logging: LoggingSettings
  /** undefined: counters are not told over HTTP. */
  http: { host: string; port: number } | undefined
  path: PathSettings
  /** Sentences for the start of the log, such as what is configured and not available yet. */
  notices: readonly string[]
}

export interface InterfaceSettings {
  /** An interface's name or its number in `devices`, `any`, `default_route`, `default_route_ipv4`, `default_route_ipv6`. */
  device: string
  /** From `type`; without one AF_PACKET on Linux and libpcap elsewhere. */
  engine: 'af_packet' | 'libpcap'
  /** Bytes kept of each packet. */
  snaplen: number
  /** Size of the kernel's ring in MiB. */
  buffer_size_mb: number
  bpf_filter: string | undefined
  /** The generated filter looks behind VLAN tags; true unless configured. */
  with_vlans: boolean
  auto_promisc_mode: boolean
  /** CIDR blocks and names such as `private`. Only those of the first interface count. */
  internal_networks: readonly string[]
  /** AF_PACKET only. */
  fanout_group: number | undefined
  /** Follow a change of the default route that often; 0: no. */
  poll_default_route: Nanoseconds
  /** A capture file instead of a device; `-`: standard input. */
  file: string | undefined
  /** Passes over the file; 0: for ever. */
  loops: number
  /** Replay the file at the pace it was recorded, stamped with the current time. */
  realtime: boolean
  /** Write every packet to `<dumpfile>-<timestamp>.pcap`. */
  dumpfile: string | undefined
}

/** What is put into events as they are made. */
export interface AddedSettings {
  tags: readonly string[]
  /** Nested, whether written with dots or not. */
  fields: Readonly<Record<string, unknown>>
  /** `fields` at the top of the event instead of below `fields`. */
  fields_under_root: boolean
}

/** What protocols and flows have in common. */
export interface EntrySettings {
  added: AddedSettings
  processors: readonly Process[]
  /** Publish fields that are null. */
  keep_null: boolean
  /** Format string: the target index, for outputs that have one. */
  index: string | undefined
}

export interface FlowSettings extends EntrySettings {
  timeout: Nanoseconds
  /** Negative: report flows only at their end. */
  period: Nanoseconds
  enable_delta_flow_reports: boolean
}

export interface ProcsSettings {
  /** A process whose command line has the text in it is called by that name. */
  monitored: readonly { process: string; cmdline_grep: string }[]
}

/** `packetbeat.run_as`: names, or numbers as text. */
export interface RunAsSettings {
  user: string
  /** undefined: the user's own. */
  group: string | undefined
  /** Where it was written, for messages: `packetbeat.yml:3: `; empty for `-E`. */
  place: string
}

export interface ProtocolSettings extends EntrySettings {
  protocol: Protocol
  /** For `Protocol.start`: its own options, and those all have. */
  options: CommonOptions & Record<string, unknown>
  /** Empty for ICMP. */
  ports: readonly number[]
  /** Only on this one of the configured devices. */
  device: string | undefined
}

export interface QueueSettings extends MemoryQueueSettings {
  /** Takes the place of the queue in memory. */
  disk: DiskQueueSettings | undefined
}

/** `queue.disk`. */
export interface DiskQueueSettings {
  /** Absolute. */
  path: string
  /** Bytes; 0: as many as the disk has. */
  max_size: number
  /** Bytes of one file. */
  segment_size: number
  /** Events in memory. */
  read_ahead: number
  write_ahead: number
  retry_interval: Nanoseconds
  max_retry_interval: Nanoseconds
}

/** `queue.mem`. */
export interface MemoryQueueSettings {
  /** Events it holds at most. */
  events: number
  flush: {
    /** Events handed over at once, at most; and waited for, up to `timeout`. */
    min_events: number
    timeout: Nanoseconds
  }
}

export interface OutputSettings<Options = unknown> {
  plugin: OutputPlugin
  /** What `plugin.options` made of the configuration. */
  options: Options
}

/** What is loaded into Elasticsearch and Kibana. */
export interface SetupSettings extends SetupOptions {
  /** `packetbeat.overwrite_pipelines`. */
  overwrite_pipelines: boolean
  /** All there are, those of plug-ins too: the index template has their fields. */
  protocols: readonly Pick<Protocol, 'fields'>[]
}

export type Level = 'debug' | 'info' | 'warning' | 'error'

export interface LoggingSettings {
  level: Level
  /** Names of loggers that may write at level debug; `*`: all. Empty: all. */
  selectors: readonly string[]
  /** Exactly one of the two, or neither: then there is no log. */
  to_stderr: boolean
  to_files: boolean
  files: LogFileSettings
  metrics: { enabled: boolean; period: Nanoseconds }
  /** Where the events go that the output refused for good; neither: nowhere. */
  event_data: { to_stderr: boolean; files: LogFileSettings | undefined }
}

export interface LogFileSettings {
  path: string
  name: string
  rotateeverybytes: number
  keepfiles: number
  /** File mode. */
  permissions: number
  /** Also rotate that often; 0: no. */
  interval: Nanoseconds
  rotateonstartup: boolean
}

/** Absolute directories. */
export interface PathSettings {
  home: string
  config: string
  data: string
  logs: string
}
