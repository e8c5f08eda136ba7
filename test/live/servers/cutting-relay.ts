// Called with a port, that of a server, and cuts as JSON; see test/outputs/support/fake-server.ts.
import { cuttingRelay } from '../../outputs/support/fake-server.js'

const [port, target, cuts] = process.argv.slice(2) as [string, string, string]
await cuttingRelay(Number(target), JSON.parse(cuts), Number(port))
