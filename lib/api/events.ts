// Generated from the field lists by `npm run docs`; do not edit.

/**
 * Every type of event, by its `type`. A plug-in adds its own: `declare module 'packetbeat-native' { interface EventTypes {
 * name: NameEvent } }`.
 */
export interface EventTypes {
  amqp: AmqpEvent
  cassandra: CassandraEvent
  dhcpv4: Dhcpv4Event
  dns: DnsEvent
  http: HttpEvent
  icmp: IcmpEvent
  memcache: MemcacheEvent
  mongodb: MongodbEvent
  mysql: MysqlEvent
  nfs: NfsEvent
  pgsql: PgsqlEvent
  redis: RedisEvent
  sip: SipEvent
  thrift: ThriftEvent
  tls: TlsEvent
  flow: FlowEvent
}

/** An event of any type, told apart by `type`. */
export type Event = EventTypes[keyof EventTypes]

/** A process of this machine. */
export interface EventProcess {
  /** Its number. */
  pid: number
  /** Its name; that of its executable where the kernel cut it; or what `procs.monitored` says. */
  name?: string
  /** Its command line, the program first. */
  args?: string[]
  /** Path of the file that it runs. */
  executable?: string
  parent?: {
    /** Number of the process that made it. */
    pid?: number
  }
  /** When it began. */
  start: string
  /** Its current directory when it was first seen. */
  working_directory?: string
}

/** A resource record of DNS. */
export interface DnsRecord {
  /** Its owner. */
  name: string
  /** Its type, such as A. */
  type: string
  /** Its class, mostly IN. */
  class: string
  /** Seconds that it may be kept. */
  ttl: string
  /** What it says: an address, a name, a text. */
  data: string
  /** Of MX: the lower one is asked first. */
  preference?: number
  /** Of SOA: the mailbox of who is responsible. */
  rname?: string
  /** Of SOA: the version of the zone. */
  serial?: number
  /** Of SOA: seconds between two looks of a secondary server. */
  refresh?: number
  /** Of SOA: seconds before another look, when one failed. */
  retry?: number
  /** Of SOA: seconds after which a secondary server gives up. */
  expire?: number
  /** Of SOA: seconds that an answer that there is no such name may be kept. */
  minimum?: number
  /** Of SRV: the lower one is asked first. */
  priority?: number
  /** Of SRV: its share among those of one priority. */
  weight?: number
  /** Of SRV: the port of the service. */
  port?: number
  /** Of DS and RRSIG: which key is meant. */
  key_tag?: string
  /** Of DNSSEC: the algorithm of the key or the signature. */
  algorithm?: string
  /** Of DS: the algorithm of the digest. */
  digest_type?: string
  /** Of DNSKEY and NSEC3: flags, as a number. */
  flags?: string
  /** Of DNSKEY: 3. */
  protocol?: string
  /** Of RRSIG: the type of the records that are signed. */
  type_covered?: string
  /** Of RRSIG: labels of the owner, without those a wildcard stands for. */
  labels?: string
  /** Of RRSIG: the ttl of the records in their zone. */
  original_ttl?: string
  /** Of RRSIG: until when it is valid, YYYYMMDDHHmmSS. */
  expiration?: string
  /** Of RRSIG: since when it is valid, YYYYMMDDHHmmSS. */
  inception?: string
  /** Of RRSIG: the zone of the key. */
  signer_name?: string
  /** Of NSEC and NSEC3: the types that the owner has. */
  type_bits?: string
  /** Of NSEC3: the hash algorithm. */
  hash?: string
  /** Of NSEC3: how often it is hashed. */
  iterations?: string
  /** Of NSEC3: what is hashed with the name, hexadecimal. */
  salt?: string
}

/** An X.509 certificate. */
export interface Certificate {
  subject?: {
    /** Who it is for: all of it. */
    distinguished_name?: string
    /** Who it is for: common name. */
    common_name?: string
    /** Who it is for: country. */
    country?: string
    /** Who it is for: place. */
    locality?: string
    /** Who it is for: organization. */
    organization?: string
    /** Who it is for: department. */
    organizational_unit?: string
    /** Who it is for: postal code. */
    postal_code?: string
    /** Who it is for: serial number among its like. */
    serial_number?: string
    /** Who it is for: state or province. */
    state_or_province?: string
    /** Who it is for: street. */
    street_address?: string
  }
  issuer?: {
    /** Who issued it: all of it. */
    distinguished_name?: string
    /** Who issued it: common name. */
    common_name?: string
    /** Who issued it: country. */
    country?: string
    /** Who issued it: place. */
    locality?: string
    /** Who issued it: organization. */
    organization?: string
    /** Who issued it: department. */
    organizational_unit?: string
    /** Who issued it: postal code. */
    postal_code?: string
    /** Who issued it: serial number among its like. */
    serial_number?: string
    /** Who issued it: state or province. */
    state_or_province?: string
    /** Who issued it: street. */
    street_address?: string
  }
  /** Names and addresses that it is valid for. */
  alternative_names?: string[]
  /** Since when it is valid. */
  not_before?: string
  /** Until when it is valid. */
  not_after?: string
  /** Its number, in decimal. */
  serial_number: string
  /** How it is signed. */
  signature_algorithm: string
  /** The kind of its key. */
  public_key_algorithm: string
  /** Bits of its key. */
  public_key_size?: number
  /** Its version: 1 to 3. */
  version_number: number
}

/** What all events have. */
export interface CommonFields {
  '@metadata': {
    beat: 'packetbeat'
    type: '_doc'
    version: string
  }
  ecs: {
    /** The version of the Elastic Common Schema. */
    version: '8.0.0'
  }
  agent: {
    /** The name of the configuration, else of the machine. */
    name: string
    /** packetbeat. */
    type: 'packetbeat'
    /** The version of this program. */
    version: string
    /** Tells this machine from others. */
    id: string
    /** Tells this run from others. */
    ephemeral_id: string
  }
  host: {
    /** The name of the configuration, else of the machine. */
    name: string
  }
  event: {
    /** event. */
    kind: 'event'
    /** network. */
    category: string[]
  }
  /** `tags` of the configuration. */
  tags?: string[]
  /** `fields` of the configuration. */
  fields?: Record<string, unknown>
}

/** What all transactions have. */
export interface TransactionEvent extends CommonFields {
  event: CommonFields['event'] & {
    /** When the packet with the first byte of the request was captured. */
    start?: string
    /** When the packet with the first byte of the response was captured. */
    end?: string
    /** Nanoseconds from the first byte of the request to the first byte of the response. */
    duration?: number
  }
  source: {
    /** Address of the side that asks. */
    ip: string
    /** Port of the side that asks. */
    port?: number
    /** The process at the source, if it runs on this machine. */
    process?: EventProcess
    /** Bytes that the side that asks sent in this transaction, without TCP and IP headers. */
    bytes?: number
  }
  destination: {
    /** Address of the side that answers. */
    ip: string
    /** Port of the side that answers. */
    port?: number
    /** The process at the destination, if it runs on this machine. */
    process?: EventProcess
    /** Bytes that the side that answers sent in this transaction, without TCP and IP headers. */
    bytes?: number
  }
  client?: {
    /** Address of the client. */
    ip?: string
    /** Port of the client. */
    port?: number
    /** Bytes that the client sent in this transaction, without TCP and IP headers. */
    bytes?: number
  }
  server?: {
    /** Address of the server. */
    ip?: string
    /** Port of the server. */
    port?: number
    /** Bytes that the server sent in this transaction, without TCP and IP headers. */
    bytes?: number
  }
  network: {
    /** ipv4 or ipv6. */
    type: 'ipv4' | 'ipv6'
    /** tcp, udp, icmp or ipv6-icmp. */
    transport: 'tcp' | 'udp' | 'icmp' | 'ipv6-icmp'
    /** Community ID, version 1, seed 0: the same for all tools that see this conversation. */
    community_id?: string
    /** ingress, egress, internal, inbound, outbound, external or unknown. */
    direction: 'ingress' | 'egress' | 'internal' | 'inbound' | 'outbound' | 'external' | 'unknown'
    /** source.bytes and destination.bytes together. */
    bytes?: number
  }
  related: {
    /** All addresses of the event. */
    ip: string[]
  }
  /** The process at the destination, else the one at the source. */
  process?: EventProcess
  /** When the first message of the transaction was seen, by the packet clock. */
  '@timestamp': string
  /** OK, or Error when the protocol says so or a message is missing; of NFS NO_REPLY when the reply is missing. */
  status: 'OK' | 'Error' | 'Client Error' | 'Server Error' | 'NO_REPLY'
  error?: {
    /** What was noticed about the transaction: a missing message, lost packets, a broken body. */
    message?: string | string[]
  }
}

