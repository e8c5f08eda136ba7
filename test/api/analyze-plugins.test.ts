import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import {
  type AnalyzeOptions,
  analyze,
  type Context,
  defineFields,
  defineProcessor,
  defineProtocol,
  FROM_CLIENT,
  type Plugin,
  type Transaction,
  z,
} from '../../lib/index.js'
import { traceFolder } from '../support/traces.js'

/** One connection on port 11300, of which the client sends 31 segments: 30 commands, one of them in two. */
const file = join(traceFolder, 'beanstalkd/greenstalk.pcap')
const SEGMENTS = 31

interface Command extends Transaction {
  word: string
}

/** Tells the first word of what a client sends, and throws at those that begin with `broken`. */
const words = (broken?: string): Plugin => ({
  protocols: [
    defineProtocol({
      name: 'words',
      title: 'first words',
      transports: ['tcp'],
      ports: [11300],
      options: z.strictObject({ upper: z.boolean().default(false) }),
      counters: { seen: 'segments' },
      fields: defineFields<Command>({
        method: { type: 'keyword', description: 'The first word.', value: ({ word }) => word },
      }),
      start:
        ({ upper }, context: Context<Command>) =>
        (endpoints) => ({
          data({ time, direction, bytes, start, end }) {
            if (direction !== FROM_CLIENT) return
            context.count('seen')
            const word = bytes.toString('latin1', start, end).split(/\s/)[0] as string
            if (word === broken) throw new Error('no such word')
            const sizes = { sourceBytes: end - start, destinationBytes: 0 }
            context.emit(endpoints, {
              ...sizes,
              start: time,
              status: 'OK',
              word: upper ? word.toUpperCase() : word,
            })
          },
        }),
    }),
  ],
  processors: [
    defineProcessor({
      name: 'mark',
      title: 'marks events',
      options: z.strictObject({ as: z.string() }),
      create:
        ({ as }) =>
        (event) => ({ ...event, mark: as }),
    }),
  ],
})

async function read(options: object) {
  const analysis = analyze({ file, flows: false, ...options } as AnalyzeOptions)
  const events: Record<string, unknown>[] = []
  for await (const event of analysis) events.push({ ...event })
  return { events, statistics: analysis.statistics() }
}

describe('plug-ins that analyze is handed', () => {
  const configured = {
    plugins: [words()],
    protocols: [{ type: 'words', upper: true }],
    processors: [{ mark: { as: 'ours' } }],
  }

  it('decode and change events as if they were built in', async () => {
    const { events, statistics } = await read(configured)
    assert.equal(events.length, SEGMENTS)
    assert.equal(statistics['words.seen'], SEGMENTS)
    assert.deepEqual(events.map(({ type, mark, method }) => [type, mark, method]).slice(0, 2), [
      ['words', 'ours', 'USE'],
      ['words', 'ours', 'WATCH'],
    ])
  })

  it('are known to that call alone', async () => {
    await read(configured)
    await assert.rejects(read({ ...configured, plugins: [] }), { code: 'ERR_CONFIG_INVALID' })
    assert.equal((await read({})).events.length, 0)
    assert.equal((await read({ plugins: [words()] })).events.length, SEGMENTS)
  })

  it('lose the conversation in which they throw, and nothing else', async () => {
    const warnings: string[] = []
    const { events, statistics } = await read({
      plugins: [words('kick')],
      log: { warn: (message: string) => warnings.push(message) },
    })
    assert.deepEqual([events.length, statistics['words.defects']], [SEGMENTS - 1, 1])
    assert.match(warnings[0] as string, /^plug-in plugins\[0\]: protocol words: data: no such word/)
  })

  it('that are none are told by their place in the list', async () => {
    const wrong = { protocols: [{ name: 'half' }] }
    await assert.rejects(read({ plugins: [words(), wrong] }), {
      code: 'ERR_PLUGIN_INVALID',
      message: /plugins\[1\]/,
    })
    await assert.rejects(read({ plugins: [words(), words()] }), { message: /words/ })
  })
})
