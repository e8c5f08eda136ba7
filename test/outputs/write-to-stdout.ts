// A program that writes events to its standard output until told to stop or the output ends; tells how on stderr.
import { console as consoleOutput } from '../../lib/outputs/console/index.js'
import { Pipeline } from '../../lib/pipeline/pipeline.js'
import { outputContext } from '../support/output-context.js'

const [count = '1000', ...flags] = process.argv.slice(2)
const context = outputContext()
const options = consoleOutput.options.parse(flags.includes('pretty') ? { pretty: true } : {})
let ended = ''
const pipeline = new Pipeline({
  output: await consoleOutput.open(options, context),
  wants: consoleOutput.wants(options),
  queue: { events: 3200, flush: { min_events: 1600, timeout: 0 } },
  delivery: consoleOutput.delivery?.(options),
  log: context.log,
  ended: (failure) => {
    ended = failure === undefined ? 'no reader' : ((failure as { code?: string }).code ?? 'failure')
  },
})
const sink = pipeline.sink('wait')
for (let id = 0; id < Number(count) && ended === ''; id++) {
  const event = { id, text: 'x'.repeat(1000) }
  if (sink.wants === 'text') sink.text(JSON.stringify(event))
  else sink.document(event)
  if (pipeline.pressure()) await pipeline.drained()
}
await pipeline.close().catch(() => undefined)
process.stderr.write(JSON.stringify({ ended, ...pipeline.counters() }))
