// Started by killed.test.ts: puts numbered events into a pipeline with a queue on disk, sends them to the server, and
// tells on standard output, one line each, which are kept and which are acknowledged. Arguments: folder, port, first id,
// and how many events; 0: none, it ends when all that it finds is delivered.
import { writeSync } from 'node:fs'
import { lineOf } from '../../../lib/pipeline/batch.js'
import { DiskQueue } from '../../../lib/pipeline/disk/disk-queue.js'
import { Pipeline } from '../../../lib/pipeline/pipeline.js'
import { TcpOutput } from '../tcp.js'

const [path = '', port, first, events] = process.argv.slice(2)
const log = { info: () => undefined, warn: (message: string) => console.error(message) }
const disk = await DiskQueue.open({
  path,
  maxSize: 100e6,
  segmentSize: 1e5, // many of them, so that some go at every moment
  readAhead: 100,
  writeAhead: 1e6,
  retry: { init: 10, longest: 10 },
  batchEvents: 50,
  gives: 'text',
  log,
})
const output = new TcpOutput(Number(port), 3)
const pipeline = new Pipeline({
  output,
  wants: 'text',
  queue: { events: 3200, flush: { min_events: 50, timeout: 10e9 } },
  disk,
  delivery: { backoff: { init: 5, max: 20 } },
  log,
  ended: () => undefined,
})
let acknowledged: number[] = []
let delivered = 0
output.acknowledged = (batch) => {
  for (let index = 0; index < batch.count; index++)
    acknowledged.push((JSON.parse(lineOf(batch, index).toString()) as { id: number }).id)
  delivered += batch.count
}
let next = Number(first)
const last = next + Number(events)
const sink = pipeline.sink('wait')

function tell(): void {
  const counters = pipeline.counters()
  // They are written in their order.
  const unwritten = (counters['pipeline.queue.events'] as number) - (counters['queue.disk.events'] as number)
  let text = next > Number(first) ? `kept ${next - unwritten}\n` : ''
  if (
    acknowledged.length > 0 &&
    counters['pipeline.events.acked'] === delivered &&
    counters['queue.disk.acks_waiting'] === 0
  ) {
    text += `acknowledged ${acknowledged.join(' ')}\n`
    acknowledged = []
  }
  if (text !== '') writeSync(1, text)
}

writeSync(1, 'begun\n')
const timer = setInterval(() => {
  for (let count = 0; count < 40 && next < last; count++)
    sink.text(JSON.stringify({ id: next++, text: 'x'.repeat(next % 300) }))
  tell()
}, 2)
if (next === last) {
  await pipeline.close()
  clearInterval(timer)
  tell()
}