/** AMQP 0-9-1: calls with their answers, messages, publisher confirms, RabbitMQ’s extensions. */
export interface AmqpEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'amqp'
    /** amqp. and the method; amqp.login. */
    action?: string
  }
  /** Tells events apart. */
  type: 'amqp'
  network: TransactionEvent['network'] & {
    protocol: 'amqp'
  }
  related: TransactionEvent['related'] & {
    /** All users of the event. */
    user?: string[]
  }
  /** Class and method, such as basic.publish or queue.declare; LOGIN: all that is said until a connection is open. */
  method?: string
  /**
   * With send_request: the body of what is published, or the method with its queue and exchange. A body that is no text
   * is shown as its bytes in decimal.
   */
  request?: string
  /** With send_response: the body of what is delivered, or OK, or the error that the server closed the channel with. */
  response?: string
  user?: {
    /** Who is logged in on the connection, or tries to: SASL PLAIN, AMQPLAIN. */
    name?: string
    /** The user-id of the message. */
    id?: string
  }
  amqp?: {
    /** Virtual host of the connection: exchanges and queues are known by their names within it. */
    'virtual-host'?: string
    /** Exchange that is published to or declared; none for the default exchange. */
    exchange?: string
    /** Routing key of a message or a binding. */
    'routing-key'?: string
    /**
     * Queue that is declared, bound or read from, with the name that the server gave it; of a delivery the one that its
     * consumer reads from.
     */
    queue?: string
    /** Name of a consumer on its channel, as the client or the server chose it. */
    'consumer-tag'?: string
    /** Number of a delivery on its channel, or of a message that is confirmed. */
    'delivery-tag'?: number
    /** Messages that are ready in the queue, were purged, or were deleted with it. */
    'message-count'?: number
    /** Why a message was returned, or a channel or connection closed: 404, 406, 530 ... */
    'reply-code'?: number
    /** The same in words. */
    'reply-text'?: string
    /** A basic.get found no message. */
    empty?: boolean
    /** It is only asked whether it is there. */
    passive?: boolean
    /** It outlives a restart of the server. */
    durable?: boolean
    /** For this connection alone, or for this consumer. */
    exclusive?: boolean
    /** It is deleted when nobody uses it any more. */
    'auto-delete'?: boolean
    /** Only other exchanges can publish to the exchange. */
    internal?: boolean
    /** The client wants no answer. */
    'no-wait'?: boolean
    /** A message counts as acknowledged when it was sent. */
    'no-ack'?: boolean
    /** No messages that were published on the same connection. */
    'no-local'?: boolean
    /** It is deleted only when nobody uses it. */
    'if-unused'?: boolean
    /** It is deleted only when it has no messages. */
    'if-empty'?: boolean
    /** All messages up to the delivery tag. */
    multiple?: boolean
    /** The message goes back to the queue. */
    requeue?: boolean
    /** The message is returned when no queue takes it. */
    mandatory?: boolean
    /** The message is returned when no consumer takes it. */
    immediate?: boolean
    /** For the channel, not for each consumer. */
    global?: boolean
    /** Messages may flow. */
    active?: boolean
    /** Leave to write is asked for. */
    write?: boolean
    /** Leave to read is asked for. */
    read?: boolean
    /** The message may have been delivered before. */
    redelivered?: boolean
    /** MIME type of the body. */
    'content-type'?: string
    /** How the body is encoded, such as gzip. */
    'content-encoding'?: string
    /** Headers of the message. */
    headers?: Record<string, unknown>
    /** persistent or non-persistent. */
    'delivery-mode'?: string
    /** Priority of the message, 0 to 255. */
    priority?: number
    /** What a reply and its request have in common. */
    'correlation-id'?: string
    /** Queue that a reply goes to. */
    'reply-to'?: string
    /** Milliseconds after which the message is dropped. */
    expiration?: string
    /** Id of the message. */
    'message-id'?: string
    /** When the message was made, to the second. */
    timestamp?: string
    /** Kind of the message, as the application names it. */
    type?: string
    /** Who published the message; the server has checked it. */
    'user-id'?: string
    /** Application that published the message. */
    'app-id'?: string
    /** Class of the method that a channel or connection was closed for. */
    'class-id'?: number
    /** The method, within its class. */
    'method-id'?: number
    /** direct, fanout, topic, headers, or of a plugin. */
    'exchange-type'?: string
    /** Exchange that messages come from, of exchange.bind and unbind. */
    source?: string
    /** Exchange that messages go to, of exchange.bind and unbind. */
    destination?: string
    /** Consumers of the queue. */
    'consumer-count'?: number
    /** Arguments of the method, such as x-message-ttl. */
    arguments?: Record<string, unknown>
    /** Why the server takes no messages, or the secret is changed. */
    reason?: string
    /** Bytes that are delivered before they are acknowledged; 0: no limit. */
    'prefetch-size'?: number
    /** Messages that are delivered before they are acknowledged; 0: no limit. */
    'prefetch-count'?: number
    /** What access is asked for to, in AMQP 0-9. */
    realm?: string
    /** Version of the protocol that the server begins with. */
    'version-major'?: number
    /** The same, after the point. */
    'version-minor'?: number
    /** What the server says of itself. */
    'server-properties'?: Record<string, unknown>
    /** What the client says of itself. */
    'client-properties'?: Record<string, unknown>
    /** Ways to log in that the server offers. */
    mechanisms?: string
    /** Way to log in that the client takes. */
    mechanism?: string
    /** Languages that the server offers. */
    locales?: string
    /** Language that the client takes. */
    locale?: string
    /** Channels that a connection may have; 0: no limit. */
    'channel-max'?: number
    /** Bytes that a frame may have; 0: no limit. */
    'frame-max'?: number
    /** Seconds between heartbeats; 0: none. */
    heartbeat?: number
  }
}

/** Cassandra: CQL native protocol 1 to 5, prepared statements and batches, LZ4 and Snappy. */
export interface CassandraEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'cassandra'
  }
  /** Tells events apart. */
  type: 'cassandra'
  network: TransactionEvent['network'] & {
    protocol: 'cassandra'
  }
  /** The first word of the statement in upper case; of other requests their operation, such as PREPARE or BATCH. */
  method?: string
  /** The table that is read or changed, after its keyspace and a dot where that is known. */
  path?: string
  /**
   * CQL as the client sent or prepared it, of a batch all statements; passwords of roles that are made or changed are
   * ***.
   */
  query?: string
  /** Bound values as cqlsh shows them, with send_request; long ones end with …. */
  params?: string[]
  user?: {
    /** Who is logged in, or tries to, as SASL PLAIN says. */
    name?: string
  }
  cassandra?: {
    /** True: the server sent this unasked. */
    no_request?: boolean
    request?: {
      headers?: {
        /** Version of the protocol; 65 and 66 are those of DataStax Enterprise. */
        version?: string
        /** Default, or Compress, Tracing, CustomPayload, Warning, UseBeta; a list when there are more. */
        flags?: string | string[]
        /** Stream id: what a response and its request have in common. */
        stream?: number
        /** Operation, such as QUERY, EXECUTE, RESULT or ERROR. */
        op?: string
        /** Bytes of the body, as they were sent. */
        length?: number
      }
      /** The same as query, with send_request. */
      query?: string
      /** The keyspace that the request names, or that its connection uses. */
      keyspace?: string
      /** Id of the prepared statement, in hexadecimal. */
      prepared_id?: string
      /** What the client wants of the connection (STARTUP). */
      options?: Record<string, unknown>
      /** What the client wants to be told (REGISTER). */
      events?: string[]
      /** Names in the custom payload. */
      custom_payload?: string[]
      /** Consistency level: ONE, LOCAL_QUORUM, … */
      consistency?: string
      /** Consistency level of the condition of a conditional update. */
      serial_consistency?: string
      /** Rows that a page may have. */
      page_size?: number
      /** Where the wanted page begins, in hexadecimal; without it, the first. */
      paging_state?: string
      /** What writes are dated, microseconds since 1970. */
      timestamp?: string
      /** What the server takes for now, seconds since 1970. */
      now_in_seconds?: number
      batch?: {
        /** LOGGED, UNLOGGED or COUNTER. */
        type?: string
        /** Statements in the batch. */
        size?: number
      }
    }
    response?: {
      headers?: {
        /** Version of the protocol; 65 and 66 are those of DataStax Enterprise. */
        version?: string
        /** Default, or Compress, Tracing, CustomPayload, Warning, UseBeta; a list when there are more. */
        flags?: string | string[]
        /** Stream id: what a response and its request have in common. */
        stream?: number
        /** Operation, such as QUERY, EXECUTE, RESULT or ERROR. */
        op?: string
        /** Bytes of the body, as they were sent. */
        length?: number
      }
      result?: {
        /** void, rows, set_keyspace, prepared or schemaChanged. */
        type?: string
        /** The keyspace that is used from now on. */
        keyspace?: string
        rows?: {
          /** Rows in this page of the result. */
          num_rows?: number
          meta?: {
            /** Keyspace of all columns. */
            keyspace?: string
            /** Table of all columns. */
            table?: string
            /** Default, or GlobalTableSpec, HasMorePages, NoMetaData, MetadataChanged; a list when there are more. */
            flags?: string | string[]
            /** Columns of the result, or values to be bound. */
            col_count?: number
            /** Places of the bound values that make up the partition key. */
            pkey_columns?: number[]
            /** Where the next page begins, in hexadecimal; there are more rows. */
            paging_state?: string
          }
        }
        schema_change?: {
          /** CREATED, UPDATED or DROPPED. */
          change?: string
          /** KEYSPACE, TABLE, TYPE, FUNCTION or AGGREGATE. */
          target?: string
          /** The keyspace that was changed, or that has what was changed. */
          keyspace?: string
          /** The table or type that was changed. */
          object?: string
          /** The function or aggregate that was changed. */
          name?: string
          /** Types of the arguments of the function or aggregate. */
          args?: string[]
        }
        prepared?: {
          /** Id of the statement that was prepared, in hexadecimal. */
          prepared_id?: string
          req_meta?: {
            /** Keyspace of all columns. */
            keyspace?: string
            /** Table of all columns. */
            table?: string
            /** Default, or GlobalTableSpec, HasMorePages, NoMetaData, MetadataChanged; a list when there are more. */
            flags?: string | string[]
            /** Columns of the result, or values to be bound. */
            col_count?: number
            /** Places of the bound values that make up the partition key. */
            pkey_columns?: number[]
            /** Where the next page begins, in hexadecimal; there are more rows. */
            paging_state?: string
          }
          resp_meta?: {
            /** Keyspace of all columns. */
            keyspace?: string
            /** Table of all columns. */
            table?: string
            /** Default, or GlobalTableSpec, HasMorePages, NoMetaData, MetadataChanged; a list when there are more. */
            flags?: string | string[]
            /** Columns of the result, or values to be bound. */
            col_count?: number
            /** Places of the bound values that make up the partition key. */
            pkey_columns?: number[]
            /** Where the next page begins, in hexadecimal; there are more rows. */
            paging_state?: string
          }
        }
      }
      /** What the server supports, a list each. */
      supported?: Record<string, unknown>
      authentication?: {
        /** How the server wants clients to log in, a Java class. */
        class?: string
      }
      /** Where system_traces keeps how the request was carried out. */
      tracing_id?: string
      /** Warnings of the server. */
      warnings?: string[]
      /** Names in the custom payload. */
      custom_payload?: string[]
      event?: {
        /** TOPOLOGY_CHANGE, STATUS_CHANGE or SCHEMA_CHANGE. */
        type?: string
        /** NEW_NODE, REMOVED_NODE, UP or DOWN. */
        change?: string
        /** Address of the node. */
        host?: string
        /** Port of the node. */
        port?: number
        schema_change?: {
          /** CREATED, UPDATED or DROPPED. */
          change?: string
          /** KEYSPACE, TABLE, TYPE, FUNCTION or AGGREGATE. */
          target?: string
          /** The keyspace that was changed, or that has what was changed. */
          keyspace?: string
          /** The table or type that was changed. */
          object?: string
          /** The function or aggregate that was changed. */
          name?: string
          /** Types of the arguments of the function or aggregate. */
          args?: string[]
        }
      }
      error?: {
        /** Code of the error. */
        code?: number
        /** What the code means: errInvalid, errUnavailable, … */
        type?: string
        /** What the server says about it. */
        msg?: string
        details?: {
          /** Consistency level of the request. */
          read_consistency?: string
          /** Replicas that must be alive. */
          required?: number
          /** Replicas that are alive. */
          alive?: number
          /** Replicas that answered. */
          received?: number
          /** Replicas that must answer. */
          blockfor?: number
          /** Replicas that failed. */
          num_failures?: number
          /** What was written: SIMPLE, BATCH, COUNTER, CAS, … */
          write_type?: string
          /** Whether the replica that was asked for data answered. */
          data_present?: boolean
          /** Times a conditional update lost against others. */
          contentions?: number
          /** Keyspace of what there is already, or of the function. */
          keyspace?: string
          /** The table that there is already. */
          table?: string
          /** The function that failed. */
          function?: string
          /** Types of its arguments. */
          arg_types?: string[]
          /** Id of the statement that the server does not know, in hexadecimal. */
          stmt_id?: string
        }
      }
    }
  }
}

