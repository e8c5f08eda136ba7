// What the library costs those who use it. Parts, all unless named:
//
//   npm run bench:library -- [--captures DIR] [--pairs 5] [--packets 1000000] [--rates 100000,topspeed] [--check]
//                            [capture] [analyze]
//
// `capture`: packets with their headers, beside the npm packages `cap` (live) and `pcap` (file and live), which are
// installed in a temporary folder and compiled: that needs the Debian packages libpcap-dev, g++ and make. Live needs root and
// tcpreplay, too. `analyze`: beside the command on the same files; DIR is filled by ../shared/performance/make-captures.sh.
// --check: exit 1 where a target is missed. Only ratios of runs in turn are worth quoting.
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { analyzeBench } from './library/analyze.js'
import { captureBench } from './library/capture.js'

/** One part; what is not as it must be. */
export type Part = (options: {
  pairs: number
  packets: number
  rates: string[]
  captures: string
}) => Promise<string[]>

const parts: Readonly<Record<string, Part>> = { capture: captureBench, analyze: analyzeBench }

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== '--'),
  allowPositionals: true,
  options: {
    captures: { type: 'string', default: join(tmpdir(), 'packetbeat-native-captures') },
    pairs: { type: 'string', default: '5' },
    packets: { type: 'string', default: '1000000' },
    rates: { type: 'string', default: '100000,topspeed' },
    check: { type: 'boolean', default: false },
  },
})
const options = {
  pairs: Number(values.pairs),
  packets: Number(values.packets),
  rates: values.rates.split(','),
  captures: values.captures,
}
const problems: string[] = []
for (const name of positionals.length > 0 ? positionals : Object.keys(parts)) {
  const part = parts[name]
  if (part === undefined)
    throw new Error(`there is no part ${name}; there are ${Object.keys(parts).join(', ')}`)
  problems.push(...(await part(options)))
}
for (const problem of problems) console.log(problem)
if (values.check && problems.length > 0) process.exitCode = 1
