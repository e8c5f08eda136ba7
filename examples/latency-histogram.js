// How long does a service take to answer? A histogram of one protocol's transactions, in powers of two.
// On an interface, until Ctrl-C: sudo node examples/latency-histogram.js pgsql eth0
//
//   $ node examples/latency-histogram.js http test/traces/http/curl-nginx.pcap
//        0.032 ms         2  ############
//        0.064 ms         6  ##################################
//        0.128 ms         9  ##################################################
//        0.256 ms         3  #################
//   0 without an answer
import { existsSync } from 'node:fs'
import { analyze } from 'packetbeat-native'

const [protocol = 'http', source = 'any'] = process.argv.slice(2)
const events = analyze({
  ...(existsSync(source) ? { file: source } : { device: source }),
  protocols: [/** @type {'http'} */ (protocol)],
  flows: false,
})
process.once('SIGINT', () => events.stop())

/** Of each power of two of microseconds, how many. @type {number[]} */
const counts = []
let unanswered = 0
for await (const { event } of events) {
  if (event.duration === undefined) unanswered++
  else {
    const power = Math.max(0, Math.ceil(Math.log2(event.duration / 1000)))
    counts[power] = (counts[power] ?? 0) + 1
  }
}

const most = Math.max(...Object.values(counts))
for (const [power, count = 0] of counts.entries()) {
  if (power < Number(Object.keys(counts)[0])) continue
  const bar = '#'.repeat(Math.ceil((count / most) * 50))
  console.log(`${String(2 ** power / 1000).padStart(10)} ms  ${String(count).padStart(8)}  ${bar}`)
}
console.log(`${unanswered} without an answer`)
