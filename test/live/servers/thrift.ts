// Serves test/live/servers/thrift/shop.thrift: node --import tsx thrift.ts GENERATED PORT:TRANSPORT:PROTOCOL... GENERATED is
// the folder with what the compiler made of it. TRANSPORT: buffered, framed. PROTOCOL: binary, compact, json, and
// multiplexed, which is binary with two services on one connection.
import { createRequire } from 'node:module'
import type { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import thrift from 'thrift'
import { how } from '../clients/thrift-how.js'

/** What @types/thrift leaves out. */
interface Multiplexing {
  MultiplexedProcessor: new () => { registerProcessor(name: string, processor: unknown): void }
  createMultiplexServer(processor: unknown, options: object): Server
}

const [generated = '', ...servers] = process.argv.slice(2)
const require = createRequire(`${generated}/`)
const Shop = require('./Shop.js')
const { NotFound, Item } = require('./shop_types.js')

type Answer = (error: unknown, value?: unknown) => void

const handler = {
  ping: (answer: Answer) => answer(null),
  echo: (text: string, answer: Answer) => answer(null, text),
  get: ({ id, name }: { id: number | null; name: string | null }, answer: Answer) =>
    id === null
      ? answer(new NotFound({ what: name, colour: 0x10 }))
      : answer(null, new Item({ name: `item ${id}`, colour: 1 })),
  keep: (item: unknown, _again: boolean, answer: Answer) => answer(null, item),
  add: (a: number, b: number, answer: Answer) => answer(null, Number(a) + Number(b)),
  count: (upTo: number, answer: Answer) =>
    answer(
      null,
      Array.from({ length: upTo }, (_, index) => index),
    ),
  log: () => {},
  wait: async (milliseconds: number, answer: Answer) => {
    await sleep(milliseconds)
    answer(null, milliseconds)
  },
  fail: (answer: Answer) => answer(new Error('out of order')),
}

for (const server of servers) {
  const [port = '', transport = '', protocol = ''] = server.split(':')
  const options = how(transport, protocol) as never
  const serving =
    protocol === 'multiplexed' ? multiplexed(options) : thrift.createServer(Shop, handler as never, options)
  serving.on('error', () => {}).listen(Number(port), '::')
}

function multiplexed(options: object): Server {
  const { MultiplexedProcessor, createMultiplexServer } = thrift as unknown as Multiplexing
  const processor = new MultiplexedProcessor()
  processor.registerProcessor('Shop', new Shop.Processor(handler))
  processor.registerProcessor('Base', new (require('./Base.js').Processor)(handler))
  return createMultiplexServer(processor, options)
}
