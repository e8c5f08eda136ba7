// What the Kafka output costs this process for an event, against a broker in another process that only acknowledges.
//
//   node --import tsx bench/kafka.bench.ts [HOST:PORT]
//
// With the address of a real broker, against that one.
import { fork } from 'node:child_process'
import { kafka } from '../lib/outputs/kafka/index.js'
import { Pipeline } from '../lib/pipeline/pipeline.js'
import { fakeKafka } from '../test/support/fake-kafka.js'
import { outputContext } from '../test/support/output-context.js'

const EVENTS = 200_000
const SINK = 'sink'
const context = outputContext()

// As long as an HTTP transaction's, and as alike as they are.
const prefix = `{"@metadata":{"beat":"packetbeat"},"agent":{"name":"bench","id":"77c7c37e-a053-8a11-801a-befc0546da7d"},"@timestamp":"2024-01-01T00:00:`
const rest = `"type":"http","network":{"transport":"tcp","protocol":"http","direction":"ingress"},"user_agent":{"original":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"},"url":{"scheme":"http","domain":"shop.example","full":"http://shop.example/`
const event = (number: number): string => {
  const hash = Math.imul(number, 2654435761) >>> 0
  const seconds = String(10 + (Math.floor(number / 100) % 50))
  const address = `"ip":"10.${hash & 255}.${(hash >>> 8) & 255}.${(hash >>> 16) & 255}","port":${hash % 65536}`
  return `${prefix}${seconds}.${100 + (number % 900)}Z",${rest}item/${hash.toString(36)}?page=${number}"},"source":{${address},"bytes":${hash % 9999}},"destination":{"ip":"192.0.2.1","port":80,"bytes":${number % 100000}},"event":{"duration":${hash % 1000000},"dataset":"http","kind":"event"},"http":{"request":{"method":"GET","headers":{"content-length":0}},"response":{"status_code":200,"body":{"bytes":${hash % 77777}}}},"status":"OK","method":"GET","query":"GET /item/${hash.toString(36)}","host":{"name":"bench"},"ecs":{"version":"8.0.0"}}`
}

async function measure(name: string, options: object): Promise<void> {
  const parsed = kafka.options.parse({ topic: `bench-${name.replace(/\W+/g, '-')}`, ...options })
  const output = await kafka.open(parsed, context)
  const queue = { events: 3200, flush: { min_events: 1600, timeout: 10e9 } }
  const ended = (failure: Error | undefined) => console.error(failure)
  const delivery = kafka.delivery?.(parsed)
  const pipeline = new Pipeline({ output, wants: 'text', queue, delivery, log: context.log, ended })
  const sink = pipeline.sink('wait')
  const texts = Array.from({ length: 10_000 }, (_, number) => event(number))
  const started = performance.now()
  const before = process.cpuUsage()
  for (let number = 0; number < EVENTS; number++) {
    sink.text(texts[number % texts.length] as string)
    if (pipeline.pressure()) await pipeline.drained()
  }
  await pipeline.close()
  const { user, system } = process.cpuUsage(before)
  const wall = (performance.now() - started) / 1000
  const { 'pipeline.events.acked': acked = 0 } = pipeline.counters()
  if (acked !== EVENTS) console.error(`${name}: ${acked} of ${EVENTS} events: ${context.warnings.join('; ')}`)
  console.log(
    `${name.padEnd(14)} ${((user + system) / EVENTS).toFixed(2)} µs CPU/event, ` +
      `${Math.round((EVENTS / (user + system)) * 1e6)} events per CPU second, ${Math.round(EVENTS / wall)} a second`,
  )
}

if (process.argv[2] === SINK) {
  const { port, received } = await fakeKafka({ partitions: 3 })
  // What was taken is not to fill the memory.
  setInterval(() => received.splice(0), 100)
  process.send?.(port)
} else {
  const sink = process.argv[2] === undefined ? fork(import.meta.filename, [SINK]) : undefined
  const port = sink && (await new Promise((resolve) => sink.once('message', resolve)))
  const hosts = [process.argv[2] ?? `127.0.0.1:${port}`]
  console.log(`an event has ${event(12345).length} bytes`)
  for (let round = 0; round < 2; round++) {
    for (const compression of ['none', 'lz4', 'snappy', 'gzip'])
      await measure(compression, { hosts, compression })
    await measure('gzip, level 1', { hosts, compression_level: 1 })
    await measure('none, keys', { hosts, compression: 'none', key: '%{[source.ip]}' })
    await measure('none, in turn', {
      hosts,
      compression: 'none',
      partition: { round_robin: { group_events: 100 } },
    })
  }
  sink?.kill()
}