/** DHCP for IPv4 and BOOTP, with relay agents and lease queries. */
export interface Dhcpv4Event extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'dhcpv4'
  }
  /** Tells events apart. */
  type: 'dhcpv4'
  network: TransactionEvent['network'] & {
    protocol: 'dhcpv4'
  }
  related: TransactionEvent['related'] & {
    /** Names of the client. */
    hosts?: string[]
  }
  client?: NonNullable<TransactionEvent['client']> & {
    /** Address of the client, or of a relay agent in its place. */
    ip?: string
    /** Bytes of the message, if the client sent it. */
    bytes?: number
    /** Hardware address of the client, if it is Ethernet and no relay agent stands for it. */
    mac?: string
  }
  server?: NonNullable<TransactionEvent['server']> & {
    /** Address of the server, or of a relay agent in its place. */
    ip?: string
    /** Bytes of the message, if the server sent it. */
    bytes?: number
  }
  dhcpv4?: {
    /** bootrequest or bootreply. */
    op_code?: string
    /** What a request and its answers have in common: 0x and eight hexadecimal digits. */
    transaction_id?: string
    /** Hardware address of the client. */
    client_mac?: string
    /** Kind of that address, such as Ethernet. */
    hardware_type?: string
    /** Relay agents on the way. */
    hops?: number
    /** Seconds since the client began to ask. */
    seconds?: number
    /** How the client can take an answer: unicast or broadcast. */
    flags?: string
    /** Address the client has and uses. */
    client_ip?: string
    /** Address it is offered or given. */
    assigned_ip?: string
    /** Server to boot from next. */
    server_ip?: string
    /** Relay agent nearest to the client. */
    relay_ip?: string
    /** Name of the server to boot from. */
    server_name?: string
    /** File to boot from. */
    boot_file_name?: string
    /** Of an answer: nanoseconds since its request. Each of several servers has its own. */
    response_time?: number
    option?: {
      /** Mask of the client’s subnet. */
      subnet_mask?: string
      /** Seconds that the time of the subnet is ahead of UTC. */
      utc_time_offset_sec?: number
      /** Routers, the best one first; a list when there are several. */
      router?: string | string[]
      /** Time servers (RFC 868). */
      time_servers?: string[]
      /** Name servers of the time before DNS (IEN 116). */
      name_servers?: string[]
      /** DNS servers, the best one first. */
      dns_servers?: string[]
      /** Log servers. */
      log_servers?: string[]
      /** Quote of the day servers (RFC 865). */
      cookie_servers?: string[]
      /** Line printer servers (RFC 1179). */
      lpr_servers?: string[]
      /** Imagen Impress servers. */
      impress_servers?: string[]
      /** Resource location servers (RFC 887). */
      resource_location_servers?: string[]
      /** Name of the client. */
      hostname?: string
      /** Length of the boot file in blocks of 512 bytes. */
      boot_file_size?: number
      /** File for the memory of a client that crashes. */
      merit_dump_file?: string
      /** Domain that the client shall complete names with. */
      domain_name?: string
      /** Swap server. */
      swap_server?: string
      /** Path of the root disk. */
      root_path?: string
      /** File with more options. */
      extensions_path?: string
      /** The client shall forward packets. */
      ip_forwarding?: boolean
      /** It shall forward those with non-local source routes. */
      non_local_source_routing?: boolean
      /** Next hops it may take from source routes. */
      policy_filter?: string[]
      /** Bytes of a datagram it must be able to reassemble. */
      max_datagram_reassembly_size?: number
      /** Time to live of its packets. */
      default_ip_ttl?: number
      /** Seconds a path MTU that was found is valid. */
      path_mtu_aging_timeout_sec?: number
      /** MTUs to try. */
      path_mtu_plateau_table?: number[]
      /** MTU of the interface. */
      interface_mtu?: number
      /** All subnets have this MTU. */
      all_subnets_local?: boolean
      /** Broadcast address of the subnet. */
      broadcast_address?: string
      /** The client shall ask for its mask by ICMP. */
      perform_mask_discovery?: boolean
      /** It shall answer such questions. */
      mask_supplier?: boolean
      /** It shall ask for routers by ICMP. */
      perform_router_discovery?: boolean
      /** Where to send that. */
      router_solicitation_address?: string
      /** Routes to networks of a class: network via router. */
      static_routes?: string[]
      /** The client shall negotiate trailers (RFC 893). */
      trailer_encapsulation?: boolean
      /** Seconds an ARP entry is valid. */
      arp_cache_timeout_sec?: number
      /** IEEE 802.3 (RFC 1042) in the place of Ethernet II. */
      ethernet_encapsulation?: boolean
      /** Time to live of TCP segments. */
      default_tcp_ttl?: number
      /** Seconds between keepalives; 0: none. */
      tcp_keepalive_interval_sec?: number
      /** Keepalives shall have an octet of garbage. */
      tcp_keepalive_garbage?: boolean
      /** NIS domain. */
      nis_domain?: string
      /** NIS servers. */
      nis_servers?: string[]
      /** NTP servers. */
      ntp_servers?: string[]
      /** What only clients of one vendor read, in hexadecimal. */
      vendor_specific_information?: string
      /** WINS servers. */
      netbios_name_servers?: string[]
      /** NetBIOS datagram distribution servers. */
      netbios_datagram_servers?: string[]
      /** B-node, P-node, M-node or H-node. */
      netbios_node_type?: string
      /** NetBIOS scope. */
      netbios_scope?: string
      /** X Window System font servers. */
      x_font_servers?: string[]
      /** X Window System display managers. */
      x_display_managers?: string[]
      /** NIS+ domain. */
      nis_plus_domain?: string
      /** NIS+ servers. */
      nis_plus_servers?: string[]
      /** Mobile IP home agents. */
      mobile_ip_home_agents?: string[]
      /** SMTP servers. */
      smtp_servers?: string[]
      /** POP3 servers. */
      pop3_servers?: string[]
      /** NNTP servers. */
      nntp_servers?: string[]
      /** Web servers. */
      www_servers?: string[]
      /** Finger servers. */
      finger_servers?: string[]
      /** IRC servers. */
      irc_servers?: string[]
      /** StreetTalk servers. */
      streettalk_servers?: string[]
      /** StreetTalk directory assistance servers. */
      stda_servers?: string[]
      /** Address the client would like to have. */
      requested_ip_address?: string
      /** Seconds the client may use its address. */
      ip_address_lease_time_sec?: number
      /** Fields that carry options: file, sname, file and sname. */
      overload?: string
      /** discover, offer, request, decline, ack, nak, release ... */
      message_type?: string
      /** Address of the server that answers, or is meant. */
      server_identifier?: string
      /** Names of the options the client asks for, in its order. */
      parameter_request_list?: string[]
      /** Their numbers, separated by commas: what system the client is can be told from them. */
      fingerprint?: string
      /** What a server says in a nak, or a client in a decline. */
      message?: string
      /** Bytes of the longest message the client can take. */
      max_dhcp_message_size?: number
      /** Seconds until it asks the same server for more time (T1). */
      renewal_time_sec?: number
      /** Seconds until it asks any server (T2). */
      rebinding_time_sec?: number
      /** Vendor and kind of the client. */
      class_identifier?: string
      /** Who the client says it is, written as its type is: AA-BB-CC for hardware, ff:00:01 for what is opaque, else text. */
      client_identifier?: string
      /** Ethernet or another kind of hardware address, DUID-LLT, DUID-EN, DUID-LL, DUID-UUID, text, or opaque. */
      client_identifier_type?: string
      /** Of a client with a DUID: which of its interfaces it is. */
      client_identifier_iaid?: number
      /** UUID of a machine that boots from the network. */
      client_machine_identifier?: string
      /** Kinds of user the client is of. */
      user_class?: string[]
      /** Vendor classes of the client (option 124): enterprise number as id, data in hexadecimal. */
      vendor_identifying_options?: (Record<string, unknown>)[]
      /** Options of single vendors (option 125): enterprise number as id, data in hexadecimal. */
      vendor_specific_options?: (Record<string, unknown>)[]
      /** An ack may follow a discover at once (RFC 4039). */
      rapid_commit?: boolean
      fqdn?: {
        /** The name the client has or wants in the DNS. */
        name?: string
        /** Who enters it: S, the server its address; O, the server decides otherwise; N, nobody. E: written as in DNS. */
        flags?: string[]
      }
      relay_agent?: {
        /** The port or circuit the client is at; in hexadecimal unless it is text. */
        circuit_id?: string
        /** The other end of that circuit, such as a modem; in hexadecimal unless it is text. */
        remote_id?: string
        /** DOCSIS device class. */
        device_class?: number
        /** A subnet the client is on, where it is not that of the relay agent. */
        link_selection?: string
        /** Whose client it is; in hexadecimal unless it is text. */
        subscriber_id?: string
        /** How the message came to the relay agent: unicast or broadcast. */
        flags?: string
        /** What the client shall take for the address of its server. */
        server_identifier_override?: string
        /** DUID of the relay agent. */
        relay_id?: string
        /** Port of the relay agent, where it is not 67. */
        source_port?: number
        /** Virtual subnet (VPN) of the client. */
        vss?: string
        /** Sub-options without a field of their own: code and bytes. */
        other?: string[]
      }
      authentication?: {
        /** How the message proves who sent it: 0 by a token, 1 delayed, 3 by a key for reconfiguration. */
        protocol?: number
        /** Algorithm of the proof; 1: HMAC-MD5. */
        algorithm?: number
      }
      /** Seconds to do without IPv4 (RFC 8925). */
      ipv6_only_preferred_sec?: number
      /** The client may choose a link-local address (RFC 2563). */
      auto_configure?: boolean
      /** Subnet to take the address from (RFC 3011). */
      subnet_selection?: string
      /** The client takes forcerenew with a nonce (RFC 6704). */
      forcerenew_nonce_capable?: boolean
      /** Manufacturer usage description (RFC 8520). */
      mud_url?: string
      /** Virtual subnet (VPN) of the address (RFC 6607). */
      virtual_subnet?: string
      /** Seconds since the server last heard the client. */
      client_last_transaction_time_sec?: number
      /** Addresses that the client has leased. */
      associated_ips?: string[]
      /** What came of a lease query. */
      status_code?: string
      /** The same in the server’s words. */
      status_message?: string
      /** When the server answered, in seconds since 1970. */
      base_time?: number
      /** Seconds the lease has been in its state. */
      state_age_sec?: number
      /** Leases changed since then, in seconds since 1970. */
      query_start_time?: number
      /** Leases changed until then, in seconds since 1970. */
      query_end_time?: number
      /** AVAILABLE, ACTIVE, EXPIRED, RELEASED ... */
      lease_state?: string
      /** NetWare/IP domain. */
      netware_domain?: string
      /** Server to boot from, where sname carries options. */
      tftp_server_name?: string
      /** File to boot from, where the field file carries options. */
      boot_file_name?: string
      /** NetWare directory servers. */
      nds_servers?: string[]
      /** NetWare directory tree. */
      nds_tree_name?: string
      /** NetWare directory context. */
      nds_context?: string
      /** Broadcast and multicast controllers, by domain. */
      bcmcs_domains?: string[]
      /** Broadcast and multicast controllers, by address. */
      bcmcs_servers?: string[]
      /** What boots: x86 BIOS, x64 UEFI ... */
      client_architecture?: string[]
      /** Interface to its network card: UNDI and version. */
      client_network_interface?: string
      /** LDAP server. */
      ldap_url?: string
      /** User authentication servers (RFC 2485). */
      user_authentication_urls?: string[]
      /** Time zone, as POSIX writes it (RFC 4833). */
      posix_timezone?: string
      /** Time zone, by its name in the TZ database. */
      tz_database_timezone?: string
      /** IPv6 address of a DHCPv4 over DHCPv6 softwire (RFC 8539). */
      softwire_source_address?: string
      /** NetInfo parent servers. */
      netinfo_servers?: string[]
      /** NetInfo parent server tag. */
      netinfo_tag?: string
      /** URI of the captive portal’s API (RFC 8910). */
      captive_portal?: string
      /** Domains to complete names with, in their order (RFC 3397). */
      domain_search?: string[]
      /** Routes: network/prefix via router (RFC 3442). */
      classless_static_routes?: string[]
      /** PANA authentication agents (RFC 5192). */
      pana_agents?: string[]
      /** Location-to-service translation server (RFC 5223). */
      lost_server?: string
      /** Controllers of wireless access points (RFC 5417). */
      capwap_controllers?: string[]
      /** SIP configuration domains (RFC 6011). */
      sip_ua_domains?: string[]
      /** Access network discovery servers (RFC 6153). */
      andsf_servers?: string[]
      /** TFTP servers, such as IP phones ask for (RFC 5859). */
      tftp_servers?: string[]
      /** Settings of IP phones. */
      ip_telephone?: string
      /** Configuration of PXELINUX (RFC 5071). */
      pxelinux_config_file?: string
      /** Where PXELINUX finds its files. */
      pxelinux_path_prefix?: string
      /** Seconds after which a failed boot is tried again. */
      pxelinux_reboot_time_sec?: number
      /** Domain of the access network (RFC 5986). */
      access_domain_name?: string
      /** Routes, as old Windows asks for them. */
      ms_classless_static_routes?: string[]
      /** URL of a proxy configuration; unregistered, but in wide use. */
      web_proxy_auto_discovery?: string
      /** Directory agents of the Service Location Protocol. */
      slp_directory_agents?: string[]
      /** Scopes a Service Location Protocol agent shall use. */
      slp_service_scope?: string
      /** In which order to ask the name services. */
      name_service_search?: string[]
      /** Outbound SIP proxies, names or addresses. */
      sip_servers?: string[]
      /** Bootstrap servers for secure zero-touch provisioning. */
      sztp_redirects?: string[]
      /** Servers of the Port Control Protocol. */
      pcp_servers?: string[]
      /** Names of DNS resolvers that encrypt. */
      encrypted_dns_names?: string[]
      /** Their addresses. */
      encrypted_dns_servers?: string[]
      /** Options without a field, or with data of another kind than they should have: number and bytes. */
      other?: string[]
    }
  }
}

