// Generated from the schema by `npm run docs`; do not edit.

/** One, or a list of them. */
export type OneOrMore<T> = T | readonly T[]

/** Such as `500ms`, `10s` or `1h30m`; a number means seconds, where no unit is required. */
export type Duration = string | number

/** Bytes, with a unit if you like: `10MiB`. */
export type Size = string | number

/** In octal digits, such as `'0600'`. */
export type FileMode = string | number

/** A whole configuration, like packetbeat.yml. */
export interface Configuration {
  /** What is captured and decoded. */
  packetbeat?: {
    /** Where packets come from. One interface needs no list. Default: `[{}]`. */
    interfaces?: OneOrMore<{
      /**
       * Where to capture: the name of an interface, its number in the list of the `devices` command, `any` (all of them,
       * Linux), `default_route`, `default_route_ipv4` or `default_route_ipv6`. Unless given, `any` on Linux and
       * `default_route` elsewhere.
       */
      device?: string | undefined
      /** How to capture. `autodetect` is `af_packet` on Linux, and `pcap` (libpcap) elsewhere. Default: `autodetect`. */
      type?: 'af_packet' | 'pcap' | 'autodetect' | '' | undefined
      /** Bytes kept of each packet; 0: 262144. What is cut off cannot be decoded. Default: `262144`. */
      snaplen?: number | undefined
      /** Size of the kernel buffer, in MiB. A larger one survives longer bursts. Default: `64`. */
      buffer_size_mb?: number | undefined
      /** A pcap filter expression, instead of the filter made from the ports of the protocols. */
      bpf_filter?: string | undefined
      /** The filter made from the ports also looks behind VLAN tags. Default: `true`. */
      with_vlans?: boolean | undefined
      /** Put the interface into promiscuous mode while capturing, to see traffic of other machines. Default: `false`. */
      auto_promisc_mode?: boolean | undefined
      /**
       * Networks that count as inside for `network.direction`: CIDR blocks and names such as `private`. Only those of the
       * first interface count.
       */
      internal_networks?: OneOrMore<string> | undefined
      /** Share the traffic with other processes of the same group, by flow. Needs `type: af_packet`. */
      fanout_group?: number | undefined
      /** A capture file (pcap, pcapng, also gzipped) to read instead of a device; `-`: standard input. As `-I`. */
      file?: string | undefined
      /** Also write every packet to the file `<dumpfile>-<timestamp>.pcap`. As `--dump`. */
      dumpfile?: string | undefined
      /**
       * Read the file as fast as possible with its own time stamps; false: at the pace it was recorded, as now. Default:
       * `true`.
       */
      topspeed?: boolean | undefined
      /** How many times the file is read; 0: for ever. As `-l`. Default: `1`. */
      loop?: number | undefined
    }> | undefined
    /** Report who talks to whom, whatever the protocol. Without this section flows are off. */
    flows?: FlowOptions | undefined
    /** What is decoded: a list of entries with a `type`. One protocol may have several entries. */
    protocols?: OneOrMore<ProtocolEntry> | undefined
    /**
     * Packages, or files below `path.config` such as `./own.js`, that bring protocols, outputs and processors; see
     * docs/plugins.md.
     */
    plugins?: OneOrMore<string> | undefined
    /** Which processes talk: those of this machine, on Linux. */
    procs?: {
      /** Add the processes at both ends of a connection to events of live captures. Default: `false`. */
      enabled?: boolean | undefined
      /** Names for processes that their executables do not tell apart; the first that fits counts. */
      monitored?: OneOrMore<{
        /** Its name in events. */
        process: string
        /** A part of its command line, its arguments joined by spaces. */
        cmdline_grep: string
      }> | undefined
      /** Accepted, not used: processes are looked up when they talk. Default: `0s`. */
      max_proc_read_freq?: Duration | undefined
      /** Accepted, not used: processes are looked up when they talk. Default: `0s`. */
      refresh_pids_freq?: Duration | undefined
    } | undefined
    /** Become this `user` or `user:group` once the captures are open, and give up root for good. Not on Windows. */
    run_as?: string | undefined
    /** Leave out transactions whose `network.direction` is egress. Default: `false`. */
    ignore_outgoing?: boolean | undefined
    /** How long to wait at the end for events to be acknowledged; 0: as long as that makes progress. Default: `0s`. */
    shutdown_timeout?: Duration | undefined
    /** Replace the ingest pipelines of this version when the Elasticsearch output connects. Default: `false`. */
    overwrite_pipelines?: boolean | undefined
  } | undefined
  /** Name of this agent in events; the name of the machine unless given. */
  name?: string | undefined
  /** Words added to the `tags` of all events. */
  tags?: OneOrMore<string> | undefined
  /** Fields of your own, added below `fields` to all events. Keys with dots are nested. */
  fields?: Readonly<Record<string, unknown>> | undefined
  /** Put these fields at the top of the event; they win over fields of the same name. Default: `false`. */
  fields_under_root?: boolean | undefined
  /** What to do with all events, in this order. */
  processors?: OneOrMore<ProcessorEntry> | undefined
  /** Times in events. */
  timestamp?: {
    /** Digits of a second that times in events have. Default: `millisecond`. */
    precision?: 'millisecond' | 'microsecond' | 'nanosecond' | undefined
  } | undefined
  /** Where events wait for the output. */
  queue?: QueueOptions | undefined
  /** Elastic Cloud, instead of hosts of your own. */
  cloud?: {
    /** The Cloud ID of a deployment; its hosts take the place of all others. */
    id?: string | undefined
    /** `user:password` of the deployment, instead of those of the output. */
    auth?: string | undefined
  } | undefined
  /** Where events go. */
  output?: {
    /** Events go to standard output, one JSON document a line. */
    console?: {
      /** Several indented lines for each event: `codec.json.pretty`. Default: `false`. */
      pretty?: boolean | undefined
      /** How an event is printed: as JSON unless configured. */
      codec?: {
        /** Events as JSON. */
        json?: {
          /** Several indented lines for each event. Default: `false`. */
          pretty?: boolean | undefined
          /** Write <, > and & as \u003c, \u003e and \u0026. Default: `false`. */
          escape_html?: boolean | undefined
        } | undefined
        /** Events as lines of your own making. */
        format?: {
          /** Such as `%{[@timestamp]} %{[query]}`. */
          string: string
        } | undefined
      } | undefined
      /** Events written at once, at most. Default: `2048`. */
      bulk_max_size?: number | undefined
      /** Switches it on and off. Exactly one output may be on. Default: `true`. */
      enabled?: boolean | undefined
      /** The queue before this output, instead of the one at the top level. */
      queue?: QueueOptions | undefined
    } | undefined
    /** Events go to nowhere, for measuring. */
    discard?: {
      /** Switches it on and off. Exactly one output may be on. Default: `true`. */
      enabled?: boolean | undefined
      /** The queue before this output, instead of the one at the top level. */
      queue?: QueueOptions | undefined
    } | undefined
    /** Events go to Elasticsearch or OpenSearch. */
    elasticsearch?: {
      /** Nodes, as URLs or `host[:port]`; each event goes to one of them. Default: `["localhost:9200"]`. */
      hosts?: OneOrMore<string> | undefined
      /** How hosts without a scheme are spoken to. Default: `http`. */
      protocol?: 'http' | 'https' | undefined
      /** What paths begin with at hosts that have none of their own. */
      path?: string | undefined
      /** The user, for basic authentication. */
      username?: string | undefined
      /** Its password. */
      password?: string | undefined
      /** An API key instead: `id:key`, or that in base64. */
      api_key?: string | undefined
      /** Sets bulk_max_size, worker, compression_level, idle_connection_timeout and queue.mem. */
      preset?: 'balanced' | 'throughput' | 'scale' | 'latency' | 'custom' | undefined
      /** The data stream or index, in lower case. Default: `packetbeat-%{[agent.version]}`. */
      index?: string | undefined
      /** Rules, tried in their order before `index`: the first that fits says the data stream or index. */
      indices?: OneOrMore<{
        /** The data stream or index, a format string. */
        index: string
        /** What the format string gives, and the data stream or index that stands for. */
        mappings?: Readonly<Record<string, string>> | undefined
        /** The data stream or index for what `mappings` does not have. */
        default?: string | undefined
        /** Only for these events. */
        when?: Condition | undefined
      }> | undefined
      /** The ingest pipeline that events go through. */
      pipeline?: string | undefined
      /** Rules, tried in their order before `pipeline`: the first that fits says the ingest pipeline. */
      pipelines?: OneOrMore<{
        /** The ingest pipeline, a format string. */
        pipeline: string
        /** What the format string gives, and the ingest pipeline that stands for. */
        mappings?: Readonly<Record<string, string>> | undefined
        /** The ingest pipeline for what `mappings` does not have. */
        default?: string | undefined
        /** Only for these events. */
        when?: Condition | undefined
      }> | undefined
      /** Connections to each host; 1 unless given. */
      worker?: number | undefined
      /** The same as `worker`. */
      workers?: number | undefined
      /** Events sent at once, at most; below 1: as many as `queue.mem.flush.min_events`. Default: `1600`. */
      bulk_max_size?: number | undefined
      /** Tries after the first, for each batch; then its events are dropped and counted. -1: no end. Default: `-1`. */
      max_retries?: number | undefined
      /** Waits between tries. */
      backoff?: {
        /** Before the first retry; doubled each time. Default: `1s`. */
        init?: Duration | undefined
        /** The longest wait. Default: `1m`. */
        max?: Duration | undefined
      } | undefined
      /** How hard gzip tries; 0: no compression. Default: `1`. */
      compression_level?: number | undefined
      /** Use all hosts at once; otherwise one of them until it fails. Default: `true`. */
      loadbalance?: boolean | undefined
      /** The longest wait for an answer. Default: `90s`. */
      timeout?: Duration | undefined
      /** A connection without requests is closed after that. Default: `3s`. */
      idle_connection_timeout?: Duration | undefined
      /** Headers of every request. */
      headers?: Readonly<Record<string, unknown>> | undefined
      /** Parameters of every bulk request. */
      parameters?: Readonly<Record<string, unknown>> | undefined
      /** Write <, > and & as \u003c, \u003e and \u0026. Default: `false`. */
      escape_html?: boolean | undefined
      /** Send to Elasticsearch older than 8.0, too, whose templates may not fit these events. Default: `true`. */
      allow_older_versions?: boolean | undefined
      /** What becomes of events that the server refuses for good. */
      non_indexable_policy?: {
        /** They are dropped and counted. */
        drop?: Record<string, never> | null | undefined
        /** They are kept as text, with the error, in another index. */
        dead_letter_index?: {
          /** The index they go to. */
          index: string
        } | undefined
      } | undefined
      /** Encryption. */
      ssl?: SslOptions | undefined
      /** An HTTP proxy; otherwise as the environment says. */
      proxy_url?: string | undefined
      /** No proxy, whatever the environment says. Default: `false`. */
      proxy_disable?: boolean | undefined
      /** Headers for the proxy, when a tunnel is made. */
      proxy_headers?: Readonly<Record<string, unknown>> | undefined
      /** Switches it on and off. Exactly one output may be on. Default: `true`. */
      enabled?: boolean | undefined
      /** The queue before this output, instead of the one at the top level. */
      queue?: QueueOptions | undefined
    } | undefined
    /** Events go to files with one JSON document a line. */
    file?: {
      /** Folder of the files; `%{+yyyy.MM.dd}` is the day the program starts. */
      path: string
      /** Files are called `<filename>-<date>[-<n>].ndjson`. Default: `packetbeat`. */
      filename?: string | undefined
      /** Begin another file when one has that many KiB. Default: `10240`. */
      rotate_every_kb?: number | undefined
      /** Files kept; the oldest is removed. Default: `7`. */
      number_of_files?: number | undefined
      /** Permissions of the files. Default: `0600`. */
      permissions?: FileMode | undefined
      /** Begin a new file at each start. Default: `true`. */
      rotate_on_startup?: boolean | undefined
      /** How an event is printed: as JSON unless configured. */
      codec?: {
        /** Events as JSON. */
        json?: {
          /** Several indented lines for each event. Default: `false`. */
          pretty?: boolean | undefined
          /** Write <, > and & as \u003c, \u003e and \u0026. Default: `false`. */
          escape_html?: boolean | undefined
        } | undefined
        /** Events as lines of your own making. */
        format?: {
          /** Such as `%{[@timestamp]} %{[query]}`. */
          string: string
        } | undefined
      } | undefined
      /** Switches it on and off. Exactly one output may be on. Default: `true`. */
      enabled?: boolean | undefined
      /** The queue before this output, instead of the one at the top level. */
      queue?: QueueOptions | undefined
    } | undefined
    /** Events go to topics of Apache Kafka. */
    kafka?: {
      /** Brokers to hear of the cluster from: `host[:9092]`. */
      hosts: OneOrMore<string>
      /** The topic, a format string such as `net-%{[type]}`. */
      topic?: string | undefined
      /** Rules, tried in their order before `topic`: the first that fits says the topic. */
      topics?: OneOrMore<{
        /** The topic, a format string. */
        topic: string
        /** What the format string gives, and the topic that stands for. */
        mappings?: Readonly<Record<string, string>> | undefined
        /** The topic for what `mappings` does not have. */
        default?: string | undefined
        /** Only for these events. */
        when?: Condition | undefined
      }> | undefined
      /** The key of a message; without it, or its fields, there is none. */
      key?: string | undefined
      /** How events spread over the partitions of a topic: by the hash of their key unless given. */
      partition?: {
        /** The same partition for the same key or fields. */
        hash?: {
          /** Only partitions that have a leader; otherwise events wait until theirs has one. Default: `false`. */
          reachable_only?: boolean | undefined
          /** Fields to hash; without any, the key. */
          hash?: OneOrMore<string> | undefined
          /** An event that lacks one of the fields goes anywhere; otherwise it is refused. Default: `true`. */
          random?: boolean | undefined
        } | undefined
        /** Partitions by chance. */
        random?: {
          /** Only partitions that have a leader; otherwise events wait until theirs has one. Default: `false`. */
          reachable_only?: boolean | undefined
          /** Events in a row to one partition. Default: `1`. */
          group_events?: number | undefined
        } | undefined
        /** One partition after the other. */
        round_robin?: {
          /** Only partitions that have a leader; otherwise events wait until theirs has one. Default: `false`. */
          reachable_only?: boolean | undefined
          /** Events in a row to one partition. Default: `1`. */
          group_events?: number | undefined
        } | undefined
      } | undefined
      /** Version of the brokers. No effect: brokers say themselves what they speak. Default: `2.1.0`. */
      version?: string | undefined
      /** User to log in with. */
      username?: string | undefined
      /** Its password. */
      password?: string | undefined
      /** Logging in, with `username` and `password`. */
      sasl?: {
        /** How to log in. Default: `PLAIN`. */
        mechanism?: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | undefined
      } | undefined
      /** Headers of each message. */
      headers?: OneOrMore<{
        /** Its name. */
        key: string
        /** Its value. */
        value: string
      }> | undefined
      /** What brokers call this client in logs and quotas. Default: `beats`. */
      client_id?: string | undefined
      /** How an event is printed: as JSON unless configured. */
      codec?: {
        /** Events as JSON. */
        json?: {
          /** Several indented lines for each event. Default: `false`. */
          pretty?: boolean | undefined
          /** Write <, > and & as \u003c, \u003e and \u0026. Default: `false`. */
          escape_html?: boolean | undefined
        } | undefined
        /** Events as lines of your own making. */
        format?: {
          /** Such as `%{[@timestamp]} %{[query]}`. */
          string: string
        } | undefined
      } | undefined
      /** What is known of the cluster. */
      metadata?: {
        /** Topics that are just being created. */
        retry?: {
          /** Tries more to hear of a topic that is not ready. Default: `3`. */
          max?: number | undefined
          /** Wait between them. Default: `250ms`. */
          backoff?: Duration | undefined
        } | undefined
        /** How long what is known of a topic is good. Default: `10m`. */
        refresh_frequency?: Duration | undefined
        /** No effect: only topics that events go to are asked for. Default: `false`. */
        full?: boolean | undefined
      } | undefined
      /** Connections to each host; 1 unless given. */
      worker?: number | undefined
      /** The same as `worker`. */
      workers?: number | undefined
      /** Events sent at once, at most; below 1: as many as `queue.mem.flush.min_events`. Default: `2048`. */
      bulk_max_size?: number | undefined
      /** Tries after the first, for each batch; then its events are dropped and counted. -1: no end. Default: `-1`. */
      max_retries?: number | undefined
      /** Waits between tries. */
      backoff?: {
        /** Before the first retry; doubled each time. Default: `1s`. */
        init?: Duration | undefined
        /** The longest wait. Default: `1m`. */
        max?: Duration | undefined
      } | undefined
      /** The longest wait for a fuller batch; 0: what the queue says. Default: `0s`. */
      bulk_flush_frequency?: Duration | undefined
      /** The longest wait for a connection or an answer. Default: `30s`. */
      timeout?: Duration | undefined
      /** The longest wait of a broker for its replicas, with `required_acks: -1`. Default: `10s`. */
      broker_timeout?: Duration | undefined
      /** No effect: the queue is what waits. Default: `256`. */
      channel_buffer_size?: number | undefined
      /** Idle time before TCP probes the connection; 0: never. Default: `0s`. */
      keep_alive?: Duration | undefined
      /** Compression; zstd needs Node.js 22.15 or later. Default: `gzip`. */
      compression?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd' | undefined
      /** Strength of gzip and zstd. Default: `4`. */
      compression_level?: number | undefined
      /** An event larger than that is refused, and batches are kept below it. Default: `1000000`. */
      max_message_bytes?: number | undefined
      /** Who has to have an event: 1 the leader, -1 all replicas in sync, 0 nobody. Default: `1`. */
      required_acks?: number | undefined
      /** Encryption. */
      ssl?: SslOptions | undefined
      /** Switches it on and off. Exactly one output may be on. Default: `true`. */
      enabled?: boolean | undefined
      /** The queue before this output, instead of the one at the top level. */
      queue?: QueueOptions | undefined
    } | undefined
    /** Events go to Logstash, over the Lumberjack protocol. */
    logstash?: {
      /** Beats inputs of Logstash, as `host[:port]`; port 5044 unless given. Default: `["localhost:5044"]`. */
      hosts?: OneOrMore<string> | string | undefined
      /**
       * `@metadata.beat` of the events, which a Logstash pipeline makes the name of an index of; in lower case. Default:
       * `packetbeat`.
       */
      index?: string | undefined
      /** Connections to each host; 1 unless given. */
      worker?: number | undefined
      /** The same as `worker`. */
      workers?: number | undefined
      /** Events sent at once, at most; below 1: as many as `queue.mem.flush.min_events`. Default: `2048`. */
      bulk_max_size?: number | undefined
      /** Tries after the first, for each batch; then its events are dropped and counted. -1: no end. Default: `-1`. */
      max_retries?: number | undefined
      /** Waits between tries. */
      backoff?: {
        /** Before the first retry; doubled each time. Default: `1s`. */
        init?: Duration | undefined
        /** The longest wait. Default: `1m`. */
        max?: Duration | undefined
      } | undefined
      /** Use all hosts at once; otherwise one of them, and another when it fails. Default: `false`. */
      loadbalance?: boolean | undefined
      /** Batches under way on a connection at once; 0 and 1: the next one waits for the acknowledgement. Default: `2`. */
      pipelining?: number | undefined
      /** Begin with a few events at once, and go on with more as they are acknowledged. Default: `false`. */
      slow_start?: boolean | undefined
      /** Make a new connection after that time, so that a load balancer can choose anew; 0: never. Default: `0s`. */
      ttl?: Duration | undefined
      /** Longest wait for a connection and for a sign of life while events wait for their acknowledgement. Default: `30s`. */
      timeout?: Duration | undefined
      /** Strength of zlib, 1 to 9; 0: none. Default: `3`. */
      compression_level?: number | undefined
      /** Write <, > and & as \u003c, \u003e and \u0026. Default: `false`. */
      escape_html?: boolean | undefined
      /** Encryption. */
      ssl?: SslOptions | undefined
      /** A SOCKS5 proxy, such as `socks5://user:password@proxy:1080`. */
      proxy_url?: string | undefined
      /** Resolve the names of `hosts` here, not at the proxy. Default: `false`. */
      proxy_use_local_resolver?: boolean | undefined
      /** Switches it on and off. Exactly one output may be on. Default: `true`. */
      enabled?: boolean | undefined
      /** The queue before this output, instead of the one at the top level. */
      queue?: QueueOptions | undefined
    } | undefined
    /** Events go to Redis, into lists or channels. */
    redis?: {
      /**
       * Servers, as `host[:port]`, `redis://user:password@host:port` or `rediss://…`, which is encrypted. Default:
       * `["localhost:6379"]`.
       */
      hosts?: OneOrMore<string> | string | undefined
      /** The list or channel, a format string; `packetbeat` unless given. */
      key?: string | undefined
      /** Rules, tried in their order before `key`: the first that fits says the list or channel. */
      keys?: OneOrMore<{
        /** The list or channel, a format string. */
        key: string
        /** What the format string gives, and the list or channel that stands for. */
        mappings?: Readonly<Record<string, string>> | undefined
        /** The list or channel for what `mappings` does not have. */
        default?: string | undefined
        /** Only for these events. */
        when?: Condition | undefined
      }> | undefined
      /** Older name of `key`. */
      index?: string | undefined
      /** Password, where the host has none. */
      password?: string | undefined
      /** Number of the database. Default: `0`. */
      db?: number | undefined
      /**
       * `list`: events are added to the end of a list (RPUSH); `channel`: published for those who listen (PUBLISH). Default:
       * `list`.
       */
      datatype?: 'list' | 'channel' | undefined
      /** Connections to each host; 1 unless given. */
      worker?: number | undefined
      /** The same as `worker`. */
      workers?: number | undefined
      /** Events sent at once, at most; below 1: as many as `queue.mem.flush.min_events`. Default: `2048`. */
      bulk_max_size?: number | undefined
      /** Tries after the first, for each batch; then its events are dropped and counted. -1: no end. Default: `-1`. */
      max_retries?: number | undefined
      /** Waits between tries. */
      backoff?: {
        /** Before the first retry; doubled each time. Default: `1s`. */
        init?: Duration | undefined
        /** The longest wait. Default: `1m`. */
        max?: Duration | undefined
      } | undefined
      /** Use all hosts at once; otherwise one of them, and another when it fails. Default: `true`. */
      loadbalance?: boolean | undefined
      /** Longest wait for a connection, and for an answer. Default: `5s`. */
      timeout?: Duration | undefined
      /** How an event is printed: as JSON unless configured. */
      codec?: {
        /** Events as JSON. */
        json?: {
          /** Several indented lines for each event. Default: `false`. */
          pretty?: boolean | undefined
          /** Write <, > and & as \u003c, \u003e and \u0026. Default: `false`. */
          escape_html?: boolean | undefined
        } | undefined
        /** Events as lines of your own making. */
        format?: {
          /** Such as `%{[@timestamp]} %{[query]}`. */
          string: string
        } | undefined
      } | undefined
      /** Encryption. */
      ssl?: SslOptions | undefined
      /** A SOCKS5 proxy, such as `socks5://user:password@proxy:1080`. */
      proxy_url?: string | undefined
      /** Resolve the names of `hosts` here, not at the proxy. Default: `false`. */
      proxy_use_local_resolver?: boolean | undefined
      /** Switches it on and off. Exactly one output may be on. Default: `true`. */
      enabled?: boolean | undefined
      /** The queue before this output, instead of the one at the top level. */
      queue?: QueueOptions | undefined
    } | undefined
  } | undefined
  /** What is loaded into Elasticsearch and Kibana. */
  setup?: {
    /** The index template. */
    template?: {
      /** Load an index template when the Elasticsearch output connects, and by `setup`. Default: `true`. */
      enabled?: boolean | undefined
      /** Its name; `packetbeat-%{[agent.version]}` unless given. */
      name?: string | undefined
      /** The indices it is for; its name unless given. */
      pattern?: string | undefined
      /** A file with fields, in the form of `fields.yml`, instead of those of our events. */
      fields?: string | undefined
      /** Replace a template of that name; without it, what is there is left alone. Default: `false`. */
      overwrite?: boolean | undefined
      /** More fields, each with `name`, `type` and the like, as in `fields.yml`. */
      append_fields?: OneOrMore<Readonly<Record<string, unknown>>> | undefined
      /** The template of the highest priority counts. Default: `150`. */
      priority?: number | undefined
      /** `index` for data streams, `component` for use in other templates, `legacy` for old servers. Default: `index`. */
      type?: 'index' | 'component' | 'legacy' | undefined
      /** A template of your own. */
      json?: {
        /** Load the template of a file instead of one made of the fields. Default: `false`. */
        enabled?: boolean | undefined
        /** That file. */
        path?: string | undefined
        /** The name of the template. */
        name?: string | undefined
        /** It is for data streams. Default: `false`. */
        data_stream?: boolean | undefined
      } | undefined
      /** What the template says beside the fields. */
      settings?: {
        /** Settings of the index, such as `number_of_shards`. */
        index?: Readonly<Record<string, unknown>> | undefined
        /** Of the mapping: `enabled`. */
        _source?: Readonly<Record<string, unknown>> | undefined
      } | undefined
    } | undefined
    /** The lifecycle policy of indices. */
    ilm?: {
      /** Load a lifecycle policy, and put its name into the template. OpenSearch has none. Default: `true`. */
      enabled?: boolean | 'auto' | undefined
      /** Its name. Default: `packetbeat`. */
      policy_name?: string | undefined
      /** A file with a policy as JSON, instead of ours. */
      policy_file?: string | undefined
      /** Look whether there is one. False, for users who may not look: then none is loaded. Default: `true`. */
      check_exists?: boolean | undefined
      /** Replace what is there. Default: `false`. */
      overwrite?: boolean | undefined
    } | undefined
    /** The lifecycle of data streams. */
    dsl?: {
      /** Give data streams a lifecycle, on servers without policies: Elasticsearch Serverless. Default: `true`. */
      enabled?: boolean | undefined
      /** A file with a lifecycle as JSON, instead of ours. */
      policy_file?: string | undefined
      /** Look whether there is one. False, for users who may not look: then none is loaded. Default: `true`. */
      check_exists?: boolean | undefined
      /** Replace what is there. Default: `false`. */
      overwrite?: boolean | undefined
    } | undefined
    /** Dashboards in Kibana. */
    dashboards?: {
      /** Load the dashboards at each start. Default: `false`. */
      enabled?: boolean | undefined
      /** A directory with `.ndjson` or `.json` files to load instead of our own dashboards. */
      directory?: string | undefined
      /** One file to load, `.ndjson` or `.json`. */
      file?: string | undefined
      /** Not used: there are no dashboards of other Beats here. Default: `packetbeat`. */
      beat?: string | undefined
      /** The indices that the dashboards read. Default: `packetbeat-*`. */
      index?: string | undefined
      /** Dashboards are always loaded by the API of Kibana. Default: `true`. */
      always_kibana?: boolean | undefined
      /** What to do when Kibana does not answer. */
      retry?: {
        /** Wait for a Kibana that does not answer yet. Default: `false`. */
        enabled?: boolean | undefined
        /** Between two tries. Default: `1s`. */
        interval?: Duration | undefined
        /** Tries after the first; 0: no end. Default: `0`. */
        maximum?: number | undefined
      } | undefined
    } | undefined
    /** The API of Kibana. */
    kibana?: {
      /** A host, `host:port`, or a URL. Default: `localhost:5601`. */
      host?: string | undefined
      /** For a host that is no URL; http unless given. */
      protocol?: 'http' | 'https' | undefined
      /** What stands before the path of each request. */
      path?: string | undefined
      /** The user; that of the Elasticsearch output unless given. */
      username?: string | undefined
      /** The password of the user. */
      password?: string | undefined
      /** An API key, `id:key`, instead of a user. */
      api_key?: string | undefined
      /** The space to load into. */
      space?: {
        /** Its id; the default space unless given. */
        id?: string | undefined
      } | undefined
      /** Headers of each request. */
      headers?: Readonly<Record<string, string>> | undefined
      /** Encryption. */
      ssl?: SslOptions | undefined
    } | undefined
  } | undefined
  /** What the program says about itself. */
  logging?: {
    /** The least important lines that are written: `info`; `warning` when there is no configuration file. */
    level?: 'error' | 'warning' | 'info' | 'debug' | undefined
    /** Which parts of the program may write at level `debug`, such as `http` or `flows`; `*` or none: all. */
    selectors?: OneOrMore<string> | undefined
    /** Write to standard error instead of files. As `-e`. Default: `false`. */
    to_stderr?: boolean | undefined
    /** Write to files: true with a configuration file; without one the log goes to standard error. */
    to_files?: boolean | undefined
    /** The log files. */
    files?: {
      /** Directory of the log files; `path.logs` unless given. */
      path?: string | undefined
      /** Files are called `<name>-<yyyymmdd>.ndjson`, then `-1`, `-2` and so on. Default: `packetbeat`. */
      name?: string | undefined
      /** Begin another file when this one has that many bytes. Default: `10MiB`. */
      rotateeverybytes?: Size | undefined
      /** How many files are kept; the oldest go. Default: `7`. */
      keepfiles?: number | undefined
      /** File mode of new files. Default: `0600`. */
      permissions?: FileMode | undefined
      /** Also begin another file that often; 0: no. Default: `0s`. */
      interval?: Duration | undefined
      /** Begin another file at each start. Default: `true`. */
      rotateonstartup?: boolean | undefined
    } | undefined
    /** Counters in the log. */
    metrics?: {
      /** Log the counters that changed. Default: `true`. */
      enabled?: boolean | undefined
      /** How often. Default: `30s`. */
      period?: Duration | undefined
    } | undefined
    /** A log of its own for the events that the output refused for good: nothing else quotes events. */
    event_data?: {
      /** Write to standard error instead of files. Default: `false`. */
      to_stderr?: boolean | undefined
      /** Write to files, when the log goes there too. Default: `true`. */
      to_files?: boolean | undefined
      /** The files. */
      files?: {
        /** Directory of the log files; `path.logs` unless given. */
        path?: string | undefined
        /** Files are called `<name>-<yyyymmdd>.ndjson`, then `-1`, `-2` and so on. Default: `packetbeat-event-data`. */
        name?: string | undefined
        /** Begin another file when this one has that many bytes. Default: `5MiB`. */
        rotateeverybytes?: Size | undefined
        /** How many files are kept; the oldest go. Default: `2`. */
        keepfiles?: number | undefined
        /** File mode of new files. Default: `0600`. */
        permissions?: FileMode | undefined
        /** Also begin another file that often; 0: no. Default: `0s`. */
        interval?: Duration | undefined
        /** Begin another file at each start. Default: `true`. */
        rotateonstartup?: boolean | undefined
      } | undefined
    } | undefined
  } | undefined
  /** Counters of this program over HTTP: `/`, `/stats`, `/state`, `/inputs`, and `/metrics` for Prometheus. */
  http?: {
    /** Switches it on and off. Default: `false`. */
    enabled?: boolean | undefined
    /**
     * Address to listen on, or `unix:///path` of a socket. Whoever can reach it can read the counters. Default:
     * `localhost`.
     */
    host?: string | undefined
    /** Port; 0: any that is free, told in the log. Default: `5066`. */
    port?: number | undefined
  } | undefined
  /** A file with secrets, which references find before variables: see `packetbeat-native help keystore add`. */
  keystore?: {
    /** The file: `packetbeat.keystore` in `path.data` unless given. */
    path?: string | undefined
  } | undefined
  /** Directories. */
  path?: {
    /** Base of the other directories; the current directory unless given. */
    home?: string | undefined
    /** Configuration files; `path.home` unless given. */
    config?: string | undefined
    /** What the program remembers; `data` in `path.home` unless given. */
    data?: string | undefined
    /** Log files; `logs` in `path.home` unless given. */
    logs?: string | undefined
  } | undefined
}

