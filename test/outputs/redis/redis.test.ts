import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterEach, describe, it } from 'node:test'
import { redis } from '../../../lib/outputs/redis/index.js'
import { pipelineTo } from '../../pipeline/fake-output.js'
import { outputContext } from '../../support/output-context.js'
import { FakeServer } from '../support/fake-server.js'
import { reporter } from '../support/reporter.js'
import { socksServer } from '../support/socks.js'

const servers: FakeServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})
const kept = (server: FakeServer): FakeServer => {
  servers.push(server)
  return server
}

/** Answers each command, told its words, as `answer` says; undefined: not at all. */
const serve = async (answer: (words: string[], connection: number) => string | undefined) =>
  kept(
    await FakeServer.start((socket, connection) => {
      let held = ''
      socket.on('data', (bytes: Buffer) => {
        held += bytes.toString('latin1')
        for (let taken = command(held); taken !== undefined; taken = command(held)) {
          held = held.slice(taken.length)
          const said = answer(taken.words, connection)
          if (said !== undefined) socket.write(said)
        }
      })
    }),
  )

/** The first command, if all of it is there. */
function command(text: string): { words: string[]; length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text)
  if (head === null) return undefined
  let at = head[0].length
  const words: string[] = []
  while (words.length < Number(head[1])) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at, at + 16))
    if (size === null) return undefined
    at += size[0].length
    const end = at + Number(size[1])
    if (text.length < end + 2) return undefined
    words.push(text.slice(at, end))
    at = end + 2
  }
  return { words, length: at }
}

const well = (words: string[]): string => (words[0] === 'PING' ? '+PONG\r\n' : `:${words.length - 2}\r\n`)
const event = (id: number) => `{"id":${id}}`
const all = Array.from({ length: 20 }, (_, id) => event(id))

async function send(hosts: string[], options: object = {}) {
  const context = outputContext()
  const parsed = redis.options.parse({ hosts, bulk_max_size: 10, ...options })
  const { pipeline, warnings } = pipelineTo(await redis.open(parsed, context), {
    wants: redis.wants(parsed),
    delivery: { ...redis.delivery?.(parsed), backoff: { init: 1, max: 4 } },
  })
  for (const text of all) pipeline.sink('wait').text(text)
  await pipeline.close()
  return { counters: pipeline.counters(), warnings: [...warnings, ...context.warnings] }
}

const sockets = () => readdirSync(tmpdir()).filter((name) => name.startsWith('packetbeat-redis-'))

describe('the redis output', () => {
  it('pushes a batch with one command, behind a greeting', async () => {
    const commands: string[][] = []
    const { host } = await serve((words) => {
      commands.push(words)
      return well(words)
    })
    const { counters, warnings } = await send([host], { key: 'k' })
    assert.deepEqual(commands, [
      ['PING'],
      ['RPUSH', 'k', ...all.slice(0, 10)],
      ['RPUSH', 'k', ...all.slice(10)],
    ])
    assert.equal(counters['pipeline.events.acked'], 20)
    assert.deepEqual(warnings, [])
  })

  it('publishes again only what was not answered', async () => {
    const published: string[][] = []
    const server = await serve((words, connection) => {
      if (words[0] !== 'PUBLISH') return well(words)
      published[connection] ??= []
      const texts = published[connection] as string[]
      texts.push(words[2] as string)
      if (connection > 0 || texts.length <= 4) return well(words)
      // Its answers to the first four are on their way.
      setTimeout(() => server.sockets[0]?.destroy(), 20)
      return undefined
    })
    const { counters } = await send([server.host], { datatype: 'channel' })
    assert.deepEqual(published[1], [...all.slice(4)])
    assert.equal(counters['pipeline.events.acked'], 20)
    assert.equal(counters['pipeline.events.retried'], 6)
  })

  const hostile: Record<string, (words: string[]) => string | undefined> = {
    'never answers the greeting': () => undefined,
    'never answers a push': (words) => (words[0] === 'PING' ? '+PONG\r\n' : undefined),
    'answers with garbage': () => 'HTTP/1.1 400 Bad Request\r\n\r\n',
    'answers more than it was asked': (words) => `${well(words)}:1\r\n`,
    'answers half': () => '$100\r\nabc',
  }
  for (const [what, answer] of Object.entries(hostile))
    it(`goes on with another connection when a server ${what}`, async () => {
      const taken: string[] = []
      const { host } = await serve((words, connection) => {
        if (connection === 0) return answer(words)
        if (words[0] === 'RPUSH') taken.push(...words.slice(2))
        return well(words)
      })
      const { counters } = await send([host], { timeout: '0.1s' })
      assert.equal(counters['pipeline.events.acked'], 20)
      // What the first connection took and acknowledged is not here.
      assert.deepEqual(taken, all.slice(20 - taken.length))
    })

  it('goes through a SOCKS5 proxy, with the names of servers, and leaves no socket behind', async () => {
    const taken: string[] = []
    const server = await serve((words) => {
      if (words[0] === 'RPUSH') taken.push(...words.slice(2))
      return well(words)
    })
    const asked: { to: string; user: string }[] = []
    const proxy = kept(await socksServer(asked))
    const before = sockets()
    const { warnings } = await send([`redis.example:${server.port}`], {
      proxy_url: `socks5://ann:hush@${proxy.host}`,
    })
    assert.deepEqual(warnings, [])
    assert.deepEqual(taken, all)
    assert.deepEqual(asked, [{ to: `redis.example:${server.port}`, user: 'ann:hush' }])
    assert.deepEqual(sockets(), before)
  })

  it('is tested step by step, up to what the server says', async () => {
    const { host } = await serve((words) => well(words))
    const good = reporter()
    await redis.check?.(redis.options.parse({ hosts: [host] }), outputContext(), good.report)
    assert.ok(good.steps.includes('talk to server OK'))
    const locked = await serve(() => '-NOAUTH Authentication required.\r\n')
    const bad = reporter()
    await assert.rejects(
      async () => redis.check?.(redis.options.parse({ hosts: [locked.host] }), outputContext(), bad.report),
      /NOAUTH: it asks for a password/,
    )
    assert.ok(bad.steps.includes('dial up OK') && bad.steps.includes('talk to server ERROR'))
  })

  for (const [options, says] of [
    [{ hosts: ['http://h'] }, /redis:\/\/ or rediss:\/\//],
    [{ proxy_url: 'http://h' }, /SOCKS5/],
    [{ key: '%{[a' }, /%\{ without its \}/],
  ] as const)
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(() => redis.options.parse(options), says)
    })
})