/** DNS over UDP and TCP, with EDNS, DNSSEC, updates and zone transfers. */
export interface DnsEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'dns'
    /** When the query was captured. */
    start?: string
    /** Nanoseconds from the query to the response. */
    duration?: number
  }
  /** Tells events apart. */
  type: 'dns'
  network: TransactionEvent['network'] & {
    protocol: 'dns'
  }
  /** The operation: QUERY, IQUERY, STATUS, NOTIFY, UPDATE or a number. */
  method?: string
  /** What was asked, in one line: class IN, type A, example.com. */
  query?: string
  /** The name that was asked for. */
  resource?: string
  /** The whole query in one line, with send_request. */
  request?: string
  /** The whole response in one line, with send_response. */
  response?: string
  dns?: {
    /** answer when there is a response, else query. */
    type?: string
    /** The number that the query and its response have in common. */
    id?: number
    /** The operation, as the response repeats it. */
    op_code?: string
    /** NOERROR, NXDOMAIN and so on; the twelve bits of EDNS included. */
    response_code?: string
    flags?: {
      /** The server is an authority for the name. */
      authoritative?: boolean
      /** The response was too long; ask again over TCP. */
      truncated_response?: boolean
      /** The server is to ask others. */
      recursion_desired?: boolean
      /** The server does ask others. */
      recursion_available?: boolean
      /** The server has verified the signatures. */
      authentic_data?: boolean
      /** The client does not want signatures verified. */
      checking_disabled?: boolean
    }
    /** The flags that are set: AA, TC, RD, RA, AD, CD, and DO of EDNS. */
    header_flags?: string[]
    question?: {
      /** The name that was asked for, in the case it had. */
      name?: string
      /** The type of record that was asked for. */
      type?: string
      /** The class of record that was asked for. */
      class?: string
      /** The domain that was registered: the public suffix and one label more. */
      registered_domain?: string
      /** The older name of registered_domain. */
      etld_plus_one?: string
      /** The public suffix, such as com or co.uk. */
      top_level_domain?: string
      /** What stands before the registered domain. */
      subdomain?: string
    }
    /** How many answers the message has. */
    answers_count?: number
    /** How many authority records the message has. */
    authorities_count?: number
    /** How many additional records, OPT aside, the message has. */
    additionals_count?: number
    /** The answers: name, type, class, ttl, data, and what else the type has. */
    answers?: DnsRecord[]
    /** The authority records, with include_authorities. */
    authorities?: DnsRecord[]
    /** The additional records, with include_additionals. */
    additionals?: DnsRecord[]
    /** The addresses among the answers. */
    resolved_ip?: string[]
    opt?: {
      /** The client wants signatures (DNSSEC OK). */
      do?: boolean
      /** The version of EDNS. */
      version?: string
      /** Bytes of the longest datagram the sender can take. */
      udp_size?: number
      /** The response code when it is one that only EDNS has, else NOERROR. */
      ext_rcode?: string
      /** Long-lived query: version, operation, error, id and lease in seconds. */
      llq?: string
      /** Lease of an update, in seconds. */
      ul?: string
      /** Identifier of the server, in hexadecimal. */
      nsid?: string
      /** DNSSEC algorithms the client understands. */
      dau?: string
      /** DS digests the client understands. */
      dhu?: string
      /** NSEC3 hashes the client understands. */
      n3u?: string
      /** Network of the client that a resolver asks for: address/prefix/scope. */
      subnet?: string
      /** Seconds until a secondary server must give up the zone. */
      expire?: number
      /** Cookies of client and server, in hexadecimal. */
      cookie?: string
      /** Milliseconds the server keeps an idle connection. */
      tcp_keepalive?: number
      /** Bytes of padding. */
      padding?: number
      /** Extended errors: code, name and what the server says. */
      ede?: string[]
      /** Options for local use: code and bytes. */
      local?: string
      /** Options without a field of their own: code and bytes. */
      other?: string[]
    }
  }
}

