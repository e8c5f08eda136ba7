import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { engines } from './support/matrix.js'
import { lacking, root } from './support/needs.js'
import { Network } from './support/network.js'
import { nginx } from './support/nginx.js'
import { call } from './support/processes.js'

const skip = lacking('nginx', 'curl', 'ping')
const library = join(root, 'dist/index.js')

/** A program that captures in the server's namespace; it prints what it has seen when its standard input ends. */
class Program {
  readonly #child: ChildProcessWithoutNullStreams
  #out = ''
  #errors = ''
  readonly #ended: Promise<unknown>

  /** `body`: the iteration over `reading`, and what of it is `seen`. */
  constructor(network: Network, options: object, body: string) {
    const source = `import { capture } from ${JSON.stringify(library)}
      const reading = capture(${JSON.stringify(options)})
      const stopping = new Promise((resolve) => process.stdin.on('end', resolve).resume())
      void stopping.then(() => reading.stop())
      const seen = []
      const work = (async () => { ${body} })()
      // It is open as soon as the first batch was asked for.
      process.stdout.write('ready\\n')
      const code = await work.then(() => undefined, (error) => error.code)
      process.stdout.write(JSON.stringify({ seen, code, statistics: reading.statistics() }))
      process.stdin.destroy()`
    const node = [process.execPath, '--input-type=module', '-e', source]
    this.#child = spawn('ip', ['netns', 'exec', network.server, ...node], { timeout: 60_000 })
    this.#child.stdout.on('data', (chunk) => {
      this.#out += chunk
    })
    this.#child.stderr.on('data', (chunk) => {
      this.#errors += chunk
    })
    this.#ended = new Promise((resolve) => this.#child.on('close', (status) => resolve(status)))
  }

  async ready(): Promise<this> {
    await Promise.race([
      this.#ended,
      new Promise<void>((resolve) => this.#child.stdout.once('data', () => resolve())),
    ])
    ok(this.#out.startsWith('ready\n'), this.#errors)
    return this
  }

  async end(): Promise<{
    seen: unknown[]
    code?: string
    statistics: { received: number; droppedByKernel: number }
  }> {
    this.#child.stdin.end()
    return this.told()
  }

  /** What it tells when it ends by itself. */
  async told(): ReturnType<Program['end']> {
    deepEqual([await this.#ended, this.#errors], [0, ''])
    return JSON.parse(this.#out.slice('ready\n'.length))
  }
}

describe('A program that captures live by the library', { skip }, () => {
  let network: Network
  before(async () => {
    network = new Network('veth')
    await nginx(network)
  })
  after(() => network?.remove())

  for (const engine of engines) {
    const options = (read: string, more: object = {}) => ({ device: network.device, engine, read, ...more })
    const ping = (count: number) =>
      call(network.client, ['ping', '-q', '-c', String(count), '-i', '0.01', network.ip4])

    test(`sees every packet, by ${engine}`, async () => {
      const program = await new Program(
        network,
        options('packets', { filter: 'icmp' }),
        `for await (const batch of reading) for (const packet of batch)
          seen.push([packet.sourceIp, packet.protocol, packet.wireLength, packet.data.length, packet.payload[0]])`,
      ).ready()
      await ping(50)
      const { seen, code, statistics } = await program.end()
      equal(code, undefined)
      equal(statistics.droppedByKernel, 0)
      const [request, reply] = [
        ['192.0.2.2', 1, 98, 98, 8],
        ['192.0.2.1', 1, 98, 98, 0],
      ]
      deepEqual(seen, Array.from({ length: 50 }, () => [request, reply]).flat())
    })

    test(`sees connections, and only those of the ports asked for, by ${engine}`, async () => {
      const program = await new Program(
        network,
        options('segments', { ports: [80] }),
        `for await (const batch of reading) for (const { type, direction, data, conversation, reason } of batch)
          seen.push([type, direction, conversation.destinationPort, data.toString('latin1').split('\\r\\n')[0], reason])`,
      ).ready()
      await network.ask(['curl', '-s', `http://${network.ip4}/missing`])
      await ping(3)
      const { seen, statistics } = await program.end()
      const [first, request, answer, ...rest] = seen as unknown[][]
      deepEqual(first, ['open', 0, 80, '', null])
      deepEqual(request, ['data', 0, 80, 'GET /missing HTTP/1.1', null])
      deepEqual(answer, ['data', 1, 80, 'HTTP/1.1 404 Not Found', null])
      deepEqual(rest.at(-1), ['close', 0, 80, '', 'fin'])
      // The kernel has left the pings out.
      ok(statistics.received < 20, `${statistics.received} packets`)
    })

    test(`has the flows that last until it is ended, by ${engine}`, async () => {
      const program = await new Program(
        network,
        options('flows', { filter: 'icmp' }),
        `for await (const batch of reading) for (const { sourcePackets, destinationPackets, final } of batch)
          seen.push([sourcePackets, destinationPackets, final])`,
      ).ready()
      await ping(20)
      deepEqual((await program.end()).seen, [[20, 20, true]])
    })

    test(`counts what the kernel dropped while it did not read, by ${engine}`, async () => {
      const program = await new Program(
        network,
        options('packets', { filter: 'icmp', bufferBytes: 1 << 20 }),
        `for await (const batch of reading) {
          seen.push(batch.length)
          await stopping
        }`,
      ).ready()
      await call(network.client, ['ping', '-q', '-f', '-s', '1400', '-c', '4000', network.ip4])
      const { seen, statistics } = await program.end()
      const read = (seen as number[]).reduce((sum, length) => sum + length, 0)
      equal(read, statistics.received)
      ok(statistics.droppedByKernel > 0, 'nothing was dropped')
      // Until it is full, libpcap's ring and the kernel count each packet once: read, or dropped.
      ok(read + statistics.droppedByKernel <= 8000 && read > 500, `${read} and ${statistics.droppedByKernel}`)
    })
  }

  test('may be given a device that is not there, and one that goes', async () => {
    const lost = new Program(
      network,
      { device: 'nothing0', read: 'packets' },
      'for await (const batch of reading) seen.push(batch.length)',
    )
    match(String((await lost.told()).code), /^ERR_CAPTURE_DEVICE_UNKNOWN$/)
    const own = new Network('veth')
    try {
      const program = await new Program(
        own,
        { device: own.device, read: 'packets', filter: 'icmp' },
        'for await (const batch of reading) seen.push(batch.length)',
      ).ready()
      await call(own.client, ['ping', '-q', '-c', '3', '-i', '0.01', own.ip4])
      own.unplug()
      const { code, statistics } = await program.told()
      equal(code, 'ERR_CAPTURE_DEVICE_GONE')
      equal(statistics.received, 6)
    } finally {
      own.remove()
    }
  })

  test('starts and stops a hundred times, which leaves nothing open', async () => {
    const program = new Program(
      network,
      { device: network.device, read: 'packets' },
      `const { readdirSync } = await import('node:fs')
      const held = () => [readdirSync('/proc/self/fd').length, readdirSync('/proc/self/task').length]
      const once = async (engine, how) => {
        const own = new AbortController()
        const iterator = capture({ device: 'lo', engine, read: 'packets', bufferBytes: 1 << 20, signal: own.signal })
          [Symbol.asyncIterator]()
        const waiting = iterator.next()
        if (how === 0) await iterator.return()
        else own.abort()
        await waiting.catch(() => undefined)
      }
      for (let round = 0; round < 4; round++) await once(['af_packet', 'pcap'][round % 2], (round >> 1) % 2)
      const before = held()
      for (let round = 0; round < 100; round++) await once(['af_packet', 'pcap'][round % 2], (round >> 1) % 2)
      seen.push(before, held())
      await reading[Symbol.asyncIterator]().return()`,
    )
    const { seen, code } = await program.told()
    equal(code, undefined)
    deepEqual(seen[1], seen[0])
  })
})
