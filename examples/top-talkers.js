// Who sends most? Bytes on the wire by source address.
// On an interface, until Ctrl-C: sudo node examples/top-talkers.js eth0 'tcp port 443'
//
//   $ node examples/top-talkers.js test/traces/sample.pcap
//          18181  127.0.0.1
//           1561  ::1
//   202 packets, 0 dropped by the kernel
import { existsSync } from 'node:fs'
import { capture } from 'packetbeat-native'

const [source = 'any', filter] = process.argv.slice(2)
const packets = capture({
  ...(existsSync(source) ? { file: source } : { device: source }),
  ...(filter && { filter }),
  read: 'packets',
})
process.once('SIGINT', () => packets.stop())

/** @type {Map<string, number>} */
const bytes = new Map()
for await (const batch of packets)
  for (const { sourceIp, wireLength } of batch)
    if (sourceIp !== '') bytes.set(sourceIp, (bytes.get(sourceIp) ?? 0) + wireLength)

const most = [...bytes].sort((one, other) => other[1] - one[1]).slice(0, 10)
for (const [address, sum] of most) console.log(`${String(sum).padStart(12)}  ${address}`)
const { received, droppedByKernel } = packets.statistics()
console.log(`${received} packets, ${droppedByKernel} dropped by the kernel`)