/** HTTP/1.0 and HTTP/1.1: pipelining, chunked and coded bodies, upgrades and tunnels. */
export interface HttpEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'http'
  }
  /** Tells events apart. */
  type: 'http'
  network: TransactionEvent['network'] & {
    protocol: 'http'
    /** The address of the client behind a proxy, by real_ip_header. */
    forwarded_ip?: string
  }
  destination: TransactionEvent['destination'] & {
    /** The Host header, when it is a name. */
    domain?: string
  }
  server?: NonNullable<TransactionEvent['server']> & {
    /** The Host header, when it is a name. */
    domain?: string
  }
  related: TransactionEvent['related'] & {
    /** All users of the event. */
    user?: string[]
    /** The names of the Host header and of the referrer. */
    hosts?: string[]
  }
  /** The method, as it was sent. */
  method?: string
  /** The method and the decoded path, of CONNECT the host and port. */
  query?: string
  http?: {
    request?: {
      /** The method, as it was sent. */
      method?: string
      /** Bytes of the request on the wire: head, body, and the framing of chunks. */
      bytes?: number
      body?: {
        /** Bytes of the body: the length that the head announces, else counted; decoded, when the body is shown. */
        bytes?: number
        /** The decoded body, for the types of include_body_for. */
        content?: string
      }
      /** Content-Length and Content-Type, and what send_headers asks for; names in lower case. */
      headers?: Record<string, unknown>
      /** The page the request came from. */
      referrer?: string
    }
    /** The version that the request names: 1.0 or 1.1. */
    version?: string
    response?: {
      /** The status code. */
      status_code?: number
      /** The words after the status code, in lower case. */
      status_phrase?: string
      /** Bytes of the response on the wire: head, body, and the framing of chunks. */
      bytes?: number
      body?: {
        /** Bytes of the body: the length that the head announces, else counted; decoded, when the body is shown. */
        bytes?: number
        /** The decoded body, for the types of include_body_for. */
        content?: string
      }
      /** Content-Length and Content-Type, and what send_headers asks for; names in lower case. */
      headers?: Record<string, unknown>
    }
  }
  url?: {
    /** http. */
    scheme?: string
    /** The Host header without its port. */
    domain?: string
    /** The port of the Host header, else that of the server; left out when it is 80. */
    port?: number
    /** The path, decoded. */
    path?: string
    /** What follows the last dot of the path. */
    extension?: string
    /** The parameters of the query and of a form in the body, sorted by name; secrets are hidden. */
    query?: string
    /** The whole URL, with the parameters of url.query. */
    full?: string
  }
  user_agent?: {
    /** The User-Agent header. */
    original?: string
  }
  user?: {
    /** The user of basic authentication, when the Authorization header is shown. */
    name?: string
  }
  /** The request as it was sent, with send_request; with its body, when that is shown. */
  request?: string
  /** The response as it was sent, with send_response; with its body, when that is shown. */
  response?: string
}

/** ICMP and ICMPv6: pings, errors and what routers and neighbours tell. */
export interface IcmpEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'icmp'
    /** When the request was captured. */
    start?: string
    /** Nanoseconds from the request to its reply. */
    duration?: number
  }
  /** Tells events apart. */
  type: 'icmp'
  /** The address that was asked. */
  path?: string
  icmp?: {
    /** 4 for ICMP, 6 for ICMPv6. */
    version?: number
    request?: {
      /** What the request says, in words. */
      message?: string
      /** The type of the request. */
      type?: number
      /** The code of the request, which tells more than its type. */
      code?: number
    }
    response?: {
      /** What the response says, in words. */
      message?: string
      /** The type of the response. */
      type?: number
      /** The code of the response, which tells more than its type. */
      code?: number
    }
  }
}

/** Memcached: text, meta and binary commands, over TCP and UDP. */
export interface MemcacheEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'memcache'
    /** memcache. and what the request does: load, store, delete, counter, info, stats, auth ... */
    action?: string
    /** success or failure, by what the server answered; absent without an answer. */
    outcome?: string
  }
  /** Tells events apart. */
  type: 'memcache'
  network: TransactionEvent['network'] & {
    protocol: 'memcache'
  }
  user?: {
    /** Who logs in, where the protocol says it in the clear. Passwords are never shown. */
    name?: string
  }
  memcache?: {
    /** text or binary. */
    protocol_type?: string
    request?: {
      /** The command: get, set, slabs reassign ...; UNKNOWN for one that no list has. */
      command?: string
      /** What it does: Load, Store, Delete, Counter, Info, Stats, SlabCtrl, LRUCrawler, Auth or UNKNOWN. */
      type?: string
      /** The line of an unknown command. */
      line?: string
      /** Binary protocol: the command as the specification names it. */
      opcode?: string
      /** Binary protocol: the number of the command. */
      opcode_value?: number
      /** Binary protocol: what the answer repeats. */
      opaque?: number
      /** Binary protocol: the virtual bucket. */
      vbucket?: number
      /** Binary and meta commands: it is answered only when something is amiss, or found. */
      quiet?: boolean
      /** Text protocol: the client wants no answer. */
      noreply?: boolean
      /** The keys that are asked for or changed. */
      keys?: string[]
      /** Bytes of the value that is stored. */
      bytes?: number
      /** Values in the request. */
      count_values?: number
      /** The values that are stored, in base64; with maxvalues. */
      values?: string[]
      /** What the client notes about the value. */
      flags?: number
      /** Seconds the item is to live, or when it expires. */
      exptime?: number
      /** The version of the item that may be replaced. */
      cas_unique?: number
      /** What a counter is changed by. */
      delta?: number
      /** What a new counter begins with. */
      initial?: number
      /** Level of the log. */
      verbosity?: number
      /** Microseconds that the LRU crawler sleeps between items. */
      sleep_us?: number
      /** What stands after an administrative command. */
      raw_args?: string
      /** The flags of a meta command, with their values. */
      meta_flags?: string
      /** Slab class that a page is taken from. */
      source_class?: number
      /** Slab class that a page is given to. */
      dest_class?: number
      /** How pages are moved: standby, slow or aggressive. */
      automove?: string
    }
    response?: {
      /**
       * Text protocol: the first word of the answer; <counter_op_res> for a number, <list> for lines of a list. Binary: the
       * command.
       */
      command?: string
      /** What it says: Success, Fail, or as the type of the request. */
      type?: string
      /** An answer that no list has. */
      line?: string
      /** What the server says about a failure. */
      error_msg?: string
      /** Binary protocol: the command as the specification names it. */
      opcode?: string
      /** Binary protocol: the number of the command. */
      opcode_value?: number
      /** Binary protocol: what the request said. */
      opaque?: number
      /** Binary protocol: the status as the specification names it. */
      status?: string
      /** Binary protocol: the number of the status. */
      status_code?: number
      /** The keys that were found. */
      keys?: string[]
      /** Bytes of all values. */
      bytes?: number
      /** Values in the answer, or lines of a list. */
      count_values?: number
      /** The values, in base64; with maxvalues. */
      values?: string[]
      /** What clients noted about the (first) value. */
      flags?: number
      /** The version of the (first) item. */
      cas_unique?: number
      /** What a counter has become. */
      value?: number
      /** Statistics, each with its name and value. */
      stats?: {
        /** What is counted. */
        name: string
        /** How much of it. */
        value: string
      }[]
      /** The version of the server. */
      version?: string
      /** The flags of an answer to a meta command, with their values. */
      meta_flags?: string
    }
  }
}