/** Every kind of entry of `packetbeat.protocols`, by its `type`. A plug-in adds its own, as to `EventTypes`. */
export interface ProtocolEntries {
  amqp: AmqpOptions
  cassandra: CassandraOptions
  dhcpv4: Dhcpv4Options
  dns: DnsOptions
  http: HttpOptions
  icmp: IcmpOptions
  memcache: MemcacheOptions
  mongodb: MongodbOptions
  mysql: MysqlOptions
  nfs: NfsOptions
  pgsql: PgsqlOptions
  redis: RedisOptions
  sip: SipOptions
  thrift: ThriftOptions
  tls: TlsOptions
}

/** An entry of `packetbeat.protocols`, told apart by `type`. */
export type ProtocolEntry = ProtocolEntries[keyof ProtocolEntries]

/** What all protocols can be told. */
export interface ProtocolOptions {
  /** Switches the entry on and off. Default: `true`. */
  enabled?: boolean | undefined
  /** Put the request as it was sent into the field `request`. Default: `false`. */
  send_request?: boolean | undefined
  /** Put the response as it was sent into the field `response`. Default: `false`. */
  send_response?: boolean | undefined
  /** How long a request waits for its response; then it is reported without one. Default: `10s`. */
  transaction_timeout?: Duration | undefined
  /** Words added to the `tags` of the events of this entry. */
  tags?: OneOrMore<string> | undefined
  /** Fields of your own, added below `fields` to the events of this entry. Keys with dots are nested. */
  fields?: Readonly<Record<string, unknown>> | undefined
  /** Put these fields at the top of the event; they win over fields of the same name. Default: `false`. */
  fields_under_root?: boolean | undefined
  /** What to do with the events of this entry before the processors for all events. */
  processors?: OneOrMore<ProcessorEntry> | undefined
  /** Publish fields whose value is null. Default: `false`. */
  keep_null?: boolean | undefined
  /** Another target index for the events of this entry. */
  index?: string | undefined
  /** Decode this entry only on one of several configured interfaces. */
  interface?: {
    /** The device, as in `packetbeat.interfaces`. */
    device?: string | undefined
  } | undefined
}

