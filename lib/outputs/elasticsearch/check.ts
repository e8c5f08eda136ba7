import { identify } from '../../elasticsearch/server.js'
import { HttpClient } from '../../http/client.js'
import { checkConnection, type Report } from '../check.js'
import { hostName } from '../hosts.js'
import { withTrusted } from '../ssl/tls-options.js'
import { type ConnectionSetup, refuseOlder } from './connection.js'

/** Everything but sending events, for each host. Rejects with the first failure, after all hosts were tried. */
export async function checkHosts(
  setups: readonly ConnectionSetup[],
  allowOlderVersions: boolean,
  report: Report,
): Promise<void> {
  const failures: unknown[] = []
  for (const setup of setups)
    await report
      .step(`elasticsearch: ${hostName(setup.host)}`, (within) =>
        checkHost(setup, allowOlderVersions, within),
      )
      .catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

async function checkHost(
  { host, client, tls, fingerprint }: ConnectionSetup,
  allowOlderVersions: boolean,
  report: Report,
): Promise<void> {
  await report.step('parse url', async () => undefined)
  const encrypted = host.scheme === 'https'
  const trusted = encrypted ? await withTrusted(tls, fingerprint, host) : tls
  // Through a proxy the connection is the proxy's affair.
  if (client.proxy === undefined || client.proxy === false)
    await checkConnection(host, encrypted ? trusted : undefined, report)
  const http = new HttpClient({ ...client, host, tls: trusted })
  try {
    await report.step('talk to server', async (within) => {
      const server = await identify(http)
      if (!allowOlderVersions) refuseOlder(server)
      within.info('product', server.product)
      within.info('version', server.version)
    })
  } finally {
    await http.destroy()
  }
}
