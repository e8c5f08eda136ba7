// Says everything that the text protocol has over plain sockets: node --import tsx memcache-sockets.ts HOST SCENARIO, where
// a scenario is tcp, udp, quiet or login. Prints as JSON what was asked and what memcached answered, in its order.
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** One request with its answer, as bytes of latin1 text; null: it has none. */
export interface Said {
  request: string
  answer: string | null
}

const PORT = 11211
const long = 'v'.repeat(5000)
const store = (head: string, value: string, tail = '') => `${head} ${value.length}${tail}\r\n${value}\r\n`

const commands = [
  'version\r\n',
  store('set greeting 5 0', 'hello'),
  'get greeting\r\n',
  'gets greeting nothing\r\n',
  store('add greeting 0 0', 'again'),
  store('add other 1 100', 'other value'),
  store('replace other 2 100', 'replaced'),
  store('replace nothing 0 0', 'x'),
  store('append greeting 0 0', ' world'),
  store('prepend greeting 0 0', 'oh, '),
  'get greeting other nothing\r\n',
  store('cas greeting 0 0', 'too late', ' 1'),
  store('cas nothing 0 0', 'x', ' 1'),
  'touch greeting 100\r\n',
  'touch nothing 100\r\n',
  'gat 200 greeting\r\n',
  'gats 200 greeting other\r\n',
  store('set count 0 0', '10'),
  'incr count 5\r\n',
  'decr count 7\r\n',
  'incr nothing 1\r\n',
  'incr greeting 1\r\n',
  'incr count x\r\n',
  store('set long 0 0', long),
  'get long\r\n',
  store('set empty 0 0', ''),
  'get empty\r\n',
  store('set lines 0 0', 'END\r\nVALUE x 0 3\r\nget y\r\n'),
  'get lines\r\n',
  'delete empty\r\n',
  'delete empty\r\n',
  'ms meta 4 T100 F7 c\r\nmeta\r\n',
  'mg meta v k f c t s O123\r\n',
  'mg meta\r\n',
  'mg nothing v\r\n',
  'ms bWV0YQ== 2 b k\r\nhi\r\n',
  'mg bWV0YQ== b k v\r\n',
  'ms meta 1 ME\r\nx\r\n',
  'ma meta\r\n',
  'ma number N0 J13 v\r\n',
  'ma number D4 v t\r\n',
  'ma nothing\r\n',
  'me meta\r\n',
  'me nothing\r\n',
  'md meta\r\n',
  'md meta\r\n',
  'mn\r\n',
  'stats\r\n',
  'stats settings\r\n',
  'stats items\r\n',
  'stats slabs\r\n',
  'stats cachedump 1 2\r\n',
  'stats sizes\r\n',
  'stats detail on\r\n',
  'stats detail dump\r\n',
  'stats detail off\r\n',
  'slabs automove 0\r\n',
  'slabs reassign 1 1\r\n',
  'lru mode flat\r\n',
  'lru_crawler sleep 1000\r\n',
  'lru_crawler metadump all\r\n',
  'lru_crawler disable\r\n',
  'cache_memlimit 64\r\n',
  'verbosity 0\r\n',
  'shutdown\r\n',
  'frobnicate the cache\r\n',
  'get\r\n',
  `get ${'k'.repeat(251)}\r\n`,
  'flush_all 0\r\n',
  'flush_all\r\n',
]

/** Bytes of the one answer that `text` begins with; 0: there is more to come. */
function answerLength(text: string): number {
  for (let at = 0; ; ) {
    const end = text.indexOf('\n', at)
    if (end < 0) return 0
    const line = text.slice(at, end).replace('\r', '')
    at = end + 1
    const [word, first, , bytes] = line.split(' ')
    if (word === 'VALUE' || word === 'VA') at += Number(word === 'VA' ? first : bytes) + 2
    if (at > text.length) return 0
    if (!/^(?:VALUE|STAT|ITEM|PREFIX|key=)/.test(line)) return at
  }
}

const logins = [
  'get a\r\n',
  store('set login 0 0', 'ann wrong'),
  store('set login 0 0', 'ann geheim'),
  store('set a 0 0', 'not secret'),
  'get a\r\n',
]