/** One kind of test, and what it tests. */
export interface Condition {
  /** Fields that have exactly these values. */
  equals?: Readonly<Record<string, unknown>> | undefined
  /** Fields whose text, or whose list of texts, has these in it. */
  contains?: Readonly<Record<string, unknown>> | undefined
  /** Fields whose text fits these regular expressions. */
  regexp?: Readonly<Record<string, unknown>> | undefined
  /** Fields with numbers: `field.gte: 400`; also lt, lte, gt. */
  range?: Readonly<Record<string, unknown>> | undefined
  /** Fields with addresses of these networks: CIDR blocks or names such as `private`. */
  network?: Readonly<Record<string, unknown>> | undefined
  /** Fields that must be there. */
  has_fields?: OneOrMore<string> | undefined
  /** All of these. */
  and?: OneOrMore<Condition> | undefined
  /** One of these at least. */
  or?: OneOrMore<Condition> | undefined
  /** Not this one. */
  not?: Condition | undefined
}

/** What is below `ssl`, wherever it stands. */
export interface SslOptions {
  /** Switches it on and off. Default: `true`. */
  enabled?: boolean | undefined
  /**
   * What is checked of the server: `full` its authority and its name, `strict` its name in the subjectAltName only,
   * `certificate` its authority only, `none` nothing. Default: `full`.
   */
  verification_mode?: 'full' | 'strict' | 'certificate' | 'none' | undefined
  /** Versions of TLS: 1.2 and 1.3 unless given. */
  supported_protocols?: OneOrMore<'TLSv1.0' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'> | undefined
  /** Authorities that are trusted instead of the usual ones: files, or PEM texts. */
  certificate_authorities?: OneOrMore<string> | undefined
  /** The own certificate: a file, or a PEM text. */
  certificate?: string | undefined
  /** Its private key: a file, or a PEM text. */
  key?: string | undefined
  /** What the private key is encrypted with. */
  key_passphrase?: string | undefined
  /** A file with that passphrase. */
  key_passphrase_path?: string | undefined
  /** Cipher suites up to TLS 1.2, such as `ECDHE-RSA-AES-256-GCM-SHA384`. */
  cipher_suites?: OneOrMore<string> | undefined
  /** Elliptic curves. */
  curve_types?: OneOrMore<'P-256' | 'P-384' | 'P-521' | 'X25519'> | undefined
  /** SHA-256 of public keys, in base64: one of the chain of the server must have one of them. */
  ca_sha256?: OneOrMore<string> | undefined
  /** SHA-256 of an authority, in hexadecimal digits: when the server sends it, it is trusted. */
  ca_trusted_fingerprint?: string | undefined
}

