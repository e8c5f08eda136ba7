import { deepEqual, equal, ok } from 'node:assert/strict'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parse } from 'yaml'
import { Capture, type Event } from './support/capture.js'
import { folder } from './support/folder.js'
import { wentWell } from './support/losses.js'
import { cli, lacking, root } from './support/needs.js'
import { Network, write } from './support/network.js'
import { start } from './support/processes.js'

// What packetbeat.yml ends with as it is shipped.
const processors = `
processors:
  - if.contains.tags: forwarded
    then:
      - drop_fields:
          fields: [host]
    else:
      - add_host_metadata: ~
  - add_cloud_metadata: ~
  - add_docker_metadata: ~
  - detect_mime_type:
      field: http.request.body.content
      target: http.request.mime_type
  - detect_mime_type:
      field: http.response.body.content
      target: http.response.mime_type
`

describe('the processors of the sample configuration', { skip: lacking('ping') }, () => {
  let network: Network
  before(() => {
    network = new Network('veth')
  })
  after(() => network?.remove())

  /** Runs the program over a capture file. */
  async function read(more: string) {
    const home = folder()
    const text = `packetbeat.protocols: [{type: http, include_body_for: [text/html]}]\noutput.console: {}\n${more}${processors}`
    const file = write(join(home, 'packetbeat.yml'), text)
    const capture = join(root, 'test/traces/sample.pcap')
    const words = ['run', '-I', capture, '-c', file, '-e', '--strict.perms=false', '--path.data', home]
    const began = performance.now()
    const running = start(network.server, [process.execPath, cli, ...words])
    const status = await running.ended
    const events: Event[] = running
      .stdout()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
    const log: string[] = running
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line).message)
    return { status, events, log, took: performance.now() - began }
  }

  test('tell of this machine in every event of a capture file, and end with it', async () => {
    const { status, events, log, took } = await read('')
    equal(status, 0)
    equal(events.length, 10)
    for (const { host, cloud, container } of events) {
      deepEqual([host.hostname, host.os.type, cloud, container], [hostname(), 'linux', undefined, undefined])
      ok(host.ip.includes('192.0.2.1'))
    }
    ok(events.some(({ http }) => http.response?.mime_type?.startsWith('text/html')))
    equal(log.filter((line) => line.includes('no cloud answered')).length, 1)
    // No server of a cloud can be reached from here, and nothing else is waited for.
    ok(took < 3000, `${took} ms`)
  })

  test('tell nothing of this machine in events that are forwarded', async () => {
    const { status, events } = await read('tags: [forwarded]\n')
    deepEqual([status, events.length], [0, 10])
    for (const { host, tags } of events) deepEqual([host, tags], [undefined, ['forwarded']])
  })

  test('are no burden to a live capture, nor to its end', async () => {
    const list = parse(processors).processors as object[]
    const settings = { engine: 'af_packet', protocols: [{ type: 'icmp' }], processors: list } as const
    const capture = await Capture.ready(network, settings)
    await network.ask(['ping', '-n', '-i', '0.05', '-c', '10', network.ip4])
    await new Promise((done) => setTimeout(done, 400))
    const began = performance.now()
    const result = await capture.interrupt('SIGINT')
    ok(performance.now() - began < 2000)
    const pings = result.events.filter(({ source }) => source.ip === '192.0.2.2')
    deepEqual(
      pings.map(({ host }) => host.hostname),
      Array(10).fill(hostname()),
    )
    wentWell(result)
  })
})