async function overTcp(host: string, port = PORT, requests = commands): Promise<Said[]> {
  const socket = connect(port, host).setEncoding('latin1').setNoDelay()
  let text = ''
  socket.on('data', (piece: string) => (text += piece))
  const said: Said[] = []
  for (const request of requests) {
    socket.write(request)
    for (let length = 0; length === 0; await sleep(0)) {
      length = answerLength(text)
      if (length > 0) said.push({ request, answer: text.slice(0, length) })
      text = text.slice(length)
    }
  }
  socket.end('quit\r\n')
  said.push({ request: 'quit\r\n', answer: null })
  return said
}

/** What is quiet, with a command after it that is answered; all sent at once. */
const quiet: readonly (readonly [string, string | null])[] = [
  [store('set a 0 0', '1', ' noreply'), null],
  [store('add a 0 0', '2', ' noreply'), null],
  ['incr a 1 noreply\r\n', null],
  ['touch a 100 noreply\r\n', null],
  ['get a\r\n', 'VALUE a 0 1\r\n2\r\nEND\r\n'],
  ['delete a noreply\r\n', null],
  ['mg a v q O1\r\n', null],
  ['ms a 1 q O2\r\nx\r\n', null],
  ['mg a v q O3\r\n', 'VA 1 O3\r\nx\r\n'],
  ['mg b v q k\r\n', null],
  ['mg a v q k\r\n', 'VA 1 ka\r\nx\r\n'],
  ['ms a 1 q ME O4\r\nx\r\n', 'NS O4\r\n'],
  ['md a q\r\n', null],
  ['mn\r\n', 'MN\r\n'],
  [store('set huge 0 0', 'x'.repeat(2_000_000), ' noreply'), null],
  ['verbosity 0 noreply\r\n', null],
  ['flush_all noreply\r\n', null],
  ['mn\r\n', 'MN\r\n'],
]

async function quietly(host: string): Promise<Said[]> {
  const socket = connect(PORT, host).setEncoding('latin1').setNoDelay()
  let text = ''
  socket.on('data', (piece: string) => (text += piece))
  socket.write(quiet.map(([request]) => request).join(''), 'latin1')
  const expected = quiet.map(([, answer]) => answer ?? '').join('')
  while (text.length < expected.length) await sleep(1)
  socket.end()
  if (text !== expected) throw new Error(`memcached said ${JSON.stringify(text)}`)
  return quiet.map(([request, answer]) => ({ request, answer }))
}

async function overUdp(host: string): Promise<Said[]> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  // memcached numbers the datagrams of each item anew; on a loopback device and a cable all come in their order.
  const answers = new Map<number, string>()
  socket.on('message', (datagram) => {
    const id = datagram.readUInt16BE(0)
    answers.set(id, (answers.get(id) ?? '') + datagram.toString('latin1', 8))
  })
  const said: Said[] = []
  // What has no place in a datagram: long values, and what memcached streams to a connection of its own.
  const asked = commands.filter((each) => each.length < 1400 && !/^(?:shutdown|lru_crawler meta)/.test(each))
  for (const [index, request] of [...asked, `get ${'long '.repeat(3).trim()}\r\n`].entries()) {
    const header = Buffer.from([(index + 1) >> 8, (index + 1) & 255, 0, 0, 0, 1, 0, 0])
    socket.send(Buffer.concat([header, Buffer.from(request, 'latin1')]), PORT, host)
    const end = Date.now() + 1000
    let answer = ''
    while (answerLength(answer) === 0 && Date.now() < end) {
      await sleep(0)
      answer = answers.get(index + 1) ?? ''
    }
    said.push({ request, answer: answer === '' ? null : answer })
  }
  socket.close()
  return said
}

const scenarios = {
  tcp: overTcp,
  udp: overUdp,
  quiet: quietly,
  login: (host: string) => overTcp(host, 11213, logins),
}
const [host = '', scenario = ''] = process.argv.slice(2)
console.log(JSON.stringify(await scenarios[scenario as keyof typeof scenarios](host)))
