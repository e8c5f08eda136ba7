// Microseconds of CPU that one HTTP transaction takes: parsed and paired; then with its event as JSON text too.
// Run: node --import tsx bench/parse-http.bench.ts

import { Clock } from '../lib/events/clock.js'
import { commonFields } from '../lib/events/common.js'
import { Endpoints } from '../lib/events/endpoints.js'
import { compileWriter } from '../lib/events/writer.js'
import type { Exchange } from '../lib/protocols/http/exchange.js'
import { http } from '../lib/protocols/http/index.js'
import type { Context, Segment } from '../lib/protocols/protocol.js'
import { WaitingRoom } from '../lib/transactions/waiting.js'
import { Memory } from '../lib/wire/memory.js'

const TRANSACTIONS = 200_000
const ROUNDS = 5

// As a browser and nginx say it: heads of about 390 and 270 bytes.
const request = (path: string) =>
  Buffer.from(
    [
      `GET ${path} HTTP/1.1`,
      'Host: shop.example',
      'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
      'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
      'Accept-Language: en-US,en;q=0.5',
      'Accept-Encoding: gzip, deflate, br',
      'Connection: keep-alive',
      'Cookie: session=0123456789abcdef; theme=dark',
      'Referer: http://shop.example/start',
      '',
      '',
    ].join('\r\n'),
  )
const body = '<p>hello</p>'.repeat(40)
const response = Buffer.from(
  [
    'HTTP/1.1 200 OK',
    'Server: nginx/1.22.1',
    'Date: Tue, 14 Nov 2023 22:13:20 GMT',
    'Content-Type: text/html; charset=utf-8',
    `Content-Length: ${body.length}`,
    'Last-Modified: Tue, 14 Nov 2023 20:00:00 GMT',
    'Connection: keep-alive',
    'ETag: "6553d2f0-1e0"',
    'Accept-Ranges: bytes',
    '',
    body,
  ].join('\r\n'),
)
const requests = [
  '/',
  '/static/style.css',
  '/cart?item=42&count=3',
  '/api/v1/orders/1234',
  '/search?q=red+shoes',
].map(request)

function run(emit: Context<Exchange>['emit']): number {
  const clock = new Clock()
  clock.time(1_700_000_000, 0)
  const converse = http.start(
    { ...http.options.parse({}), send_request: false, send_response: false, transaction_timeout: 10e9 },
    {
      clock,
      memory: new Memory(),
      emit,
      count: () => {},
      waitingRoom: (timedOut) => new WaitingRoom(10e9, timedOut),
    },
  )
  const conversations = Array.from({ length: 64 }, (_, place) =>
    converse(
      new Endpoints(clock, place, '10.0.0.1\x0010.0.0.2\x001:id', (40_000 + place) * 65_536 + 80, 6, 4),
    ),
  )
  const segment: Segment = { time: 0, direction: 0, bytes: response, start: 0, end: 0, cut: 0 }
  const before = process.cpuUsage()
  for (let count = 0; count < TRANSACTIONS; count++) {
    const conversation = conversations[count & 63]
    segment.time += 1000
    segment.direction = 0
    segment.bytes = requests[count % requests.length] as Buffer
    segment.end = segment.bytes.length
    conversation?.data(segment)
    segment.time += 1000
    segment.direction = 1
    segment.bytes = response
    segment.end = response.length
    conversation?.data(segment)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / TRANSACTIONS
}

const writer = compileWriter({ ...commonFields(() => 'unknown'), ...http.fields }, { type: 'http' })
let bytes = 0
const parse: number[] = []
const write: number[] = []
for (let round = 0; round < ROUNDS; round++) {
  parse.push(run(() => {}))
  write.push(
    run((endpoints, exchange) => {
      bytes += writer.text(exchange, endpoints).length
    }),
  )
}
const best = (values: number[]) => Math.min(...values).toFixed(2)
console.log(
  `http: ${best(parse)} us/transaction parsed and paired, ${best(write)} with its event of ${Math.round(bytes / ROUNDS / TRANSACTIONS)} characters`,
)
