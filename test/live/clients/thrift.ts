// Calls what test/live/servers/thrift.ts serves, and prints what it did as JSON.
//
//   node --import tsx thrift.ts HOST PORT TRANSPORT PROTOCOL GENERATED day|crowd|short
//
// short: what makes a small capture.
import { createRequire } from 'node:module'
import thrift from 'thrift'
import { how } from './thrift-how.js'

/** A call, as an event tells of it when it knows the interface files. */
export interface Done {
  method: string
  service: string
  params: string
  /** undefined: oneway. */
  returned?: string
  exceptions?: string
}

const [host = '', port, transport = '', protocol = '', generated = '', scenario] = process.argv.slice(2)
const require = createRequire(`${generated}/`)
const Newer = require('./Newer.js')
const { Item, Key } = require('./shop_types.js')

const options = how(transport, protocol) as never
const connection = thrift.createConnection(host, Number(port), options)
const failed = new Promise<never>((_, reject) => connection.on('error', reject))
failed.catch(() => {})

// biome-ignore lint/suspicious/noExplicitAny: what the compiler made has no types
const client = (of: unknown, name: string): any =>
  protocol === 'multiplexed'
    ? new thrift.Multiplexer().createClient(name, of as never, connection as never)
    : thrift.createClient(of as never, connection)

const shop = client(Newer, 'Shop')
const base = protocol === 'multiplexed' ? client(require('./Base.js'), 'Base') : shop
const done: Done[] = []

const Base = 'Base'
const Shop = 'Shop'

/** Calls, and notes what has come back as the interface files would have it written. */
async function call(
  result: Promise<unknown>,
  method: string,
  params: string,
  returned: string,
  exceptions?: string,
  service = Shop,
): Promise<void> {
  const entry: Done = { method, service, params, returned }
  if (exceptions !== undefined) entry.exceptions = exceptions
  done.push(entry)
  const threw = await Promise.race([failed, result.then(() => false).catch(() => true)])
  if (threw !== (exceptions !== undefined))
    throw new Error(`${method}${params}: ${threw ? 'threw' : 'did not throw'}`)
}

async function day(): Promise<void> {
  await call(base.ping(), 'ping', '()', '', undefined, Base)
  await call(
    base.echo('höre "dies"'),
    'echo',
    String.raw`(text: "höre \"dies\"")`,
    String.raw`"höre \"dies\""`,
    undefined,
    Base,
  )
  await call(base.echo(''), 'echo', '(text: "")', '""', undefined, Base)
  if (scenario === 'day') await large()
  await call(shop.add(-1, 2 ** 40), 'add', '(a: -1, b: 1099511627776)', '1099511627775')
  await call(
    shop.get(new Key({ id: 7 })),
    'get',
    '(key: (id: 7))',
    '(name: "item 7", colour: RED, weight: 1.5)',
  )
  await call(
    shop.get(new Key({ name: 'shoe' })),
    'get',
    '(key: (name: "shoe"))',
    '',
    '(missing: (what: "shoe", colour: BLUE))',
  )
  const part = new Item({ name: 'lace', price: 10, colour: 2 })
  const item = new Item({
    name: 'boot',
    price: -(2 ** 50),
    colour: 0x10,
    tags: ['warm', ''],
    stock: { Rome: 3 },
    part,
    sizes: [-300, 44],
    weight: 0.25,
    sold: true,
    level: -7,
    picture: Buffer.from([0xff, 0xd8, 0x00]),
    kin: { 1: [part, part] },
  })
  const lace = '(name: "lace", price: 10, colour: GREEN, weight: 1.5)'
  const boot =
    '(name: "boot", price: -1125899906842624, colour: BLUE, tags: ["warm", ""], stock: {"Rome": 3}, ' +
    `part: ${lace}, sizes: {-300, 44}, weight: 0.25, sold: true, level: -7, picture: ffd800, kin: {RED: [${lace}, ${lace}]})`
  await call(shop.keep(item, false), 'keep', `(item: ${boot}, again: false)`, boot)
  await call(shop.count(0), 'count', '(upTo: 0)', '[]')
  shop.log('gone')
  done.push({ method: 'log', service: Shop, params: '(line: "gone")' })
  await call(shop.fail(), 'fail', '()', '', 'TApplicationException(message: "out of order")')
  await call(
    shop.missing(5),
    'missing',
    '(number: 5)',
    '',
    `TApplicationException(message: "Unknown function missing")`,
    // A multiplexed client names the service; else the interface file says whose method it is.
    protocol === 'multiplexed' ? Shop : 'Newer',
  )
}

/** What takes many segments. */
async function large(): Promise<void> {
  const long = 'x'.repeat(300_000)
  const cut = `"${'x'.repeat(200)}..."`
  await call(base.echo(long), 'echo', `(text: ${cut})`, cut, undefined, Base)
  const first = '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, ...]'
  await call(shop.count(100_000), 'count', '(upTo: 100000)', first)
}

/** Hundreds of calls at once, of which the earlier ones are answered last. */
async function crowd(): Promise<void> {
  const calls: Promise<void>[] = []
  for (let index = 0; index < 200; index++) {
    calls.push(call(shop.add(index, 1), 'add', `(a: ${index}, b: 1)`, String(index + 1)))
    const time = 60 - 10 * (index % 7)
    if (index % 4 === 0) calls.push(call(shop.wait(time), 'wait', `(milliseconds: ${time})`, String(time)))
  }
  await Promise.all(calls)
}

await (scenario === 'crowd' ? crowd() : day())
connection.end()
console.log(JSON.stringify(done))