/** One processor by its name, or `if` with `then` and `else`. A plug-in adds its own, as to `EventTypes`. */
export interface ProcessorEntry {
  /** adds what the cloud says of this machine */
  add_cloud_metadata?: {
    /**
     * Clouds that are asked, all at once. Default:
     * `["aws","azure","gcp","digitalocean","hetzner","openstack","openstack-ssl"]`.
     */
    providers?: OneOrMore<'aws' | 'ec2' | 'azure' | 'gcp' | 'digitalocean' | 'hetzner' | 'alibaba' | 'ecs' | 'tencent' | 'qcloud' | 'huawei' | 'openstack' | 'nova' | 'openstack-ssl' | 'nova-ssl'> | undefined
    /** How long to wait for an answer. Live events do not wait, those of a capture file do. Default: `3s`. */
    timeout?: Duration | undefined
    /** Also for events that have such fields. Default: `false`. */
    overwrite?: boolean | undefined
    /** `host:port` of a metadata service instead of the usual addresses; for tests. */
    host?: string | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | null | undefined
  /** adds what Docker says of containers */
  add_docker_metadata?: {
    /** Where Docker is. Default: `unix:///var/run/docker.sock`. */
    host?: string | undefined
    /** Encryption, for `tcp` and `https`. */
    ssl?: {
      /** Switches it on and off. Default: `true`. */
      enabled?: boolean | undefined
      /** The authority that is trusted: a file, or a PEM text. */
      certificate_authority?: string | undefined
      /** The own certificate: a file, or a PEM text. */
      certificate?: string | undefined
      /** Its private key: a file, or a PEM text. */
      key?: string | undefined
    } | undefined
    /** Fields with ids of containers. */
    match_fields?: OneOrMore<string> | undefined
    /**
     * Fields with numbers of processes, whose control groups tell the container. Default:
     * `["process.pid","process.parent.pid"]`.
     */
    match_pids?: OneOrMore<string> | undefined
    /** Takes the id from the path of a log file, in log.file.path or source. Default: `true`. */
    match_source?: boolean | undefined
    /** Ids may be short, of twelve digits. Default: `false`. */
    match_short_id?: boolean | undefined
    /** Which part of that path it is, the first being 0: 4 of /var/lib/docker/containers/ID/ID.log. Default: `4`. */
    match_source_index?: number | undefined
    /** How long a container is remembered after its end. Default: `1m`. */
    cleanup_timeout?: Duration | undefined
    /** Labels of containers. */
    labels?: {
      /** Puts underscores for dots; otherwise labels are nested. Default: `true`. */
      dedot?: boolean | undefined
    } | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | null | undefined
  /** adds fields */
  add_fields?: {
    /** Below which field they are put; empty: at the top. Default: `fields`. */
    target?: string | undefined
    /** What is added. */
    fields: Readonly<Record<string, unknown>>
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** chooses the index of events */
  add_formatted_index?: {
    /** A format string, such as `packetbeat-%{[type]}-%{+yyyy.MM.dd}`. */
    index: string
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** gives events ids */
  add_id?: {
    /** Where the id is put. Default: `@metadata._id`. */
    target_field?: string | undefined
    /** How ids are made. Default: `elasticsearch`. */
    type?: 'elasticsearch' | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | null | undefined
  /** adds what is known of this machine */
  add_host_metadata?: {
    /** Addresses: host.ip and host.mac. */
    netinfo?: {
      /** Switches them on and off. Default: `true`. */
      enabled?: boolean | undefined
    } | undefined
    /** How long to remember it. */
    cache?: {
      /** How old what is added may be; it is read anew in the background, once a second at most. Default: `5m`. */
      ttl?: Duration | undefined
    } | undefined
    /** host.name; what the machine calls itself unless given. */
    name?: string | undefined
    /** Where the machine stands. */
    geo?: {
      /** What the place is called. */
      name?: string | undefined
      /** Latitude and longitude in degrees, with a comma between them. */
      location?: string | undefined
      /** Name of the continent. */
      continent_name?: string | undefined
      /** Name of the country. */
      country_name?: string | undefined
      /** ISO code of the country. */
      country_iso_code?: string | undefined
      /** Name of the region. */
      region_name?: string | undefined
      /** ISO code of the region. */
      region_iso_code?: string | undefined
      /** Name of the city. */
      city_name?: string | undefined
    } | undefined
    /** Also for events that have more of a host than its name, such as forwarded ones. Default: `true`. */
    replace_fields?: boolean | undefined
    /** Accepted for upstream: nobody waits here for fresh values. Default: `10s`. */
    expire_update_timeout?: Duration | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | null | undefined
  /** adds what Kubernetes says of pods */
  add_kubernetes_metadata?: {
    /** An older name of `node`. */
    host?: string | undefined
    /** The node whose pods are meant; the one this program runs on unless given. */
    node?: string | undefined
    /** Pods of one node, or of all. Default: `node`. */
    scope?: 'node' | 'cluster' | undefined
    /** Only pods of this namespace. */
    namespace?: string | undefined
    /** A kubeconfig file; that of KUBECONFIG, or what a pod has of its service account, unless given. */
    kube_config?: string | undefined
    /** Accepted for upstream: a handful of requests needs no limit. */
    kube_client_options?: {
      /** Requests in a second. */
      qps?: number | undefined
      /** Requests at once. */
      burst?: number | undefined
    } | undefined
    /** What is told beside the pod. */
    add_resource_metadata?: {
      /** What is known of the node. */
      node?: {
        /** Switches it on and off. Default: `true`. */
        enabled?: boolean | undefined
      } | undefined
      /** What is known of the namespace. */
      namespace?: {
        /** Switches it on and off. Default: `true`. */
        enabled?: boolean | undefined
      } | undefined
      /** kubernetes.deployment.name, by the name of the replica set. Default: `false`. */
      deployment?: boolean | undefined
      /** Accepted for upstream; kubernetes.job.name is always told. Default: `false`. */
      cronjob?: boolean | undefined
    } | undefined
    /** Asks for what kubeadm left in the cluster: its name. Default: `true`. */
    use_kubeadm?: boolean | undefined
    /** By what pods are found, beside the default: `container`, `ip_port`, `pod_name`, `pod_uid`. */
    indexers?: OneOrMore<{
      /** By ids of containers. */
      container?: Record<string, never> | null | undefined
      /** By addresses of pods, and those with ports of containers. */
      ip_port?: Record<string, never> | null | undefined
      /** By namespace/name. */
      pod_name?: Record<string, never> | null | undefined
      /** By uid. */
      pod_uid?: Record<string, never> | null | undefined
    }> | undefined
    /** What of an event finds a pod, before the default. */
    matchers?: OneOrMore<{
      /** By values of fields. */
      fields?: {
        /** Fields whose values are keys. */
        lookup_fields: OneOrMore<string>
        /** What of a value is the key: its group `key`, or its first one. */
        regex_pattern?: string | undefined
      } | undefined
      /** By what a format string prints. */
      field_format?: {
        /** Such as `%{[destination.ip]}:%{[destination.port]}`. */
        format: string
      } | undefined
      /** By the path of a log file. */
      logs_path?: {
        /** Where logs are. Default: `/var/lib/docker/containers/`. */
        logs_path?: string | undefined
        /** Whose id is in the path. Default: `container`. */
        resource_type?: 'container' | 'pod' | undefined
      } | null | undefined
    }> | undefined
    /** ip_port. */
    default_indexers?: {
      /** Switches it on and off. Default: `true`. */
      enabled?: boolean | undefined
    } | undefined
    /** destination.ip with destination.port, source.ip with source.port, destination.ip, source.ip. */
    default_matchers?: {
      /** Switches it on and off. Default: `true`. */
      enabled?: boolean | undefined
    } | undefined
    /** Labels that are told; all unless given. */
    include_labels?: OneOrMore<string> | undefined
    /** Labels that are not. */
    exclude_labels?: OneOrMore<string> | undefined
    /** Annotations that are told; none unless given. */
    include_annotations?: OneOrMore<string> | undefined
    /** How long a pod is known after its end. Default: `1m`. */
    cleanup_timeout?: Duration | undefined
    /** Accepted for upstream: a watch that ends is begun anew. Default: `10m`. */
    sync_period?: Duration | undefined
    /** Names of labels. */
    labels?: {
      /** Puts underscores for dots; otherwise they are nested. Default: `true`. */
      dedot?: boolean | undefined
    } | undefined
    /** Names of annotations. */
    annotations?: {
      /** Puts underscores for dots; otherwise they are nested. Default: `true`. */
      dedot?: boolean | undefined
    } | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | null | undefined
  /** adds labels */
  add_labels?: {
    /** Names and values. */
    labels: Readonly<Record<string, unknown>>
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** adds the time zone of the machine */
  add_locale?: {
    /** `offset` such as +02:00, `abbreviation` such as CEST. Default: `offset`. */
    format?: 'offset' | 'abbreviation' | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | null | undefined
  /** tells the direction of the traffic */
  add_network_direction?: {
    /** The field with the address that sends. */
    source: string
    /** The field with the address that receives. */
    destination: string
    /** Where the direction is put, usually network.direction. */
    target: string
    /** What counts as inside. */
    internal_networks: OneOrMore<string>
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** adds what is known of this machine as an observer */
  add_observer_metadata?: {
    /** Addresses: observer.ip and observer.mac. */
    netinfo?: {
      /** Switches them on and off. Default: `true`. */
      enabled?: boolean | undefined
    } | undefined
    /** How long to remember it. */
    cache?: {
      /** How old what is added may be; it is read anew in the background, once a second at most. Default: `5m`. */
      ttl?: Duration | undefined
    } | undefined
    /** Where the machine stands. */
    geo?: {
      /** What the place is called. */
      name?: string | undefined
      /** Latitude and longitude in degrees, with a comma between them. */
      location?: string | undefined
      /** Name of the continent. */
      continent_name?: string | undefined
      /** Name of the country. */
      country_name?: string | undefined
      /** ISO code of the country. */
      country_iso_code?: string | undefined
      /** Name of the region. */
      region_name?: string | undefined
      /** ISO code of the region. */
      region_iso_code?: string | undefined
      /** Name of the city. */
      city_name?: string | undefined
    } | undefined
    /** Also for events that have an observer. Default: `false`. */
    overwrite?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | null | undefined
  /** adds what the machine knows of a process */
  add_process_metadata?: {
    /** Fields with numbers of processes; the first that is running counts. */
    match_pids: OneOrMore<string>
    /** Below which field it is put; empty: at the top. */
    target?: string | undefined
    /** What is added, such as `process.name`; all that is not restricted unless given. */
    include_fields?: OneOrMore<string> | undefined
    /** An event without a number of a process is no error. Default: `true`. */
    ignore_missing?: boolean | undefined
    /** Replaces fields that are there already. Default: `false`. */
    overwrite_keys?: boolean | undefined
    /** Also what may have secrets in it: `process.env`, the environment. Default: `false`. */
    restricted_fields?: boolean | undefined
    /** Where the file system of the host is mounted. Default: `/`. */
    host_path?: string | undefined
    /** Control groups below these are of containers, by the id that is their last part. */
    cgroup_prefixes?: OneOrMore<string> | undefined
    /** What an id of a container looks like in the path of a control group: the first group of it. */
    cgroup_regex?: string | undefined
    /** How long processes are remembered, 30 seconds at most; 0: not at all. Default: `30s`. */
    cgroup_cache_expire_time?: Duration | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** adds tags */
  add_tags?: {
    /** What is appended. */
    tags: OneOrMore<string>
    /** The field with the list. Default: `tags`. */
    target?: string | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** appends to a list */
  append?: {
    /** The list; made when it is missing, and of a single value. */
    target_field: string
    /** Fields whose values are appended, of lists each element. */
    fields?: OneOrMore<string> | undefined
    /** Values that are appended after those. */
    values?: OneOrMore<unknown> | undefined
    /** Empty texts and nulls are left out. Default: `false`. */
    ignore_empty_values?: boolean | undefined
    /** What the list has already is appended again. Default: `true`. */
    allow_duplicate?: boolean | undefined
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** appends to a list */
  append_processor?: {
    /** The list; made when it is missing, and of a single value. */
    target_field: string
    /** Fields whose values are appended, of lists each element. */
    fields?: OneOrMore<string> | undefined
    /** Values that are appended after those. */
    values?: OneOrMore<unknown> | undefined
    /** Empty texts and nulls are left out. Default: `false`. */
    ignore_empty_values?: boolean | undefined
    /** What the list has already is appended again. Default: `true`. */
    allow_duplicate?: boolean | undefined
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** keeps values of events for later ones */
  cache?: {
    /** Where values are kept. */
    backend: {
      memory?: {
        /** Processors with the same id share a cache. */
        id: string
      } | undefined
      file?: {
        /** The file below path.data/cache_processor; processors with the same id share it. */
        id: string
        /** How often the file is written; 0: only at the end of a run. Default: `0s`. */
        write_interval?: Duration | undefined
      } | undefined
      /** Values that are kept at most; 0: 100000. Default: `0`. */
      capacity?: number | undefined
    }
    /** Keeps a value. */
    put?: {
      /** The field with what the value is found by. */
      key_field: string
      /** The field with the value. */
      value_field: string
      /** How long it is kept. */
      ttl: Duration
    } | undefined
    /** Adds a kept value. */
    get?: {
      /** The field with what the value is found by. */
      key_field: string
      /** Where the value is put. */
      target_field: string
    } | undefined
    /** Forgets a value. */
    delete?: {
      /** The field with what the value is found by. */
      key_field: string
    } | undefined
    /** An event without the fields is no error. Default: `true`. */
    ignore_missing?: boolean | undefined
    /** A field that is there already is replaced. Default: `false`. */
    overwrite_keys?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** computes the Community ID of a connection */
  community_id?: {
    /** The fields with what is hashed. */
    fields?: {
      /** Default: `source.ip`. */
      source_ip?: string | undefined
      /** Default: `source.port`. */
      source_port?: string | undefined
      /** Default: `destination.ip`. */
      destination_ip?: string | undefined
      /** Default: `destination.port`. */
      destination_port?: string | undefined
      /** Asked before `transport`. Default: `network.iana_number`. */
      iana_number?: string | undefined
      /** Default: `network.transport`. */
      transport?: string | undefined
      /** Default: `icmp.type`. */
      icmp_type?: string | undefined
      /** Default: `icmp.code`. */
      icmp_code?: string | undefined
    } | undefined
    /** Where the hash is put, unless there is one already. Default: `network.community_id`. */
    target?: string | undefined
    /** Makes the hashes of networks differ that use the same addresses. Default: `0`. */
    seed?: number | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | null | undefined
  /** changes the type of fields */
  convert?: {
    fields: OneOrMore<{
      from: string
      /** Empty: the same field. */
      to?: string | undefined
      /** Left out: the value stays as it is. */
      type?: 'integer' | 'long' | 'float' | 'double' | 'string' | 'boolean' | 'ip' | undefined
    }>
    /** What becomes of `from` when there is a `to`. Default: `copy`. */
    mode?: 'copy' | 'rename' | undefined
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** copies fields */
  copy_fields?: {
    /** What is taken (`from`) and where it is put (`to`). */
    fields: OneOrMore<{
      from: string
      to: string
    }>
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** decodes base64 */
  decode_base64_field?: {
    field: {
      /** The field that is read. */
      from: string
      /** Where the result is put; empty: the same field. */
      to?: string | undefined
    }
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** decodes comma-separated values */
  decode_csv_fields?: {
    /** What is read, and where its values go. */
    fields: Readonly<Record<string, unknown>>
    /** The character between two values. Default: `,`. */
    separator?: string | undefined
    /** Spaces in front of a value are left out. Default: `false`. */
    trim_leading_space?: boolean | undefined
    /** A field that is there already is replaced. Default: `false`. */
    overwrite_keys?: boolean | undefined
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** turns durations into numbers */
  decode_duration?: {
    /** The field with the duration. */
    field: string
    /** The unit of the number. Default: `milliseconds`. */
    format?: 'milliseconds' | 'seconds' | 'minutes' | 'hours' | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** decodes JSON */
  decode_json_fields?: {
    /** The fields with JSON. */
    fields: OneOrMore<string>
    /** Texts in lists are decoded as well, down to `max_depth`. Default: `false`. */
    process_array?: boolean | undefined
    /** 2 also decodes the texts of a decoded object, and so on. Default: `1`. */
    max_depth?: number | undefined
    /** Where the result is put; empty: merged into the event; left out: it replaces the text. */
    target?: string | null | undefined
    /** A field that is there already is replaced. Default: `false`. */
    overwrite_keys?: boolean | undefined
    /** Dots in names of the decoded objects become levels. Default: `false`. */
    expand_keys?: boolean | undefined
    /** What is wrong is added to the event, below `error`. Default: `false`. */
    add_error_key?: boolean | undefined
    /** The field of a decoded object that becomes the event's id. */
    document_id?: string | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** decompresses gzip */
  decompress_gzip_field?: {
    field: {
      /** The field that is read. */
      from: string
      /** Where the result is put; empty: the same field. */
      to?: string | undefined
    }
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** tells what kind of data a field holds */
  detect_mime_type?: {
    /** The field with the data, such as http.request.body.content. */
    field: string
    /** Where the MIME type is put, such as http.request.mime_type. */
    target: string
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** takes texts apart */
  dissect?: {
    /** What the text looks like, such as `%{client.ip} - %{pid|integer}`. */
    tokenizer: string
    /** The field with the text. Default: `message`. */
    field?: string | undefined
    /** Below which field the values are put; empty: at the top. Default: `dissect`. */
    target_prefix?: string | undefined
    /** What fails is no error. Default: `false`. */
    ignore_failure?: boolean | undefined
    /** A field that is there already is replaced. Default: `false`. */
    overwrite_keys?: boolean | undefined
    /** Where values are trimmed. Default: `none`. */
    trim_values?: 'none' | 'left' | 'right' | 'all' | undefined
    /** The characters that are trimmed. Default: ` `. */
    trim_chars?: string | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** asks name servers */
  dns?: {
    /** What is asked for; PTR, also called `reverse`: the name of an address. */
    type: 'A' | 'AAAA' | 'TXT' | 'PTR' | 'reverse'
    /** Whether the answer is added to what its field has, or takes its place. Default: `append`. */
    action?: 'append' | 'replace' | undefined
    /** Fields with what is asked for, and the fields that answers are put into. */
    fields: Readonly<Record<string, unknown>>
    /** Memory for answers, for as long as the name server says. */
    success_cache?: {
      /** Size of the cache. */
      capacity?: {
        /** Accepted for upstream: memory is taken as it is needed. Default: `1000`. */
        initial?: number | undefined
        /** Answers that are remembered; the oldest give way. Default: `10000`. */
        max?: number | undefined
      } | undefined
      /** Answers are remembered at least that long. Default: `1m`. */
      min_ttl?: Duration | undefined
    } | undefined
    /** Memory for questions without an answer. */
    failure_cache?: {
      /** Size of the cache. */
      capacity?: {
        /** Accepted for upstream: memory is taken as it is needed. Default: `1000`. */
        initial?: number | undefined
        /** Answers that are remembered; the oldest give way. Default: `10000`. */
        max?: number | undefined
      } | undefined
      /** How long. Default: `1m`. */
      ttl?: Duration | undefined
    } | undefined
    /** Addresses of name servers; those of /etc/resolv.conf unless given. */
    nameservers?: OneOrMore<string> | undefined
    /** How long to wait for each name server. Other events go on meanwhile. Default: `500ms`. */
    timeout?: Duration | undefined
    /** Tags of events that have no answer. */
    tag_on_failure?: OneOrMore<string> | undefined
    /** How name servers are asked; `udp` turns to TCP for long answers. Default: `udp`. */
    transport?: 'udp' | 'tls' | undefined
    /** Encryption. */
    ssl?: SslOptions | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** drops events */
  drop_event?: {
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | null | undefined
  /** takes fields away */
  drop_fields?: {
    /** Names, and regular expressions between slashes. */
    fields: OneOrMore<string>
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** puts elements of a list into fields */
  extract_array?: {
    /** The field with the list. */
    field: string
    /** Fields, and the number of the element that each gets, from 0 on. */
    mappings: Readonly<Record<string, unknown>>
    /** A field that is there already is replaced. Default: `false`. */
    overwrite_keys?: boolean | undefined
    /** Empty elements are left out. Default: `false`. */
    omit_empty?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** hashes fields */
  fingerprint?: {
    /** What is hashed; their order does not count. */
    fields: OneOrMore<string>
    /** Where the hash is put. Default: `fingerprint`. */
    target_field?: string | undefined
    /** The hash function; xxhash is XXH64. Default: `sha256`. */
    method?: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'xxhash' | undefined
    /** How its bytes are written. Default: `hex`. */
    encoding?: 'hex' | 'base32' | 'base64' | undefined
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** keeps only some fields */
  include_fields?: {
    /** Names, and regular expressions between slashes. */
    fields: OneOrMore<string>
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** writes in lower case */
  lowercase?: {
    /** Fields whose names are changed, found whatever their case. */
    fields?: OneOrMore<string> | undefined
    /** Fields whose texts, or lists of texts, are changed. */
    values?: OneOrMore<string> | undefined
    /** Of `a.b.c` all parts of the name are changed; otherwise c alone. Default: `true`. */
    alter_full_field?: boolean | undefined
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | null | undefined
  /** moves fields below another one */
  move_fields?: {
    /** The object whose fields are moved; empty: the event. */
    from?: string | undefined
    /** Those of its fields; empty: all. */
    fields?: OneOrMore<string> | undefined
    /** Those that stay. */
    exclude?: OneOrMore<string> | undefined
    /** What is put in front of their names, such as `http.`. */
    to: string
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** drops events beyond a rate */
  rate_limit?: {
    /** Events per second, minute or hour: 10/s, 500/m, 1000/h. */
    limit: unknown
    /** Events that differ in these fields have limits of their own. */
    fields?: OneOrMore<string> | undefined
    /** How events are limited. */
    algorithm?: {
      token_bucket?: {
        /** How many times the limit may pass at once after a time of silence. Default: `1`. */
        burst_multiplier?: number | undefined
      } | undefined
    } | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** tells the registered domain of a name */
  registered_domain?: {
    /** The field with a name such as www.example.co.uk. */
    field: string
    /** Where example.co.uk is put. */
    target_field: string
    /** Where co.uk is put, the public suffix. */
    target_etld_field?: string | undefined
    /** Where www is put. */
    target_subdomain_field?: string | undefined
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** What fails is no error. Default: `false`. */
    ignore_failure?: boolean | undefined
    /** A name for people. */
    id?: string | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** gives fields other names */
  rename?: {
    /** What is taken (`from`) and where it is put (`to`). */
    fields: OneOrMore<{
      from: string
      to: string
    }>
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** replaces parts of texts */
  replace?: {
    fields: OneOrMore<{
      field: string
      pattern: string
      /** `$1` and `$<name>` stand for groups of the pattern. */
      replacement: string
    }>
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** has a script change events */
  script?: {
    /** The language of the script. */
    lang: 'javascript' | 'js'
    /** The script itself. */
    source?: string | undefined
    /** A file with it, or a pattern for several; below path.config. */
    file?: string | undefined
    /** Files that make it up together. */
    files?: OneOrMore<string> | undefined
    /** What the script's function `register(params)` is given. */
    params?: Readonly<Record<string, unknown>> | undefined
    /** The tag of events that the script failed on; empty: none. Default: `_js_exception`. */
    tag_on_exception?: string | undefined
    /** How long `process(event)` may take for an event; 0: as long as it is by default. Default: `100ms`. */
    timeout?: Duration | undefined
    /** Accepted and without effect: a script has one engine. Default: `4`. */
    max_cached_sessions?: number | undefined
    /** A name for people. */
    id?: string | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** reads times */
  timestamp?: {
    /** The field with the time. */
    field: string
    /** Where it is put. Default: `@timestamp`. */
    target_field?: string | undefined
    /** How it may be written: Go layouts such as `2006-01-02 15:04:05`, UNIX or UNIX_MS. */
    layouts: OneOrMore<string>
    /** The time zone of times that do not say theirs. Default: `UTC`. */
    timezone?: string | undefined
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** What fails is no error. Default: `false`. */
    ignore_failure?: boolean | undefined
    /** Times that must be read, or the start fails. */
    test?: OneOrMore<unknown> | undefined
    /** A name for people. */
    id?: string | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** cuts long texts */
  truncate_fields?: {
    fields: OneOrMore<string>
    /** Bytes of UTF-8 that are left, at most. */
    max_bytes?: number | undefined
    /** Characters that are left, at most. */
    max_characters?: number | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** writes in upper case */
  uppercase?: {
    /** Fields whose names are changed, found whatever their case. */
    fields?: OneOrMore<string> | undefined
    /** Fields whose texts, or lists of texts, are changed. */
    values?: OneOrMore<string> | undefined
    /** Of `a.b.c` all parts of the name are changed; otherwise c alone. Default: `true`. */
    alter_full_field?: boolean | undefined
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | null | undefined
  /** decodes the escapes of URLs */
  urldecode?: {
    fields: OneOrMore<{
      /** The field that is read. */
      from: string
      /** Where the result is put; empty: the same field. */
      to?: string | undefined
    }>
    /** An event without the field is no error. Default: `false`. */
    ignore_missing?: boolean | undefined
    /** After an error the event is as it was before, and `error.message` says so. Default: `true`. */
    fail_on_error?: boolean | undefined
    /** Only for these events. */
    when?: Condition | undefined
    /** A name for the log. */
    tag?: string | undefined
  } | undefined
  /** Which events `then` is for. */
  if?: Condition | undefined
  /** For events that `if` means. */
  then?: OneOrMore<ProcessorEntry> | undefined
  /** For all others. */
  else?: OneOrMore<ProcessorEntry> | undefined
}

/** AMQP 0-9-1: calls with their answers, messages, publisher confirms, RabbitMQ’s extensions. */
export interface AmqpOptions extends ProtocolOptions {
  /** Bytes of a message body that are shown, with send_request and send_response. Default: `1000`. */
  max_body_length?: number | undefined
  /** Decode the properties of messages. Default: `true`. */
  parse_headers?: boolean | undefined
  /** Decode the argument tables of methods. Default: `true`. */
  parse_arguments?: boolean | undefined
  /**
   * Leave out how connections and channels are opened, closed and negotiated, logins included, unless it fails. Default:
   * `true`.
   */
  hide_connection_information?: boolean | undefined
  /** Which protocol. */
  type: 'amqp'
  /** Server ports whose traffic is decoded as this protocol. Default: `[5672]`. */
  ports?: OneOrMore<number> | undefined
}

/** Cassandra: CQL native protocol 1 to 5, prepared statements and batches, LZ4 and Snappy. */
export interface CassandraOptions extends ProtocolOptions {
  /** Put the request into the event: cassandra.request and params. Default: `true`. */
  send_request?: boolean | undefined
  /** Put the response into the event: cassandra.response. Default: `true`. */
  send_response?: boolean | undefined
  /** With send_request: put the header of the request frame into the event. Default: `true`. */
  send_request_header?: boolean | undefined
  /** With send_response: put the header of the response frame into the event. Default: `true`. */
  send_response_header?: boolean | undefined
  /** Not needed: how a frame is compressed, Snappy or LZ4, is told by its bytes. */
  compressor?: 'snappy' | '' | undefined
  /** Operations, of a request or of its response, whose events are left out. */
  ignored_ops?: OneOrMore<'ERROR' | 'STARTUP' | 'READY' | 'AUTHENTICATE' | 'OPTIONS' | 'SUPPORTED' | 'QUERY' | 'RESULT' | 'PREPARE' | 'EXECUTE' | 'REGISTER' | 'EVENT' | 'BATCH' | 'AUTH_CHALLENGE' | 'AUTH_RESPONSE' | 'AUTH_SUCCESS'> | undefined
  /** Which protocol. */
  type: 'cassandra'
  /** Server ports whose traffic is decoded as this protocol. Default: `[9042]`. */
  ports?: OneOrMore<number> | undefined
}

/** DHCP for IPv4 and BOOTP, with relay agents and lease queries. */
export interface Dhcpv4Options extends ProtocolOptions {
  /** Which protocol. */
  type: 'dhcpv4'
  /** Server ports whose traffic is decoded as this protocol. Default: `[67,68]`. */
  ports?: OneOrMore<number> | undefined
}

/** DNS over UDP and TCP, with EDNS, DNSSEC, updates and zone transfers. */
export interface DnsOptions extends ProtocolOptions {
  /** Report the records of the authority section as dns.authorities. Default: `false`. */
  include_authorities?: boolean | undefined
  /** Report the records of the additional section as dns.additionals. Default: `false`. */
  include_additionals?: boolean | undefined
  /** Which protocol. */
  type: 'dns'
  /** Server ports whose traffic is decoded as this protocol. Default: `[53]`. */
  ports?: OneOrMore<number> | undefined
}

/** HTTP/1.0 and HTTP/1.1: pipelining, chunked and coded bodies, upgrades and tunnels. */
export interface HttpOptions extends ProtocolOptions {
  /** Headers that the events show, beside Content-Length and Content-Type. */
  send_headers?: OneOrMore<string> | undefined
  /** Show all headers. Default: `false`. */
  send_all_headers?: boolean | undefined
  /** Headers whose value is replaced by REDACTED, in `request` and `response` too. */
  redact_headers?: OneOrMore<string> | undefined
  /** Replace the values of Authorization and Proxy-Authorization by asterisks. Default: `false`. */
  redact_authorization?: boolean | undefined
  /** Parameters of queries and forms whose value is replaced by xxxxx, in bodies, `request` and the referrer too. */
  hide_keywords?: OneOrMore<string> | undefined
  /** Content types, or parts of them, whose body the events show. */
  include_body_for?: OneOrMore<string> | undefined
  /** The same, for requests alone. */
  include_request_body_for?: OneOrMore<string> | undefined
  /** The same, for responses alone. */
  include_response_body_for?: OneOrMore<string> | undefined
  /** Undo gzip, deflate, br and zstd in the bodies that are shown. Default: `true`. */
  decode_body?: boolean | undefined
  /** Show cookies as an object of names and values. Default: `false`. */
  split_cookie?: boolean | undefined
  /** Header with the address of the client behind a proxy, such as X-Forwarded-For. */
  real_ip_header?: string | undefined
  /** Bytes of a message that are kept; what comes after them is counted only. Default: `10MiB`. */
  max_message_size?: Size | undefined
  /** Which protocol. */
  type: 'http'
  /** Server ports whose traffic is decoded as this protocol. Default: `[80,8080,8000,5000,8002]`. */
  ports?: OneOrMore<number> | undefined
}

/** ICMP and ICMPv6: pings, errors and what routers and neighbours tell. */
export interface IcmpOptions extends ProtocolOptions {
  /** Which protocol. */
  type: 'icmp'
}

/** Memcached: text, meta and binary commands, over TCP and UDP. */
export interface MemcacheOptions extends ProtocolOptions {
  /** Take any printable line for a command, not only those that look like one of memcached. Default: `false`. */
  parseunknown?: boolean | undefined
  /** Values that an event shows, in base64; -1: all. Default: `0`. */
  maxvalues?: number | undefined
  /** Bytes of each value that an event shows; at most, and without it, 1 MiB. */
  maxbytespervalue?: number | undefined
  /** How long a request over UDP waits for its answer. Default: `10s`. */
  udptransactiontimeout?: Duration | undefined
  /** Which protocol. */
  type: 'memcache'
  /** Server ports whose traffic is decoded as this protocol. Default: `[11211]`. */
  ports?: OneOrMore<number> | undefined
}

/** MongoDB: OP_MSG, compressed messages and the operations before them. */
export interface MongodbOptions extends ProtocolOptions {
  /** Documents of a list that are written; 0: all. Default: `10`. */
  max_docs?: number | undefined
  /** Characters of a document that are written; 0: all. Default: `5000`. */
  max_doc_length?: number | undefined
  /** Which protocol. */
  type: 'mongodb'
  /** Server ports whose traffic is decoded as this protocol. Default: `[27017]`. */
  ports?: OneOrMore<number> | undefined
}

/** MySQL and MariaDB: logins, queries, prepared statements with their parameters, compression. */
export interface MysqlOptions extends ProtocolOptions {
  /** Rows of a result that `response` shows. Default: `10`. */
  max_rows?: number | undefined
  /** Characters of a row that `response` shows. Default: `1024`. */
  max_row_length?: number | undefined
  /** How long a prepared statement is remembered without being used. Default: `1h`. */
  statement_timeout?: Duration | undefined
  /** Which protocol. */
  type: 'mysql'
  /** Server ports whose traffic is decoded as this protocol. Default: `[3306,3307]`. */
  ports?: OneOrMore<number> | undefined
}

/** NFS 2, 3, 4.0, 4.1 and 4.2 over ONC RPC, with callbacks, mount and lock manager. */
export interface NfsOptions extends ProtocolOptions {
  /** How long a call waits for its reply. Default: `1m`. */
  transaction_timeout?: Duration | undefined
  /** Which protocol. */
  type: 'nfs'
  /** Server ports whose traffic is decoded as this protocol. Default: `[2049]`. */
  ports?: OneOrMore<number> | undefined
}

/** PostgreSQL 3.x: logins, simple and extended queries, prepared statements, pipelines, COPY. */
export interface PgsqlOptions extends ProtocolOptions {
  /** Rows of a result that are put into `response`, with send_response. Default: `10`. */
  max_rows?: number | undefined
  /** Bytes of a row that are put into `response`, with send_response. Default: `1024`. */
  max_row_length?: number | undefined
  /** Which protocol. */
  type: 'pgsql'
  /** Server ports whose traffic is decoded as this protocol. Default: `[5432]`. */
  ports?: OneOrMore<number> | undefined
}

/** Redis: RESP2, RESP3 and inline commands, pipelines, publish and subscribe. */
export interface RedisOptions extends ProtocolOptions {
  /** Bytes of commands that may wait for their answers on one connection; 0: no limit. Default: `1048576`. */
  queue_max_bytes?: number | undefined
  /** Commands that may wait for their answers on one connection; 0: no limit. Default: `20000`. */
  queue_max_messages?: number | undefined
  /** Which protocol. */
  type: 'redis'
  /** Server ports whose traffic is decoded as this protocol. Default: `[6379]`. */
  ports?: OneOrMore<number> | undefined
}

/** SIP over UDP and TCP, with session descriptions: an event for each message. */
export interface SipOptions extends ProtocolOptions {
  /** Report who logs in and where, as sip.auth and user.name; never the hash of the password. Default: `true`. */
  parse_authorization?: boolean | undefined
  /** Decode session descriptions (SDP). Default: `true`. */
  parse_body?: boolean | undefined
  /** Put the whole message into event.original. Default: `true`. */
  keep_original?: boolean | undefined
  /** Accepted for the sake of old configurations: what a message is carried by is seen. Default: `udp`. */
  transport_protocol?: 'udp' | 'tcp' | undefined
  /** Which protocol. */
  type: 'sip'
  /** Server ports whose traffic is decoded as this protocol. Default: `[5060]`. */
  ports?: OneOrMore<number> | undefined
}

/** Apache Thrift: binary and compact protocols, framed or not, THeader, SASL. */
export interface ThriftOptions extends ProtocolOptions {
  /** Taken for compatibility: how each message is carried is told from its first bytes. Default: `socket`. */
  transport_type?: 'socket' | 'framed' | undefined
  /** Taken for compatibility: how each message is written is told from its first bytes. Default: `binary`. */
  protocol_type?: 'binary' | undefined
  /** Interface files, for names instead of numbers. */
  idl_files?: OneOrMore<string> | undefined
  /** Bytes of a text that are shown. Default: `200`. */
  string_max_size?: number | undefined
  /** Elements of a collection, and fields of a structure, that are shown. Default: `15`. */
  collection_max_size?: number | undefined
  /** Fields of a structure that are shown at most. Default: `500`. */
  drop_after_n_struct_fields?: number | undefined
  /** Show what is returned. Default: `true`. */
  capture_reply?: boolean | undefined
  /** Show all texts as "*". Default: `false`. */
  obfuscate_strings?: boolean | undefined
  /** Which protocol. */
  type: 'thrift'
  /** Server ports whose traffic is decoded as this protocol. Default: `[9090]`. */
  ports?: OneOrMore<number> | undefined
}

/** TLS: handshakes of SSL 3.0 to TLS 1.3, certificates, fingerprints JA3 and JA4. */
export interface TlsOptions extends ProtocolOptions {
  /** Put details of certificates into the event. Default: `true`. */
  send_certificates?: boolean | undefined
  /** Put the certificates as PEM into the event. Default: `false`. */
  include_raw_certificates?: boolean | undefined
  /** Put `tls.detailed` and x509 fields into the event. Default: `true`. */
  include_detailed_fields?: boolean | undefined
  /** Hashes of certificates. Default: `["sha1"]`. */
  fingerprints?: OneOrMore<'md5' | 'sha1' | 'sha256' | 'sha-1' | 'sha-256'> | undefined
  /** Which protocol. */
  type: 'tls'
  /** Server ports whose traffic is decoded as this protocol. Default: `[443,993,995,5223,8443,8883,9243]`. */
  ports?: OneOrMore<number> | undefined
}

/** Which flows are reported, and how often. */
export interface FlowOptions {
  /** Switches flows on and off. Default: `true`. */
  enabled?: boolean | undefined
  /** A flow without packets for that long is over. Default: `30s`. */
  timeout?: Duration | undefined
  /** How often flows that go on are reported; -1s: only at their end. Default: `10s`. */
  period?: Duration | undefined
  /** Counters of a report begin at the report before, not at the beginning of the flow. Default: `false`. */
  enable_delta_flow_reports?: boolean | undefined
  /** Words added to the `tags` of flow events. */
  tags?: OneOrMore<string> | undefined
  /** Fields of your own, added below `fields` to flow events. Keys with dots are nested. */
  fields?: Readonly<Record<string, unknown>> | undefined
  /** Put these fields at the top of the event; they win over fields of the same name. Default: `false`. */
  fields_under_root?: boolean | undefined
  /** What to do with flow events before the processors for all events. */
  processors?: OneOrMore<ProcessorEntry> | undefined
  /** Publish fields whose value is null. Default: `false`. */
  keep_null?: boolean | undefined
  /** Another target index for flow events. */
  index?: string | undefined
}

/** What is below `queue`, wherever it stands. */
export interface QueueOptions {
  /** A queue in memory. */
  mem?: {
    /** Events the queue holds; when it is full, capturing waits. Default: `3200`. */
    events?: number | undefined
    /** When events leave the queue. */
    flush?: {
      /** Events handed to the output at once, at most: 1600, or `events` when that is less. */
      min_events?: number | undefined
      /** How long events wait for `min_events` of them; 0: not at all. Default: `10s`. */
      timeout?: Duration | undefined
    } | undefined
  } | undefined
  /** A queue on disk, instead of the one in memory: what is in it outlives the program. */
  disk?: {
    /** Bytes it may take; 0: as many as the disk has. */
    max_size: Size
    /** Its directory; `diskqueue` in `path.data` unless given. */
    path?: string | undefined
    /** Bytes of one file: a tenth of `max_size` unless given, and half of it at most. */
    segment_size?: Size | undefined
    /** Events read into memory in advance; two batches of the output at least. Default: `512`. */
    read_ahead?: number | undefined
    /** Events in memory that wait to be written. Default: `2048`. */
    write_ahead?: number | undefined
    /** First wait after a failed write. Default: `1s`. */
    retry_interval?: Duration | undefined
    /** Longest wait after a failed write. Default: `30s`. */
    max_retry_interval?: Duration | undefined
  } | undefined
}
