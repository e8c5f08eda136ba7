// The library on a device: a program in a network namespace that pings and reads what it sees of that.
import { deepEqual, equal, ok } from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { lacking, root } from './support/needs.js'
import { Network } from './support/network.js'

const library = pathToFileURL(join(root, 'dist/index.js')).href

/** Begins to capture, and pings when the capture is open. */
const program = (options: string, pings: string, rest: string) => `
  import { execFileSync } from 'node:child_process'
  import { setTimeout as sleep } from 'node:timers/promises'
  import { analyze } from '${library}'
  const analysis = analyze({ device: 'lo', protocols: ['icmp'], flows: false, ${options} })
  const events = analysis[Symbol.asyncIterator]()
  const first = events.next()
  while (Object.keys(analysis.statistics()).length === 0) await sleep(10)
  const ping = () => execFileSync('ping', ['-q', ...${pings}, '127.0.0.1'])
  ${rest}`

test('analyze on a device', { skip: lacking('ping') }, async (context) => {
  const network = new Network('lo')
  context.after(() => network.remove())
  const run = async (text: string) =>
    JSON.parse(await network.ask([process.execPath, '--input-type=module', '-e', text]))

  await context.test('events come as they happen, and leaving the loop ends the process', async () => {
    const seen = await run(
      program(
        '',
        "['-c', '3', '-i', '0.05']",
        `ping()
        const seen = [(await first).value.icmp.request.type]
        for await (const event of events) {
          seen.push(event.icmp.request.type)
          if (seen.length === 3) break
        }
        console.log(JSON.stringify(seen))`,
      ),
    )
    deepEqual(seen, [8, 8, 8])
  })

  await context.test('a reader that is too slow loses events, which are counted', async () => {
    const { read, counters } = await run(
      program(
        'configuration: { queue: { mem: { events: 32 } } }',
        "['-c', '2000', '-f']",
        `ping()
        await sleep(500)
        analysis.stop()
        let read = (await first).done ? 0 : 1
        for await (const event of events) read++
        console.log(JSON.stringify({ read, counters: analysis.statistics() }))`,
      ),
    )
    equal(counters['pipeline.events.published'], read)
    equal(counters['pipeline.events.acked'], read)
    ok(counters['pipeline.events.dropped'] > 0)
    equal(counters['icmp.events'] + counters['icmp.events_refused'], 2000)
  })

  await context.test('a signal ends it at once', async () => {
    const { name, milliseconds } = await run(
      program(
        'signal: AbortSignal.timeout(1500)',
        '[]',
        `try {
          await first
        } catch ({ name }) {
          console.log(JSON.stringify({ name, milliseconds: performance.now() }))
        }`,
      ),
    )
    equal(name, 'TimeoutError')
    ok(milliseconds > 1500)
  })
})
