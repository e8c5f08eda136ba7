// What DNS costs without capture and output: parsing a query and its response, and the whole way from their datagrams
// to the event's text, per transaction.
import { Clock } from '../lib/events/clock.js'
import { commonFields } from '../lib/events/common.js'
import { Endpoints } from '../lib/events/endpoints.js'
import { compileWriter } from '../lib/events/writer.js'
import { dns } from '../lib/protocols/dns/index.js'
import { message } from '../lib/protocols/dns/message.js'
import { WaitingRoom } from '../lib/transactions/waiting.js'
import { Memory } from '../lib/wire/memory.js'

const TRANSACTIONS = 300_000
const ROUNDS = 5
// host-1234.example.com A, answered by a CNAME and two addresses; both with EDNS.
const question = '09686f73742d31323334076578616d706c6503636f6d0000010001'
const opt = '00002904d0000000000000'
const query = Buffer.from(`000101200001000000000001${question}${opt}`, 'hex')
const response = Buffer.from(
  `000181a00001000300000001${question}` +
    'c00c000500010000012c0009066f726967696ec016' +
    'c033000100010000003c0004c0000201c033000100010000003c0004c0000202' +
    opt,
  'hex',
)
const sections = { authorities: false, additionals: false }
const options = {
  include_authorities: false,
  include_additionals: false,
  send_request: false,
  send_response: false,
  transaction_timeout: 10e9,
}

function parse(): number {
  let records = 0
  for (let left = TRANSACTIONS; left > 0; left--) {
    records += message(query, 0, query.length, query.length, sections).answersCount
    records += message(response, 0, response.length, response.length, sections).answersCount
  }
  return records
}

const writer = compileWriter({ ...commonFields(() => 'unknown'), ...dns.fields }, { type: 'dns' })

function whole(): number {
  let characters = 0
  const clock = new Clock()
  clock.time(1_700_000_000, 0)
  const converse = dns.start(options, {
    clock,
    memory: new Memory(),
    emit: (endpoints, transaction) => {
      characters += writer.text(transaction, endpoints).length
    },
    count: () => undefined,
    waitingRoom: (timedOut) => new WaitingRoom(options.transaction_timeout, timedOut),
  })
  const text = '10.0.0.1\x0010.0.0.2\x001:LQU9qZlK+B5F3KDmev6m5PMibrg='
  const segment = { time: 0, direction: 0 as 0 | 1, bytes: query, start: 0, end: 0, cut: 0 }
  for (let number = 0; number < TRANSACTIONS; number++) {
    // Resolvers take another port for each query: a conversation of its own.
    const conversation = converse(new Endpoints(clock, number & 0xfff, text, (number << 16) | 53, 17, 4))
    segment.time += 1000
    segment.direction = 0
    segment.bytes = query
    segment.end = query.length
    conversation.data(segment)
    segment.direction = 1
    segment.bytes = response
    segment.end = response.length
    conversation.data(segment)
  }
  return characters
}

function nanoseconds(run: () => number): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const { user: before } = process.cpuUsage()
    run()
    best = Math.min(best, process.cpuUsage().user - before)
  }
  return Math.round((best * 1000) / TRANSACTIONS)
}

console.log(
  `dns: parse ${nanoseconds(parse)} ns, with pairing and event ${nanoseconds(whole)} ns per transaction`,
)
