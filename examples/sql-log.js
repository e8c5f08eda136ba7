// What is asked of the databases, as it happens: time, duration, rows, client, statement or error.
// On an interface, until Ctrl-C: sudo node examples/sql-log.js eth0
//
//   $ node examples/sql-log.js test/traces/mysql/mariadb-mariadb.pcap
//   2026-11-24T22:46:31.888Z  0.095 ms  - rows  ::1  LOGIN tester
//   2026-11-24T22:46:31.890Z  0.124 ms  1 rows  ::1  select 1, null
//   …
import { existsSync } from 'node:fs'
import { analyze } from 'packetbeat-native'

const [source = 'any'] = process.argv.slice(2)
const events = analyze({
  ...(existsSync(source) ? { file: source } : { device: source }),
  protocols: ['mysql', 'pgsql'],
  flows: false,
})
process.once('SIGINT', () => events.stop())

for await (const event of events) {
  if (event.type !== 'mysql' && event.type !== 'pgsql') continue
  const { num_rows: rows, error_message: error } = (event.type === 'mysql' ? event.mysql : event.pgsql) ?? {}
  const took =
    event.event.duration === undefined ? 'no answer' : `${(event.event.duration / 1e6).toFixed(3)} ms`
  const what = (event.query ?? event.method ?? '').replace(/\s+/g, ' ')
  console.log(
    `${event['@timestamp']}  ${took}  ${rows ?? '-'} rows  ${event.client?.ip}  ${what}${error === undefined ? '' : `  ${error}`}`,
  )
}
