// What we make of each independent capture of these protocols is beside this file, compared by hand with what tshark
// shows of it: `tshark` in a golden file says what was compared. After a change that is meant, UPDATE=1 writes the events
// anew; compare them again before they are committed.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { protocols } from '../../lib/protocols/index.js'
import { analyse, type Event } from '../support/analyse.js'
import { type Capture, corpus, noCorpus } from '../support/corpus.js'

interface Golden {
  /** What tshark shows of the capture, and how that agrees with the events. */
  tshark: string
  events: Event[]
}

const folder = join(import.meta.dirname, 'golden')

/** By our name of a protocol, those of INDEX.tsv. */
const names: Readonly<Record<string, readonly string[]>> = {
  mysql: ['mysql'],
  pgsql: ['pgsql'],
  mongodb: ['mongodb', 'mongodb-opmsg'],
  memcache: ['memcache-text', 'memcache-binary'],
  amqp: ['amqp'],
  dhcpv4: ['dhcpv4'],
  nfs: ['nfs', 'sunrpc'],
  sip: ['sip'],
  thrift: ['thrift'],
  tls: ['tls'],
}

// What names the machine or the package, and what all events of a conversation share: never wrong in one capture only.
const passing = ['agent', 'host', '@metadata', 'ecs', 'related', 'client', 'server', 'network']

/** Of a handshake what its fingerprints are made of is left out: files would be ten times as long, and say no more. */
function shortened(event: Event): Event {
  const { client, detailed } = (event.tls ?? {}) as Record<string, Record<string, unknown> | undefined>
  delete client?.supported_ciphers
  for (const side of ['client_hello', 'server_hello']) delete detailed?.[side]
  return event
}

async function eventsOf({ path, ports }: Capture, type: string): Promise<Event[]> {
  const events: Event[] = []
  await analyse(path, {
    ports,
    flows: false,
    options: { send_request: true, send_response: true },
    event: (event) => {
      if (event.type !== type) return
      for (const name of passing) delete event[name]
      events.push(shortened(event))
    },
  })
  return events
}

const text = ({ tshark, events }: Golden): string =>
  `{\n"tshark": ${JSON.stringify(tshark)},\n"events": [\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]\n}\n`

describe('golden files of independent captures', { skip: noCorpus }, () => {
  const expected = new Set<string>()
  const decoded = Object.entries(names).filter(([type]) => protocols.some(({ name }) => name === type))
  for (const [type, theirs] of decoded)
    for (const capture of corpus().filter(({ protocols }) => theirs.some((name) => protocols.has(name)))) {
      const name = `${type}/${capture.name.replaceAll('/', '__')}.json`
      expected.add(name)
      it(name, async () => {
        const file = join(folder, name)
        const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Golden) : undefined
        const events = await eventsOf(capture, type)
        if (process.env.UPDATE) writeFileSync(file, text({ tshark: known?.tshark ?? '', events }))
        assert.deepEqual(events, known?.events)
        assert.ok((known?.tshark ?? '').length > 20, 'nobody compared it with tshark')
      })
    }

  it('are of captures that there are', () => {
    const present = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.json'),
    )
    assert.deepEqual(
      present.filter((name) => !expected.has(name)),
      [],
    )
  })
})
