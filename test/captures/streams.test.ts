// What the engine makes of every capture at hand, told to each protocol again and again: cut in every place, ended after
// every byte, and made worse in every way. A protocol may find it malformed, and nothing else. PROTOCOL=redis: only that.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { protocols } from '../../lib/protocols/index.js'
import type { Protocol } from '../../lib/protocols/protocol.js'
import { analyse } from '../support/analyse.js'
import { conformanceCaptures } from '../support/conformance-captures.js'
import { corpus, isOurs } from '../support/corpus.js'
import { type Below, random } from '../support/mutations.js'
import { Replay, recording, type Step, type Stream } from '../support/streams.js'
import { traces } from '../support/traces.js'
import { cutAt, damage, endedAt, inPieces, size } from '../support/worse-streams.js'

/** Where a stream comes from, to find it again. */
interface Found extends Stream {
  from: string
}

// Every place of a stream costs as much as the stream. Of longer ones that many places are tried, spread over all of it.
const PLACES = 750
// All streams of a protocol together: what is beyond is sampled.
const BUDGET = 20e6
// Times each kind of damage is done to a stream.
const ROUNDS = 8
const TCP = 6

// A protocol may hold an unfinished message of each side, in buffers of up to 64 KB or four times what has come; and of
// what waits for an answer objects, which weigh more than the bytes of a small message.
const most = (bytes: number) => 24 * bytes + 2 * 65_536

// Where the ports of both sides are HTTP's, as in some lines of the index, and the connection is older than the capture, the
// first seven bytes tell who the server is; in pieces they do not.
const isTurned = ({ steps }: Stream): boolean => {
  const first = steps.find((step) => step.kind === 'data')
  return first?.kind === 'data' && first.direction === 0 && first.bytes.toString('latin1', 0, 7) === 'HTTP/1.'
}

/** Streams whose events depend on where TCP cuts them, and why no reader could do better; by capture. */
const ambiguous: Readonly<Record<string, string>> = {
  'synthetic/http-417.pcap':
    'After a refusal the client may send its body or its next request (RFC 9110 §10.1.1); what a segment begins with tells.',
}

const found: Found[] = []

async function record(path: string, from: string, ports: Record<string, readonly number[]>): Promise<void> {
  await analyse(path, {
    ports,
    flows: false,
    options: { send_request: true, send_response: true },
    instead: (protocol) => recording(protocol, (stream) => found.push(Object.assign(stream, { from }))),
  })
}

/** The same stream twice tells nothing new. */
function distinct(streams: Found[]): Found[] {
  const seen = new Set<string>()
  return streams.filter(({ steps }) => {
    const key = steps
      .map((step) => (step.kind === 'data' ? step.bytes.toString('latin1') : step.kind))
      .join('|')
    return !seen.has(key) && seen.add(key)
  })
}

/** Places from 1 up to below `bytes`: all, or as many as are affordable. */
function* places(bytes: number, share: number): Generator<number> {
  const count = Math.max(16, Math.min(PLACES, Math.floor(share / Math.max(bytes, 1))))
  const step = Math.max(1, (bytes - 1) / count)
  for (let place = 1; place < bytes; place += step) yield Math.floor(place)
}

describe('streams of captures', { timeout: 600_000 }, () => {
  before(async () => {
    for (const path of traces()) await record(path, path, {})
    for (const { path, name, ports } of conformanceCaptures()) await record(path, name, ports)
    const concerned = corpus().filter((capture) => isOurs(capture) && capture.packets <= 5000)
    for (const { path, name, ports } of concerned) await record(path, name, ports)
  })

  const wanted = (protocols as unknown as readonly Protocol[]).filter(
    ({ name }) => name === (process.env.PROTOCOL ?? name),
  )
  for (const protocol of wanted) {
    describe(protocol.name, () => {
      const replay = new Replay(protocol)
      let streams: Found[] = []
      let share = 0

      before(() => {
        streams = distinct(
          found.filter((stream) => stream.protocol === protocol.name && size(stream.steps) > 0),
        )
        share = BUDGET / Math.max(1, streams.length)
      })

      /** Replays worse steps. */
      const worse = (stream: Found, what: string, steps: readonly Step[]) => {
        const bytes = size(steps)
        const start = process.cpuUsage()
        let result: ReturnType<Replay['run']>
        try {
          result = replay.run(stream, steps)
        } catch (error) {
          throw new Error(`${stream.from}, ${what}: ${(error as Error).stack}`)
        }
        const { user, system } = process.cpuUsage(start)
        const seconds = (user + system) / 1e6
        assert.equal(result.held, 0, `${stream.from}, ${what}: holds ${result.held} bytes in the end`)
        assert.ok(
          result.most <= most(bytes),
          `${stream.from}, ${what}: held ${result.most} of ${bytes} bytes`,
        )
        assert.ok(seconds < 1 + bytes / 1e6, `${stream.from}, ${what}: took ${seconds} s`)
        assert.ok(
          result.events.length <= bytes / 2 + 2 * steps.length,
          `${stream.from}, ${what}: ${result.events.length} events of ${bytes} bytes`,
        )
        return result
      }

      it('are there', () => assert.ok(streams.length > 0))

      it('give the same events wherever TCP cuts them', () => {
        for (const stream of streams) {
          if (stream.endpoints.protocol !== TCP) continue
          const { events: expected, malformed } = worse(stream, 'as it is', stream.steps)
          // What is no message is left out up to the end of its segment: there the cuts do matter.
          if (malformed > 0 || isTurned(stream) || stream.from in ambiguous) continue
          const bytes = size(stream.steps)
          for (const length of [1, 2, 3, 5, 7, 13, 100])
            if (bytes / length < 400_000)
              assert.deepEqual(
                worse(stream, `in pieces of ${length}`, inPieces(stream.steps, length)).events,
                expected,
                `${stream.from}, in pieces of ${length}`,
              )
          for (const place of places(bytes, share))
            assert.deepEqual(
              worse(stream, `cut at ${place}`, cutAt(stream.steps, place)).events,
              expected,
              `${stream.from}, cut at ${place}`,
            )
        }
      })

      it('may end after any byte', () => {
        for (const stream of streams)
          for (const place of places(size(stream.steps), share))
            worse(stream, `ended at ${place}`, endedAt(stream.steps, place))
      })

      for (const [name, make] of Object.entries(damage))
        it(`with ${name} break nothing`, () => {
          for (const [index, stream] of streams.entries()) {
            const below: Below = random(index + 1)
            for (let round = 1; round <= ROUNDS; round++) {
              const steps = make(stream.steps, below, 1 + below(4))
              const { events } = worse(stream, `${name}, ${round}`, steps)
              for (const text of events) JSON.parse(text)
            }
          }
        })
    })
  }
})
