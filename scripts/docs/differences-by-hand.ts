/** What no conformance case can show. */
export const byHand = `## Configuration

- An option that nobody knows is an error that names what was meant. Packetbeat ignores it.
- A port that two protocols of one transport ask for, a protocol or processor that there is not, a name in \`internal_networks\` that
  is none, and a second enabled output are errors at start.
- \`with_vlans\` is true unless it is configured: tagged traffic is watched too.
- \`buffer_size_mb\` is 64 unless it is configured, where Packetbeat has 24: half a second of 250,000 packets a second, the time a busy
  machine may take to get round to reading them.
- \`snaplen\` is 262,144 unless it is configured. A loopback device, and a card that joins segments, make frames of 65,549 bytes, of
  which Packetbeat's 65,535 lack the end: large bodies then have a hole in every segment.
- A packet that several devices show (a bridge and its ports, a bond, a VLAN, a router's two sides, a tunnel and what is in it) is one, where
  all devices are captured (\`any\`) or a file says which device each packet is from. Packetbeat makes events of each copy, of
  datagrams ones that fail: a query sent twice, an answer that nobody asked for. Copies are counted as \`copies\`. What a router
  gives other addresses to (NAT) is not the same packet, and has events on both sides of it.
- A protocol without \`ports\` has its usual ones.

## Command

- \`-I FILE\` reads at top speed and keeps the recorded times; \`-t\` is accepted and changes nothing. \`--realtime\` replays at the recorded pace,
  stamped with the current time, as Packetbeat does without \`-t\`.
- With no output configured, events go to the terminal. With no configuration file, every protocol is watched on its usual ports.
- Exit codes tell failures apart (\`packetbeat-native help\`).
- At the end of a file and at a signal everything read is decoded, paired, written and acknowledged; \`shutdown_timeout\` bounds that
  time and is never waited for.

## Outputs and queues

- A batch is sent again without end unless \`max_retries\` is configured; Packetbeat gives events up after three answers that refuse them.
- \`queue.disk\`: a damaged byte costs the batch it is in and nothing else; what was acknowledged is remembered to the event. Packetbeat's own
  queue files are left alone, and said to be there.
- \`path.data\` is locked by a live capture with a configuration file, and whenever there is a queue on disk.
- Events that an output refuses for good go to the files of \`logging.event_data\`; nothing else quotes events.
- Elasticsearch: an answer that a batch is too large halves the batch. A server that fails while another works costs no retries.
- Logstash: \`ttl\` works with pipelining too. An acknowledgement that nobody asked for, or that goes backwards, ends the connection. After a
  lost connection only what was not acknowledged is sent again. Without \`loadbalance\`, \`worker\` makes no further connections.
- Kafka: brokers are asked which versions they speak, so that \`version\`, \`metadata.full\` and \`channel_buffer_size\` mean nothing; brokers before
  0.11 are too old. Each partition's answer decides about its own events alone. Unknown topics and missing rights are waited for, not
  dropped.
- Redis: a wrong password, a full memory or a replica is told before events are sent.

## Processors

- \`rate_limit\` goes by the time of the events, so that a file read fast loses nothing that came at the allowed rate.
- \`fingerprint\` and \`move_fields\` leave an event that lacks a field, and count it.
- \`script\` runs in a sandbox of 32 MiB without files, network or modules of Node; one event takes 100 ms at most unless \`timeout\` says
  otherwise, and a script that needs longer again and again is suspended for a second. Objects that \`Get\` answers are copies.
- \`dns\`: other events do not wait for the answer. A lost datagram is repeated within the timeout, the next server is tried, resolv.conf is
  followed as it changes.
- \`add_kubernetes_metadata\`: without matchers pods are found by the addresses and ports of the event; Packetbeat's default looks for fields
  that do not exist, and so never matches. Addresses of pods that have ended are not used.
- \`add_cloud_metadata\`: live events never wait for it; those of a capture file wait for \`timeout\` at most. A login page that answers
  everything is not taken for a cloud.
- \`add_docker_metadata\`: a container is known from its first event on.

## Processes

- They are looked up when a connection opens, on a thread of their own, so that short connections are seen and no packet waits.
- Of a server that forks for each connection it is the child, or the parent where the look-up came before the fork.
- \`working_directory\` is filled; flows have \`parent.pid\` as all events do. Processes in other network namespaces are found.
- \`network.direction\` follows the addresses of this machine as they change; Packetbeat reads them once.

## Setup

- The index template is made of the fields there are; what does not fit a field's type costs its place in the index, never the event.
- Maps whose keys come from the network, such as headers, are \`flattened\`: they cannot fill the mapping up.
- \`overwrite\` acts once a run, not at each connection. Dashboards are loaded beside the capture, and a Kibana that cannot be reached is
  a warning.
- There are dashboards for Redis, Memcache, AMQP, ICMP and SIP as well.
- \`export dashboard\` needs no Kibana for the dashboards of this program.
- SIGHUP reads the configuration anew when it captures live as a service; what is wrong is told, and the run goes on as before. Packetbeat
  ends.
- \`/metrics\` of the HTTP endpoint speaks Prometheus.
`