/** MongoDB: OP_MSG, compressed messages and the operations before them. */
export interface MongodbEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'mongodb'
  }
  /** Tells events apart. */
  type: 'mongodb'
  network: TransactionEvent['network'] & {
    protocol: 'mongodb'
  }
  /** The command as it was sent: find, insert, getMore; or the operation of before OP_MSG. */
  method?: string
  /** Database and collection; database.$cmd for commands that concern no collection. */
  resource?: string
  /** What was asked, as one would type it: without what is written and without what differs from session to session. */
  query?: string
  /** The whole command with its documents as relaxed Extended JSON, with send_request. */
  request?: string
  /** The documents of the reply as relaxed Extended JSON, one a line, with send_response. */
  response?: string
  user?: {
    /** Who logged in on this connection; of a login that fails, who tried. */
    name?: string
  }
  mongodb?: {
    /** What the server says went wrong; of several writes that failed, the first. */
    error?: string
    /** The number of the error. */
    code?: number
    /** The name of the error: DuplicateKey, Unauthorized. */
    codeName?: string
    /** How many writes of a command failed. */
    writeErrors?: number
    /** The cursor that a find opened, or from which a getMore took its documents. */
    cursorId?: string
    /** Documents in the reply: of a cursor those of its batch. */
    numberReturned?: number
    /** Where in the cursor the reply begins, OP_REPLY. */
    startingFrom?: number
    /** Documents that were inserted, deleted, counted, or matched by an update. */
    n?: number
    /** Documents that an update changed. */
    nModified?: number
    /** Documents that bulkWrite matched. */
    nMatched?: number
    /** Documents that bulkWrite inserted. */
    nInserted?: number
    /** Documents that bulkWrite upserted. */
    nUpserted?: number
    /** Documents that bulkWrite deleted. */
    nDeleted?: number
    /** The collection as operations of before OP_MSG name it. */
    fullCollectionName?: string
    /** Documents to leave out, OP_QUERY. */
    numberToSkip?: number
    /** Documents wanted in the first reply, OP_QUERY and OP_GET_MORE; negative: and no more than that. */
    numberToReturn?: number
    /** Which fields of the documents are wanted, OP_QUERY. */
    returnFieldsSelector?: string
    /** Which documents are meant, OP_UPDATE and OP_DELETE. */
    selector?: string
    /** What to make of them, OP_UPDATE. */
    update?: string
    /** A text for diagnosis, OP_MSG of old. */
    message?: string
    /** How the request is compressed: snappy, zlib, zstd, noop. */
    compressor?: string
    /** Name that the client gives itself, in hello. */
    application?: string
    /** Name and version of the client’s driver, in hello. */
    driver?: string
    /** How a client logs in: SCRAM-SHA-256, MONGODB-X509. */
    mechanism?: string
    /** Replica set of the server, in its answer to hello. */
    setName?: string
    /** Newest version of the protocol that the server speaks, in its answer to hello. */
    maxWireVersion?: number
  }
}

/** MySQL and MariaDB: logins, queries, prepared statements with their parameters, compression. */
export interface MysqlEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'mysql'
  }
  /** Tells events apart. */
  type: 'mysql'
  network: TransactionEvent['network'] & {
    protocol: 'mysql'
  }
  related: TransactionEvent['related'] & {
    /** Likewise. */
    user?: string[]
  }
  /**
   * The first word of the SQL in upper case; PREPARE for a statement that is prepared; LOGIN; of other commands the
   * name, such as PING.
   */
  method?: string
  /** The SQL, also where a prepared statement is executed; of other commands the name and what they are about. */
  query?: string
  /**
   * Parameters of a prepared statement, each as text, NULL as TYPE_NULL; of a bulk those of each row, one after the
   * other.
   */
  params?: string[]
  /** Tables whose columns are in the result, as database.table, separated by commas. */
  path?: string
  mysql?: {
    /** Rows that the statement changed. */
    affected_rows?: number
    /** The value that the statement generated for an AUTO_INCREMENT column. */
    insert_id?: number | string
    /** Columns of the result, of the first one where there are several. */
    num_fields?: number
    /** Rows of the result, of all of them where there are several. */
    num_rows?: number
    /** The error that the server answered with. */
    error_code?: number
    /** Its SQLSTATE and text. */
    error_message?: string
    /** The database that was chosen when the command was sent, if it was seen to be chosen. */
    database?: string
    /** What the server calls its version, in its greeting: of logins. */
    server_version?: string
    /** What the client says of itself at login, or of a statement, as name=value. */
    attributes?: string[]
    /** The authentication plugin of a login, the last one that the server asked for. */
    auth_plugin?: string
    /** True for a login that goes on encrypted, so that nothing more is seen of its connection. */
    tls?: boolean
  }
  user?: {
    /** The user who logged in, if that was captured. */
    name?: string
  }
  /** The SQL as it was sent, with send_request. */
  request?: string
  /** The first rows as comma-separated values below the names of their columns, with send_response. */
  response?: string
}

/** NFS 2, 3, 4.0, 4.1 and 4.2 over ONC RPC, with callbacks, mount and lock manager. */
export interface NfsEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'nfs'
    /** nfs. and the operation: nfs.READ; of other programs their name and the procedure: mount.MNT. */
    action?: string
    /** failure, when the server refused the call or the operation failed. */
    outcome?: string
  }
  /** Tells events apart. */
  type: 'nfs'
  source: TransactionEvent['source'] & {
    /** Name that the calling machine gives itself, with AUTH_SYS. */
    domain?: string
  }
  client?: NonNullable<TransactionEvent['client']> & {
    /** As source.domain. */
    domain?: string
  }
  network: TransactionEvent['network'] & {
    /** nfs and the version: nfsv3, nfsv4; nfs for callbacks and for the programs beside NFS. */
    protocol: string
  }
  user?: {
    /** User id of the caller, with AUTH_SYS. */
    id?: string
  }
  group?: {
    /** Group id of the caller, with AUTH_SYS. */
    id?: string
  }
  /** The file or directory that the operation is about, from the root where that is known; of RENAME the old name. */
  path?: string
  rpc?: {
    /** Transaction id of the call, in hexadecimal. */
    xid?: string
    /** How the caller says who it is: none, unix, rpcsec_gss, tls or unknown and the number. */
    auth_flavor?: string
    cred?: {
      /** A number that the client made up. */
      stamp?: number
      /** Name that the calling machine gives itself. */
      machinename?: string
      /** User id of the caller. */
      uid?: number
      /** Group id of the caller. */
      gid?: number
      /** Further groups of the caller. */
      gids?: number[]
    }
    gss?: {
      /** data for a call, or what is done to the security context: init, continue_init, destroy. */
      procedure?: string
      /** none, integrity, or privacy, whose calls are encrypted. */
      service?: string
      /** Number of the call in its security context. */
      sequence?: number
    }
    /** The program that is called, when it is not nfs: mount, nlm, portmap, nfs_acl, nfs_cb, or its number. */
    program?: string
    /** Version of the program that is called, when it is not nfs. */
    version?: number
    /**
     * What became of the call: success, prog_unavail, prog_mismatch, proc_unavail, garbage_args, system_err; of a call
     * that was denied rpc_mismatch or auth_error.
     */
    status?: string
    /** Why a call was denied: badcred, rejectedcred, badverf, tooweak, rpcsec_gss_credproblem. */
    auth_error?: string
    /** Times the call was sent again while it waited for its reply. */
    retransmissions?: number
  }
  nfs?: {
    /** Version of NFS: 2, 3 or 4. */
    version?: number
    /** Of NFSv4: 0, 1 or 2. */
    minor_version?: number
    /** Text that a client of NFSv4 gives a compound. */
    tag?: string
    /** The procedure; of NFSv4 the operation that the compound is for: OPEN rather than PUTFH. */
    opcode?: string
    /** All operations of a compound, in their order. */
    operations?: string[]
    /** NFS_OK, or the error: NFSERR_NOENT, NFSERR_ACCES, NFSERR_STALE. */
    status?: string
    /** The operation of a compound that failed, when it is not the one it is for. */
    failed_operation?: string
    /** CRC-32 of the file handle that the operation was given, in hexadecimal, as Wireshark shows it. */
    file_handle?: string
    /** Of RENAME and LINK the new name, of COPY and CLONE the file written to, of symbolic links their text. */
    target?: string
    /** Where in the file it reads, writes or locks, in bytes. */
    offset?: number
    /** Bytes that were asked for: to be read, written, copied or locked. */
    length?: number
    /** Bytes that were read, written or copied. */
    count?: number
    /** READ or READDIR came to the end. */
    eof?: boolean
    /** Names that READDIR or READDIRPLUS answered. */
    entries?: number
  }
}

/** PostgreSQL 3.x: logins, simple and extended queries, prepared statements, pipelines, COPY. */
export interface PgsqlEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'pgsql'
  }
  /** Tells events apart. */
  type: 'pgsql'
  network: TransactionEvent['network'] & {
    protocol: 'pgsql'
  }
  related: TransactionEvent['related'] & {
    /** All users of the event. */
    user?: string[]
  }
  /**
   * The first word of the SQL in upper case. PREPARE for a statement that is parsed and not executed at once, EMPTY for
   * one without a word; LOGIN, CANCEL, SSL, GSSENC, FUNCTION, NOTIFICATION and DISCONNECT for what is no SQL.
   */
  method?: string
  /** The SQL. The statements of one Query message are events of their own. */
  query?: string
  /** Parameters of an execution, as PostgreSQL writes their values. */
  params?: string[]
  /** The channel of a notification. */
  resource?: string
  pgsql?: {
    /** Rows that the server sent. */
    num_rows?: number
    /** Columns of the rows. */
    num_fields?: number
    /** Rows that were inserted, updated, deleted, merged, moved over or copied. */
    affected_rows?: number
    /** What the server says it did: INSERT 0 1, or ROLLBACK in answer to a COMMIT. */
    command_tag?: string
    /** How the transaction stands afterwards: idle (there is none), active, or failed. */
    transaction_status?: string
    /** The name of the prepared statement, if it has one. */
    statement?: string
    /** ERROR, FATAL or PANIC, in the language of the server. */
    error_severity?: string
    /** SQLSTATE, such as 42P01. */
    error_code?: string
    /** The error in one line. */
    error_message?: string
    /** What else the server says about the error; it may quote values. */
    error_detail?: string
    /** What the server suggests. */
    error_hint?: string
    /** The table that the error is about. */
    error_table?: string
    /** The column that the error is about. */
    error_column?: string
    /** The constraint that is violated. */
    error_constraint?: string
    /** Warnings and notices of the server, at most ten, each with its severity. */
    notices?: string[]
    /** The database; unknown when the capture began after the login. */
    database?: string
    /** What the client calls itself. */
    application_name?: string
    /** Of a login, what the server wanted to see: scram-sha-256, md5, password, gss, sspi; or none. */
    auth_method?: string
    /** Of a login, the version of the server. */
    server_version?: string
    /** The process of the server: of a login, its own; of a cancel request, whose work is to be cancelled. */
    process_id?: number
  }
  user?: {
    /** Who logged in; unknown when the capture began after that. */
    name?: string
  }
  /** The SQL, with send_request. */
  request?: string
  /**
   * The rows as comma-separated values under the names of their columns, with send_response; of a notification its
   * payload.
   */
  response?: string
}

