// The last packets, always at hand: a ring of capture files, of which the oldest is written over.
// On an interface, with 10 files of 100 MB, until Ctrl-C: sudo node examples/rotating-capture.js eth0 /var/tmp/ring 10 100
//
//   $ node examples/rotating-capture.js test/traces/sample.pcap build/ring 3 0.01
//   …
//   202 packets, 0 dropped by the kernel
import { closeSync, existsSync, mkdirSync, openSync, writevSync } from 'node:fs'
import { capture } from 'packetbeat-native'

const [source = 'any', folder = 'ring', files = '10', megabytes = '100'] = process.argv.slice(2)
const packets = capture({
  ...(existsSync(source) ? { file: source } : { device: source }),
  read: 'packets',
})
process.once('SIGINT', () => packets.stop())
mkdirSync(folder, { recursive: true })

let file = -1
let written = Number.POSITIVE_INFINITY
let number = 0
for await (const batch of packets)
  for (const { seconds, nanoseconds, capturedLength, wireLength, linkType, data } of batch) {
    if (written >= Number(megabytes) * 1e6) {
      if (file >= 0) closeSync(file)
      const name = `${folder}/${number++ % Number(files)}.pcap`
      console.log(name)
      file = openSync(name, 'w')
      // The file's header: nanoseconds, version 2.4, no time zone, snap length (draft-ietf-opsawg-pcap, section 4).
      written = writevSync(file, [Uint32Array.of(0xa1b23c4d, 0x00040002, 0, 0, 0x40000, linkType)])
    }
    const header = Uint32Array.of(seconds, nanoseconds, capturedLength, wireLength)
    written += writevSync(file, [header, data])
  }
const { received, droppedByKernel } = packets.statistics()
console.log(`${received} packets, ${droppedByKernel} dropped by the kernel`)
