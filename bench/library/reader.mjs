// A program that reads a capture file through the library: counts events, as cheaply as one can.
//
//   node reader.mjs FILE events|batches
import { analyze } from '../../dist/index.js'

const [file, how] = process.argv.slice(2)
const analysis = analyze({ file })
let events = 0
if (how === 'batches') for await (const batch of analysis.batches()) events += batch.length
else for await (const event of analysis) if (event.type !== '') events++
console.log(events)