/** Redis: RESP2, RESP3 and inline commands, pipelines, publish and subscribe. */
export interface RedisEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'redis'
    /** redis. and the command in lower case. */
    action?: string
    /** failure, when Redis answered with an error. */
    outcome?: string
  }
  /** Tells events apart. */
  type: 'redis'
  network: TransactionEvent['network'] & {
    protocol: 'redis'
  }
  /** The command in upper case, with its second word where that names what is done: CONFIG GET. */
  method?: string
  /** The first argument, for most commands the key; empty for commands that have none. */
  resource?: string
  /** The whole command, its words separated by spaces. */
  query?: string
  redis?: {
    /** What Redis answered: arrays in brackets, a missing value as nil. */
    return_value?: string
    /** The error that Redis answered with. */
    error?: string
  }
  /** The whole command, with send_request. */
  request?: string
  /** The whole answer, with send_response. */
  response?: string
}

/** SIP over UDP and TCP, with session descriptions: an event for each message. */
export interface SipEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'sip'
    /** network, and authentication where somebody logs in. */
    category: string[]
    /** sip- and the method in lower case; of a response that of its CSeq. */
    action?: string
    /** success of a response 2xx, failure of 3xx to 6xx. */
    outcome?: string
    /** The phrase of a response. */
    reason?: string
    /** The number of CSeq. */
    sequence?: number
    /** The whole message, with keep_original; of a body over TCP that is too long only the header. */
    original?: string
  }
  /** Tells events apart. */
  type: 'sip'
  network: TransactionEvent['network'] & {
    protocol: 'sip'
    /** sip. */
    application?: string
    /** Number of the transport: 17 for UDP, 6 for TCP. */
    iana_number?: string
  }
  related: TransactionEvent['related'] & {
    /** All addresses of the event; those of a session description first. */
    ip: string[]
    /** Everybody that the message names. */
    user?: string[]
    /** Every host that the message names. */
    hosts?: string[]
  }
  user?: {
    /** Who logs in, with parse_authorization. */
    name?: string
  }
  sip?: {
    /** request or response. */
    type?: string
    /** Version of SIP. */
    version?: string
    /** Method of a request, in upper case. */
    method?: string
    /** Status code of a response. */
    code?: number
    /** The phrase of a response. */
    status?: string
    /** What all messages of a call or a registration have in common. */
    call_id?: string
    cseq?: {
      /** Number of the request in its dialog. */
      code?: number
      /** Method of the request, in upper case. */
      method?: string
    }
    /** Nanoseconds from the request to this response: until it rings, until it is answered. */
    response_time?: number
    /** Of a BYE: nanoseconds since the call was answered. */
    call_duration?: number
    /** true: the same request or final response was seen before. */
    retransmission?: boolean
    via?: {
      /** The way of the request, the last hop first. */
      original?: string[]
    }
    /** Hops that the request may still take. */
    max_forwards?: number
    /** Methods that the sender understands, in lower case. */
    allow?: string[]
    /** Extensions that the sender understands. */
    supported?: string[]
    /** Types of bodies that the sender understands. */
    accept?: string
    /** Type of the body. */
    content_type?: string
    /** Bytes of the body, as the message says. */
    content_length?: number
    user_agent?: {
      /** Program or phone of who sends. */
      original?: string
    }
    auth?: {
      /** How somebody logs in, or is asked to: Digest; with parse_authorization. */
      scheme?: string
      /** Where somebody logs in. */
      realm?: string
      uri?: {
        /** The URI that somebody logs in for. */
        original?: string
        /** Scheme of the URI that somebody logs in for: sip, sips, tel. */
        scheme?: string
        /** User in the URI that somebody logs in for. */
        username?: string
        /** Host in the URI that somebody logs in for. */
        host?: string
        /** Port in the URI that somebody logs in for. */
        port?: number
      }
    }
    uri?: {
      /** The URI that the request is for. */
      original?: string
      /** Scheme of the URI that the request is for: sip, sips, tel. */
      scheme?: string
      /** User in the URI that the request is for. */
      username?: string
      /** Host in the URI that the request is for. */
      host?: string
      /** Port in the URI that the request is for. */
      port?: number
    }
    from?: {
      /** Name of who asks for people. */
      display_info?: string
      /** What tells the dialogs of who asks apart. */
      tag?: string
      uri?: {
        /** The URI of who asks. */
        original?: string
        /** Scheme of the URI of who asks: sip, sips, tel. */
        scheme?: string
        /** User in the URI of who asks. */
        username?: string
        /** Host in the URI of who asks. */
        host?: string
        /** Port in the URI of who asks. */
        port?: number
      }
    }
    to?: {
      /** Name of who is asked for for people. */
      display_info?: string
      /** What tells the dialogs of who is asked for apart. */
      tag?: string
      uri?: {
        /** The URI of who is asked for. */
        original?: string
        /** Scheme of the URI of who is asked for: sip, sips, tel. */
        scheme?: string
        /** User in the URI of who is asked for. */
        username?: string
        /** Host in the URI of who is asked for. */
        host?: string
        /** Port in the URI of who is asked for. */
        port?: number
      }
    }
    contact?: {
      /** Name of the contact for people. */
      display_info?: string
      /** Seconds that the contact is valid. */
      expires?: string
      /** How much the contact is preferred, from 0 to 1. */
      q?: string
      /** The line of a phone that the contact is. */
      line?: string
      /** The transport that the contact asks for. */
      transport?: string
      uri?: {
        /** The URI of the Contact header, where one is reached directly. */
        original?: string
        /** Scheme of the URI of the Contact header, where one is reached directly: sip, sips, tel. */
        scheme?: string
        /** User in the URI of the Contact header, where one is reached directly. */
        username?: string
        /** Host in the URI of the Contact header, where one is reached directly. */
        host?: string
        /** Port in the URI of the Contact header, where one is reached directly. */
        port?: number
      }
    }
    private?: {
      uri?: {
        /** The URI of the P-Associated-URI header. */
        original?: string
        /** Scheme of the URI of the P-Associated-URI header: sip, sips, tel. */
        scheme?: string
        /** User in the URI of the P-Associated-URI header. */
        username?: string
        /** Host in the URI of the P-Associated-URI header. */
        host?: string
        /** Port in the URI of the P-Associated-URI header. */
        port?: number
      }
    }
    sdp?: {
      /** Version of SDP. */
      version?: string
      owner?: {
        /** Login name of who made the session. */
        username?: string
        /** Number of the session. */
        session_id?: string
        /** Version of the description. */
        version?: string
        /** Address of who made the session. */
        ip?: string
      }
      session?: {
        /** Name of the session. */
        name?: string
      }
      connection?: {
        /** Where media go, as it stands. */
        info?: string
        /** Address that media go to. */
        address?: string
      }
      /** The media that are offered: type, port, protocol and codecs of each. */
      media?: {
        /** audio, video, image, application ... */
        type: string
        /** The port; 0: it is refused. */
        port: number
        /** How it is sent, such as RTP/AVP. */
        protocol: string
        /** Codecs by name, else formats by number. */
        codecs: string[]
      }[]
      body?: {
        /** The whole description. */
        original?: string
      }
    }
  }
}

/** Apache Thrift: binary and compact protocols, framed or not, THeader, SASL. */
export interface ThriftEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'thrift'
  }
  /** Tells events apart. */
  type: 'thrift'
  network: TransactionEvent['network'] & {
    protocol: 'thrift'
  }
  /** The name of the method, without the service; SASL for a login. */
  method?: string
  /** The service, as in thrift.service; empty when it is not known. */
  path?: string
  /** The call as one would write it: add(num1: 1, num2: 2), with numbers for names without idl_files. */
  query?: string
  thrift?: {
    /** The service, when the client names it (TMultiplexedProtocol) or idl_files do. */
    service?: string
    /** The arguments of the call, in parentheses. */
    params?: string
    /** What was returned; empty for a method that returns nothing, and for an exception. */
    return_value?: string
    /** The exception that was thrown: one that the method declares, or a TApplicationException. */
    exceptions?: string
  }
  user?: {
    /** Who logs in with SASL and PLAIN. */
    name?: string
  }
  /** The call, with send_request. */
  request?: string
  /** What was returned, or Exceptions: and the exception, with send_response. */
  response?: string
}

