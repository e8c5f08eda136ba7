// What a plug-in in TypeScript may and may not say; test/plugins/package.test.ts has the compiler read it, beside the package
// that a user has installed.
import {
  type AnalyzeOptions,
  analyze,
  type Context,
  type Conversation,
  defineFields,
  defineOutput,
  defineProcessor,
  defineProtocol,
  duration,
  type Exchange,
  exchangeCounters,
  exchanges,
  NOTHING_LEFT,
  type Plugin,
  type ProtocolOptions,
  SECOND,
  type Transaction,
  type TransactionEvent,
  z,
} from 'packetbeat-native'

interface Line extends Transaction {
  words: string[]
}

const lines = defineProtocol({
  name: 'lines',
  title: 'Lines',
  transports: ['tcp'],
  ports: [4711],
  options: z.strictObject({ limit: z.int().default(10), wait: duration().default(SECOND) }),
  counters: { seen: 'lines' },
  fields: defineFields<Line>({
    method: { type: 'keyword', description: 'First word.', value: ({ words }) => words[0] },
    // @ts-expect-error: a transaction has no such part
    query: { type: 'keyword', description: 'All words.', value: ({ word }) => word },
    // @ts-expect-error: there is no such type
    status: { type: 'string', description: 'How it went.', value: ({ status }) => status },
  }),
  start({ limit, wait, transaction_timeout }, context: Context<Line>) {
    const total: number = limit + wait + transaction_timeout
    return (endpoints): Conversation => ({
      data({ time: start }) {
        const bytes = { sourceBytes: total, destinationBytes: 0 }
        const words = [endpoints.sourceIp]
        context.emit(endpoints, { start, ...bytes, words, status: 'OK' })
        // @ts-expect-error: a transaction has to have its words
        context.emit(endpoints, { start, ...bytes, status: 'OK' })
        // @ts-expect-error: that is no status
        context.emit(endpoints, { start, ...bytes, words, status: 'Good' })
      },
    })
  },
})

const pairs = defineProtocol({
  name: 'pairs',
  title: 'Lines and their answers',
  transports: ['tcp'],
  ports: [4712],
  options: z.strictObject({}),
  counters: exchangeCounters,
  fields: defineFields<Exchange<string, number>>({
    query: { type: 'keyword', description: 'The line.', value: ({ request }) => request },
    'pairs.answer': { type: 'long', description: 'The answer.', value: ({ response }) => response },
  }),
  start: (_options, context) =>
    exchanges(context, {
      request: (cursor) => cursor.line(),
      response: (cursor) => cursor.u32(),
      failed: (response) => response > 0,
    }),
})

const nowhere = defineOutput({
  name: 'nowhere',
  title: 'nowhere',
  options: z.strictObject({ url: z.url() }),
  wants: () => 'text',
  // @ts-expect-error: no such option
  delivery: ({ uri }) => ({ maxRetries: uri }),
  open: async ({ url }) => ({
    lanes: [{ name: url, send: async () => NOTHING_LEFT }],
    close: async () => undefined,
  }),
})

const same = defineProcessor({
  name: 'same',
  title: 'nothing',
  options: z.strictObject({ word: z.string() }),
  create:
    ({ word }) =>
    (event) => ({ ...event, word }),
})

const plugin = { protocols: [lines, pairs], outputs: [nowhere], processors: [same] } satisfies Plugin
export default plugin

declare module 'packetbeat-native' {
  interface EventTypes {
    lines: LinesEvent
  }
  interface ProtocolEntries {
    lines: LinesOptions
  }
  interface ProcessorEntry {
    same?: { word: string }
  }
}

interface LinesEvent extends TransactionEvent {
  type: 'lines'
  method?: string
}

interface LinesOptions extends ProtocolOptions {
  type: 'lines'
  ports?: number[]
  limit?: number
}

/** What a program that hands the plug-in over may say and is told. */
export async function analysed(): Promise<void> {
  const processors = [{ same: { word: 'x' } }]
  const protocols: AnalyzeOptions['protocols'] = ['http', { type: 'lines', ports: [4711], limit: 3 }]
  for await (const event of analyze({ file: 'x', plugins: [plugin], protocols, processors })) {
    if (event.type === 'lines') {
      const method: string | undefined = event.method
      void method
      // @ts-expect-error: no such field
      void event.metod
    }
    // @ts-expect-error: no such type
    if (event.type === 'line') return
  }
  // @ts-expect-error: no such option
  analyze({ plugins: [plugin], protocols: [{ type: 'lines', limits: 3 }] })
  // @ts-expect-error: no such processor
  analyze({ plugins: [plugin], processors: [{ sam: { word: 'x' } }] })
}

// @ts-expect-error: an output is no protocol
export const wrong: Plugin = { protocols: [nowhere] }
