import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { protocols } from '../../lib/protocols/index.js'
import { analyse } from '../support/analyse.js'
import { type Capture, corpus, noCorpus } from '../support/corpus.js'
import { type Counts, noCounts, noTshark, type Reading, tsharkCounts } from '../support/tshark.js'
import { explained } from './explained.js'

const usualPorts = (name: string): readonly number[] =>
  protocols.find((each) => each.name === name)?.ports ?? []

/** All ports of ours on which a capture has that protocol. */
const portsOf = ({ ports }: Capture, name: string) => [...usualPorts(name), ...(ports[name] ?? [])]

/** The messages behind our events: we pair them, tshark does not. */
async function ourCounts({ path, ports }: Capture): Promise<Counts> {
  const counts = { ...noCounts }
  const { counters } = await analyse(path, {
    ports,
    flows: false,
    event: (event) => {
      const at = (...names: string[]) =>
        names.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], event)
      if (event.type === 'http') {
        if (at('http', 'request', 'method') !== undefined) counts.httpRequests++
        if (at('http', 'response', 'status_code') !== undefined) counts.httpResponses++
      } else if (event.type === 'dns') {
        if (at('event', 'start') !== undefined) counts.dnsQueries++
        if (at('dns', 'type') === 'answer') counts.dnsResponses++
      }
    },
  })
  // A request whose response comes too late is told twice: when it is given up, and when it is complete.
  counts.httpRequests -= counters['http.late_responses'] ?? 0
  // 100 Continue and the like are responses, but no events.
  counts.httpResponses += counters['http.informational_responses'] ?? 0
  return counts
}

const kinds = Object.keys(noCounts) as (keyof Counts)[]
const text = (counts: Counts) => kinds.map((kind) => counts[kind]).join(' ')

describe('HTTP and DNS messages of the independent captures', {
  skip: noCorpus || noTshark,
  timeout: 400_000,
}, () => {
  const total = { ...noCounts }
  const different: string[] = []
  const settled: string[] = []

  async function compare(capture: Capture): Promise<void> {
    const ports = { http: portsOf(capture, 'http'), dns: portsOf(capture, 'dns') }
    const theirs = (reading: Reading) => tsharkCounts(capture.path, ports, reading)
    const [ours, messages] = [await ourCounts(capture), await theirs('messages')]
    for (const kind of kinds) total[kind] += ours[kind]
    const explanation = explained[capture.name]
    if (explanation !== undefined) {
      if (text(ours) === text(messages)) settled.push(capture.name)
      else if (text(ours) !== explanation.ours || text(messages) !== explanation.tshark)
        different.push(`${capture.name}: ${text(ours)} (tshark: ${text(messages)}), other than explained`)
      return
    }
    if (text(ours) === text(messages)) return
    // Only now: it takes as long again.
    const heads = await theirs('heads')
    if (kinds.every((kind) => ours[kind] === messages[kind] || ours[kind] === heads[kind])) return
    different.push(`${capture.name}: ${text(ours)} (tshark: ${text(messages)}, by heads ${text(heads)})`)
  }

  before(async () => {
    const concerned = corpus().filter(({ protocols }) =>
      ['http1', 'dns-udp', 'dns-tcp'].some((name) => protocols.has(name)),
    )
    assert.ok(concerned.length > 100)
    // While tshark reads one capture, we read another.
    const queue = concerned.values()
    const work = async () => {
      for (const capture of queue) await compare(capture)
    }
    await Promise.all([work(), work()])
  })

  it('are as many as tshark finds, or the difference is explained', () => {
    assert.deepEqual(different, [])
  })

  it('are explained only where there is a difference', () => {
    assert.deepEqual(settled, [])
  })

  it('are many', () => {
    for (const kind of kinds) assert.ok(total[kind] > 500, `${kind}: ${total[kind]}`)
  })
})