/** TLS: handshakes of SSL 3.0 to TLS 1.3, certificates, fingerprints JA3 and JA4. */
export interface TlsEvent extends TransactionEvent {
  event: TransactionEvent['event'] & {
    type: string[]
    dataset: 'tls'
  }
  /** Tells events apart. */
  type: 'tls'
  network: TransactionEvent['network'] & {
    protocol: 'tls'
  }
  destination: TransactionEvent['destination'] & {
    /** The name of the server that the client asks for (SNI). */
    domain?: string
  }
  server?: NonNullable<TransactionEvent['server']> & {
    /** The name of the server that the client asks for (SNI). */
    domain?: string
  }
  related: TransactionEvent['related'] & {
    /** Fingerprints of hellos and certificates. */
    hash?: string[]
  }
  tls?: {
    /** Whether the handshake finished. */
    established?: boolean
    /** Whether an earlier session went on. */
    resumed?: boolean
    /** The version that is spoken; without an answer, the one in the client’s hello. */
    version?: string
    /** tls or ssl. */
    version_protocol?: string
    /** The cipher suite that the server chose. */
    cipher?: string
    /** The protocol that the server chose (ALPN); TLS 1.3 encrypts it. */
    next_protocol?: string
    client?: {
      /** The name of the server that the client asks for (SNI). */
      server_name?: string
      /** The cipher suites that the client offers, GREASE left out. */
      supported_ciphers?: string[]
      /** Fingerprint of the client’s hello, JA3. */
      ja3?: string
      /** Fingerprint of the client’s hello, JA4. */
      ja4?: string
      /** Whose the client’s certificate is. */
      subject?: string
      /** Who issued the client’s certificate. */
      issuer?: string
      /** Since when the client’s certificate is valid. */
      not_before?: string
      /** Until when the client’s certificate is valid. */
      not_after?: string
      hash?: {
        /** MD5 of the client’s certificate, in upper case. */
        md5?: string
        /** SHA1 of the client’s certificate, in upper case. */
        sha1?: string
        /** SHA256 of the client’s certificate, in upper case. */
        sha256?: string
      }
      /** Fingerprint of how the client’s certificate is made, JA4X. */
      ja4x?: string
      /** The client’s certificates as PEM, with include_raw_certificates. */
      certificate_chain?: string[]
      /** The client’s certificate: names, validity, serial number, algorithms. */
      x509?: Certificate
    }
    server?: {
      /** Fingerprint of the server’s hello, JA3S. */
      ja3s?: string
      /** Fingerprint of the server’s hello, JA4S. */
      ja4s?: string
      /** Whose the server’s certificate is. */
      subject?: string
      /** Who issued the server’s certificate. */
      issuer?: string
      /** Since when the server’s certificate is valid. */
      not_before?: string
      /** Until when the server’s certificate is valid. */
      not_after?: string
      hash?: {
        /** MD5 of the server’s certificate, in upper case. */
        md5?: string
        /** SHA1 of the server’s certificate, in upper case. */
        sha1?: string
        /** SHA256 of the server’s certificate, in upper case. */
        sha256?: string
      }
      /** Fingerprint of how the server’s certificate is made, JA4X. */
      ja4x?: string
      /** The server’s certificates as PEM, with include_raw_certificates. */
      certificate_chain?: string[]
      /** The server’s certificate: names, validity, serial number, algorithms. */
      x509?: Certificate
    }
    detailed?: {
      /** The certificates that follow the server’s own. */
      server_certificate_chain?: Certificate[]
      /** The certificates that follow the client’s own. */
      client_certificate_chain?: Certificate[]
      /** The version with the name of its protocol: TLS 1.2. */
      version?: string
      /** Whether the server asked for a certificate; TLS 1.3 encrypts it. */
      client_certificate_requested?: boolean
      /** How a session was resumed: id or ticket, in TLS 1.3 psk. */
      resumption_method?: string
      /** true, when the server asked for another hello, at the price of a round trip. */
      hello_retry_request?: boolean
      /** Status of the OCSP response that the server stapled. */
      ocsp_response?: string
      /** Alerts in the clear: severity, code, type, and source, client or server. */
      alerts?: {
        /** warning or fatal. */
        severity: string
        /** Its number. */
        code: number
        /** Its name, such as handshake_failure. */
        type: string
        /** Who sent it. */
        source: 'client' | 'server'
      }[]
      /** The types of these alerts. */
      alert_types?: string[]
      client_hello?: {
        /** Version in the client’s hello, such as 3.3 for TLS 1.2. */
        version?: string
        /** The client’s random, hexadecimal. */
        random?: string
        /** Session id in the client’s hello, hexadecimal. */
        session_id?: string
        extensions?: {
          /** Extension server_name_indication of the client’s hello. */
          server_name_indication?: string | string[]
          /** Extension max_fragment_length of the client’s hello. */
          max_fragment_length?: string | string[]
          /** Extension client_certificate_url of the client’s hello. */
          client_certificate_url?: string | string[]
          /** Extension truncated_hmac of the client’s hello. */
          truncated_hmac?: string | string[]
          /** Extension status_request of the client’s hello. */
          status_request?: {
            /** The server answers with a status. */
            response?: boolean
            /** How the client wants to be told: ocsp. */
            type?: string
            /** Bytes of its extensions. */
            request_extensions?: number
            /** Bytes of the list of responders. */
            responder_id_list_length?: number
          }
          /** Extension cert_type of the client’s hello. */
          cert_type?: string | string[]
          /** Extension supported_groups of the client’s hello. */
          supported_groups?: string | string[]
          /** Extension ec_points_formats of the client’s hello. */
          ec_points_formats?: string | string[]
          /** Extension srp of the client’s hello. */
          srp?: string | string[]
          /** Extension signature_algorithms of the client’s hello. */
          signature_algorithms?: string | string[]
          /** Extension application_layer_protocol_negotiation of the client’s hello. */
          application_layer_protocol_negotiation?: string | string[]
          /** Extension session_ticket of the client’s hello. */
          session_ticket?: string | string[]
          /** Extension supported_versions of the client’s hello. */
          supported_versions?: string | string[]
          /** Extensions of the client’s hello that are not decoded. */
          _unparsed_?: string[]
        }
        /** Compression that the client offers. */
        supported_compression_methods?: string[]
      }
      server_hello?: {
        /** Version in the server’s hello, such as 3.3 for TLS 1.2. */
        version?: string
        /** The server’s random, hexadecimal. */
        random?: string
        /** Session id in the server’s hello, hexadecimal. */
        session_id?: string
        extensions?: {
          /** Extension server_name_indication of the server’s hello. */
          server_name_indication?: string | string[]
          /** Extension max_fragment_length of the server’s hello. */
          max_fragment_length?: string | string[]
          /** Extension client_certificate_url of the server’s hello. */
          client_certificate_url?: string | string[]
          /** Extension truncated_hmac of the server’s hello. */
          truncated_hmac?: string | string[]
          /** Extension status_request of the server’s hello. */
          status_request?: {
            /** The server answers with a status. */
            response?: boolean
            /** How the client wants to be told: ocsp. */
            type?: string
            /** Bytes of its extensions. */
            request_extensions?: number
            /** Bytes of the list of responders. */
            responder_id_list_length?: number
          }
          /** Extension cert_type of the server’s hello. */
          cert_type?: string | string[]
          /** Extension supported_groups of the server’s hello. */
          supported_groups?: string | string[]
          /** Extension ec_points_formats of the server’s hello. */
          ec_points_formats?: string | string[]
          /** Extension srp of the server’s hello. */
          srp?: string | string[]
          /** Extension signature_algorithms of the server’s hello. */
          signature_algorithms?: string | string[]
          /** Extension application_layer_protocol_negotiation of the server’s hello. */
          application_layer_protocol_negotiation?: string | string[]
          /** Extension session_ticket of the server’s hello. */
          session_ticket?: string | string[]
          /** Extension supported_versions of the server’s hello. */
          supported_versions?: string | string[]
          /** Extensions of the server’s hello that are not decoded. */
          _unparsed_?: string[]
        }
        /** Compression that the server chose. */
        selected_compression_method?: string
      }
    }
  }
}

/** Who talks to whom. */
export interface FlowEvent extends CommonFields {
  event: CommonFields['event'] & {
    action: 'network_flow'
    dataset: 'flow'
    /** connection; and end, in the last report of the flow. */
    type: ('connection' | 'end')[]
    /** Time of the first packet. */
    start: string
    /** Time of the last packet. */
    end: string
    /** Nanoseconds from the first packet to the last. */
    duration: number
  }
  /** Tells events apart. */
  type: 'flow'
  /** When the flow was reported, by the packet clock. */
  '@timestamp': string
  flow: {
    /** Made of all addresses of the flow. */
    id: string
    /** True in the last report of the flow. */
    final: boolean
    /** VLAN number, the outer one first where there are two. */
    vlan?: number | number[]
    tcp?: {
      /** Nanoseconds from the SYN to the ACK that ends the handshake: the round trip as seen here. */
      handshake?: number
      /** TCP segments that were sent again. */
      retransmissions?: number
      /** TCP segments that came before their predecessors. */
      out_of_order?: number
      /** Times a side said that it can take no more. */
      zero_windows?: number
      /** TCP resets. */
      resets?: number
      /** How the connection ended: fin or reset. */
      end?: 'fin' | 'reset'
    }
  }
  source?: {
    /** Hardware address of the sender of the first packet. */
    mac?: string
    /** Address of the sender of the first packet; in a tunnel all of them, the outermost first. */
    ip?: string | string[]
    /** TCP, UDP or SCTP port of the sender of the first packet. */
    port?: number
    /** Bytes of all frames from the sender of the first packet, headers included. */
    bytes?: number
    /** Frames from the sender of the first packet. */
    packets?: number
    /** The process at the source, if it runs on this machine. */
    process?: EventProcess
  }
  destination?: {
    /** Hardware address of the other side. */
    mac?: string
    /** Address of the other side; in a tunnel all of them, the outermost first. */
    ip?: string | string[]
    /** TCP, UDP or SCTP port of the other side. */
    port?: number
    /** Bytes of all frames from the other side, headers included. */
    bytes?: number
    /** Frames from the other side. */
    packets?: number
    /** The process at the destination, if it runs on this machine. */
    process?: EventProcess
  }
  network?: {
    /** ipv4 or ipv6, of the outermost header. */
    type?: 'ipv4' | 'ipv6'
    /** tcp, udp, icmp, ipv6-icmp or sctp. */
    transport?: 'tcp' | 'udp' | 'icmp' | 'ipv6-icmp' | 'sctp'
    /** Community ID, version 1, seed 0. */
    community_id?: string
    /** ingress, egress, internal, inbound, outbound, external or unknown. */
    direction?: 'ingress' | 'egress' | 'internal' | 'inbound' | 'outbound' | 'external' | 'unknown'
    /** source.bytes and destination.bytes together. */
    bytes?: number
    /** source.packets and destination.packets together. */
    packets?: number
  }
  related?: {
    /** All addresses of the flow. */
    ip?: string[]
  }
  /** The process at the destination, else the one at the source. */
  process?: EventProcess
}
