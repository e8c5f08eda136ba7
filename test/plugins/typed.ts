// What a plug-in in TypeScript may and may not say; test/plugins/package.test.ts has the compiler read it, beside the package
// that a user has installed.
import {
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
  SECOND,
  type Transaction,
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

export default { protocols: [lines, pairs], outputs: [nowhere], processors: [same] } satisfies Plugin

// @ts-expect-error: an output is no protocol
export const wrong: Plugin = { protocols: [nowhere] }
