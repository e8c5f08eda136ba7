// Asks memcached for some time: node --import tsx memcache-load.ts HOST CONNECTIONS OPERATIONS. Each connection asks anew
// when it has its answer. Prints how many were asked.
import { connect, type Socket } from 'node:net'

const [host = '', connections = '1', operations = '1'] = process.argv.slice(2)
const KEYS = 10_000
const VALUE = 'x'.repeat(100)
let left = Number(operations)
let asked = 0

// The same every time: a load that can be repeated.
let state = 1
const below = (limit: number): number => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
  return (state >>> 8) % limit
}
const key = () => `key:${String(below(KEYS)).padStart(6, '0')}`

/** Half are gets, a third sets, the others counters and gets of five keys. */
function request(): string {
  const kind = below(100)
  if (kind < 50) return `get ${key()}\r\n`
  if (kind < 80) return `set ${key()} 0 0 ${VALUE.length}\r\n${VALUE}\r\n`
  if (kind < 90) return `incr count:${below(10)} 1\r\n`
  return `get ${key()} ${key()} ${key()} ${key()} ${key()}\r\n`
}

// No value has one of these at a line's beginning.
const whole = /(?:^|\n)(?:END|STORED|NOT_FOUND|\d+)\r\n$/

function ask(socket: Socket): void {
  if (left-- <= 0) {
    socket.end()
    return
  }
  asked++
  socket.write(request())
}

const talk = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(11211, host)
    let answer = ''
    socket
      .setEncoding('latin1')
      .setNoDelay()
      .once('connect', () => ask(socket))
      .once('error', reject)
      .once('close', resolve)
      .on('data', (text) => {
        answer += text
        if (!whole.test(answer)) return
        answer = ''
        ask(socket)
      })
  })

/** Something to find. */
const fill = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(11211, host).once('error', reject)
    for (let i = 0; i < 10; i++) socket.write(`set count:${i} 0 0 1 noreply\r\n0\r\n`)
    for (let i = 0; i < KEYS; i += 2)
      socket.write(`set key:${String(i).padStart(6, '0')} 0 0 ${VALUE.length} noreply\r\n${VALUE}\r\n`)
    socket.end('quit\r\n')
    socket.resume().once('close', () => resolve())
  })

if (process.argv[5] === 'fill') await fill()
else {
  await Promise.all(Array.from({ length: Number(connections) }, talk))
  console.log(asked)
}
