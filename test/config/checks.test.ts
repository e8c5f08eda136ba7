import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { failure, loaded, refused } from './support.js'

const http = (options: string) => `packetbeat.protocols:\n- {type: http, ${options}}\n`

// What is wrong, and all that a user is told about it. One sentence each, with the line.
const mistakes: readonly (readonly [what: string, text: string, told: RegExp])[] = [
  [
    'an unknown option of a protocol',
    'packetbeat.protocols:\n- type: http\n  send_al_headers: true\n',
    /^packetbeat\.yml:3: packetbeat\.protocols\[0\]\.send_al_headers is not a setting; did you mean send_all_headers\? allowed: .*hide_keywords.*\.$/,
  ],
  [
    'an unknown setting far from any',
    'zzzzzz: 1\n',
    /^packetbeat\.yml:1: zzzzzz is not a setting; allowed: .*packetbeat.*\.$/,
  ],
  [
    'an unknown protocol',
    'packetbeat.protocols:\n- type: htpp\n',
    /type: "htpp" is not known; did you mean http\? allowed: .*\.$/,
  ],
  [
    'a protocol without a type',
    'packetbeat.protocols:\n- ports: [80]\n',
    /packetbeat\.protocols\[0\] has no type; allowed: .*\.$/,
  ],
  [
    'protocols that are a text',
    'packetbeat.protocols: http\n',
    /packetbeat\.protocols must be a list of sections, not "http"\.$/,
  ],
  [
    'a section that is a text',
    'packetbeat.flows: 30s\n',
    /packetbeat\.flows must be a section with settings of its own, not "30s"\.$/,
  ],
  ['a port that is a name', http('ports: [http]'), /ports\[0\] must be a number, not "http"\.$/],
  ['a port that is too large', http('ports: [80, 80800]'), /ports\[1\] must be at most 65535, not 80800\.$/],
  ['a negative port', http('ports: [-1]'), /ports\[0\] must be at least 1, not -1\.$/],
  [
    'a truth value that is none',
    http('send_request: sometimes'),
    /send_request must be true or false, not "sometimes"\.$/,
  ],
  [
    'a duration that is none',
    http('transaction_timeout: ten'),
    /transaction_timeout must be a duration, such as .*, not "ten"\.$/,
  ],
  [
    'a negative duration',
    http('transaction_timeout: -5s'),
    /transaction_timeout must be at least 1ms, not -5s\.$/,
  ],
  [
    'a duration without its unit',
    'packetbeat.flows.timeout: 30\n',
    /must be a duration with a unit, such as 30s, not 30\.$/,
  ],
  [
    'a short flow timeout',
    'packetbeat.flows.timeout: 100ms\n',
    /packetbeat\.flows\.timeout must be at least 1s, not 100ms\.$/,
  ],
  [
    'a short flow period',
    'packetbeat.flows.period: 500ms\n',
    /packetbeat\.flows\.period must be at least 1s or -1s, not 500ms\.$/,
  ],
  [
    'a value that is not among some',
    'packetbeat.interfaces.type: pcapp\n',
    /must not be "pcapp"; did you mean pcap\? allowed: af_packet, pcap, .*\.$/,
  ],
  [
    'a network that is none',
    'packetbeat.interfaces.internal_networks: [privat]\n',
    /internal_networks\[0\] must not be "privat"; did you mean private\? allowed: a CIDR block .*\.$/,
  ],
  ['a small queue', 'queue.mem.events: 0\n', /queue\.mem\.events must be at least 32, not 0\.$/],
  [
    'a batch larger than its queue',
    'queue.mem: {events: 64, flush.min_events: 65}\n',
    /min_events must be at most queue\.mem\.events, 64, not 65\.$/,
  ],
  ['an unknown queue', 'queue.ring.events: 10\n', /queue\.ring is not a setting; allowed: mem, disk\.$/],
  ['a queue on disk without a size', 'queue.disk.path: /tmp\n', /queue\.disk\.max_size is missing\.$/],
  [
    'a queue on disk that is too small',
    'queue.disk.max_size: 9MB\n',
    /queue\.disk\.max_size must be at least 10MB, or 0 for as much as the disk has\.$/,
  ],
  [
    'segments larger than half of the queue',
    'output.console: {}\noutput.console.queue.disk: {max_size: 10MB, segment_size: 6MB}\n',
    /output\.console\.queue\.disk\.segment_size must be at most half of max_size, 5MB, not 6MB\.$/,
  ],
  [
    'segments that are too small',
    'queue.disk: {max_size: 10MB, segment_size: 1000}\n',
    /queue\.disk\.segment_size must be at least 1MB, not 1000\.$/,
  ],
  [
    'two queues',
    'queue: {mem.events: 64, disk.max_size: 10MB}\n',
    /queue\.disk must not be set beside mem; remove one of the two\.$/,
  ],
  [
    'a fanout group without AF_PACKET',
    'packetbeat.interfaces.fanout_group: 7\n',
    /fanout_group needs type: af_packet beside it\.$/,
  ],
  [
    'a ring smaller than a packet',
    'packetbeat.interfaces: {buffer_size_mb: 1, snaplen: 10000000}\n',
    /buffer_size_mb must be at least 10 for packets of 10000000 bytes/,
  ],
  [
    'a device twice',
    'packetbeat.interfaces:\n- device: lo\n- device: lo\n',
    /packetbeat\.interfaces\[1\]\.device must not be lo again, as in packetbeat\.interfaces\[0\]/,
  ],
  [
    'an entry for a device that nobody captures on',
    'packetbeat.interfaces.device: lo\npacketbeat.protocols:\n- {type: http, interface.device: eth7}\n',
    /interface\.device must be a device of packetbeat\.interfaces \(lo\), not eth7\.$/,
  ],
  [
    'a port of two protocols',
    'packetbeat.protocols:\n- {type: http, ports: [80]}\n- {type: mysql, ports: [80]}\n',
    /packetbeat\.yml:3: .*must not share TCP port 80 between http and mysql, see packetbeat\.protocols\[0\]\.$/,
  ],
  [
    'a port of two entries',
    'packetbeat.protocols:\n- {type: http}\n- {type: http, ports: [8080]}\n',
    /must not share TCP port 8080 between two entries of http/,
  ],
  [
    'two entries for ICMP',
    'packetbeat.protocols:\n- type: icmp\n- type: icmp\n',
    /is a second entry for icmp, beside packetbeat\.protocols\[0\]; there may be one\.$/,
  ],
  [
    'two outputs',
    'output.console.pretty: true\noutput.file.path: /tmp\n',
    /there are output\.console and output\.file; set enabled: false on all but one\.$/,
  ],
  ['an unknown output', 'output.fille.path: x\n', /output\.fille is not a setting; did you mean file\?/],
  ['a missing option', 'output.file.filename: x\n', /^packetbeat\.yml:1: output\.file\.path is missing\.$/],
  [
    'an unknown processor',
    'processors:\n- drop_evnt:\n',
    /processors\[0\]\.drop_evnt is not a processor; did you mean drop_event\?/,
  ],
  [
    'two processors in one entry',
    'processors:\n- drop_event:\n  add_tags: {tags: [a]}\n',
    /processors\[0\] must be one processor, not 2 \(drop_event, add_tags\)\.$/,
  ],
  [
    'an unknown condition',
    'processors:\n- drop_event.when.equal.type: http\n',
    /processors\[0\]\.drop_event\.when\.equal is not a setting; did you mean equals\?/,
  ],
  [
    'an unknown processor in a protocol',
    http('processors: [{nothing: ~}]'),
    /packetbeat\.protocols\[0\]\.processors\[0\]\.nothing is not a processor/,
  ],
  [
    'an option of a protocol to come',
    'packetbeat.protocols:\n- {type: cassandra, compressor: lz4}\n',
    /compressor must not be "lz4"; allowed: snappy/,
  ],
]

