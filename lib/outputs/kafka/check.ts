import { checkConnection, type Report } from '../check.js'
import { authority, type Host } from '../hosts.js'
import { Connection, type ConnectionSettings } from './connection.js'
import { metadata } from './requests.js'

/** `test output`: connects to each of the brokers, logs in and asks who belongs to the cluster. Sends no event. */
export async function checkBrokers(
  hosts: readonly Host[],
  settings: ConnectionSettings,
  report: Report,
): Promise<void> {
  const failures: unknown[] = []
  for (const host of hosts)
    await report
      .step(`Kafka: ${authority(host)}`, async (within) => {
        await checkConnection(host, settings.tls, within)
        await within.step('talk to server', async (inner) => {
          const connection = await Connection.open(host, settings)
          try {
            const { brokers } = await connection.call(metadata([], false))
            inner.info('brokers of the cluster', brokers.map(authority).join(', '))
          } finally {
            connection.fail(new Error('the check is done'))
          }
        })
      })
      .catch((error: unknown) => failures.push(error))
  // One that cannot be reached says nothing of the others.
  if (failures.length > 0) throw failures[0]
}
