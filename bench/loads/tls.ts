import { join } from 'node:path'
import { start } from '../../test/live/support/processes.js'
import type { Talk } from '../../test/live/support/record.js'
import { nginxWithTls } from '../../test/live/support/tls.js'

const PORT = 443
const HANDSHAKES = 24_000

/** Handshakes of TLS 1.2 and 1.3 in turn, half of them resumed, with an ECDSA certificate. */
export const load: Talk = {
  port: PORT,
  serve: nginxWithTls,
  run: async (network) => {
    const client = join(import.meta.dirname, '../clients/tls.ts')
    const words = [network.ip4, String(PORT), String(HANDSHAKES)]
    const running = start(network.client, [process.execPath, '--import', 'tsx', client, ...words])
    if ((await running.ended) !== 0) throw new Error(running.stderr())
    return HANDSHAKES
  },
}