describe('one sentence tells', () => {
  for (const [what, text, told] of mistakes)
    it(what, () => {
      const message = refused(text)
      assert.match(message, told)
      assert.match(message, /^(packetbeat\.yml|-E \S+)(:\d+)?: [^\n]+\.$/)
      const { code, exit } = failure(() => loaded(text))
      assert.deepEqual([code, exit], ['ERR_CONFIG_INVALID', 3])
    })
})

describe('several mistakes', () => {
  it('are told together, a line each, in the order of the file', () => {
    const message = refused(
      'zzzzzz: 1\nqueue.mem.events: 1\npacketbeat.protocols:\n- {type: http, ports: [0], send_request: 7}\n',
    )
    const [head, ...lines] = message.split('\n')
    assert.equal(head, 'there are 4 mistakes in the configuration:')
    assert.deepEqual(
      lines.map((line) => /:(\d+): /.exec(line)?.[1]),
      ['1', '2', '4', '4'],
    )
  })

  it('are one when a misspelt key is also a missing one', () => {
    assert.match(
      refused('processors:\n- drop_fields: {feilds: [a]}\n'),
      /^packetbeat\.yml:2: .*did you mean fields\?[^\n]*$/,
    )
  })
})

it('no message shows a secret', () => {
  for (const text of ['output.redis.password: [s3cret]\n', 'output.kafka.hosts: {a: "http://u:s3cret@h"}\n'])
    assert.doesNotMatch(refused(text), /s3cret/)
})

it('an output that is switched off is no second output', () => {
  const { output } = loaded('output.elasticsearch: {enabled: false, hosts: [a]}\noutput.console:\n')
  assert.equal(output?.plugin.name, 'console')
})

it('the output does not matter when nothing is published', () => {
  assert.equal(loaded('output.redis.hosts: [a]\n', { publish: false }).output?.plugin.name, 'discard')
})

it('a file without an output is fine for a run, and refused where one is needed', () => {
  assert.equal(loaded('name: a\n').output, undefined)
  assert.match(
    refused('name: a\n', { outputNeeded: true }),
    /no output is configured.*add one of output\.console/,
  )
})
