import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { labelFields } from '../../lib/processors/labels.js'
import { processing } from './support.js'

// Docker itself is in test/live/docker.test.ts; here are servers that do what it never should.
const id = 'ab'.repeat(32)
const container = { Id: id, Names: ['/web'], Image: 'shop/web:1', Labels: { 'a.b': 'c' } }

interface Fake {
  socket: string
  list: unknown
  /** Requests for the list so far. */
  lists: number
  /** Those who wait for events. */
  listeners: ServerResponse[]
  say(action: string, attributes?: object): void
}

async function fake(t: TestContext, socket = join(folder(t), 'docker.sock')): Promise<Fake> {
  const made: Fake = {
    socket,
    list: [container],
    lists: 0,
    listeners: [],
    say(action, attributes = { name: 'new', image: 'i' }) {
      const event = {
        Type: 'container',
        Action: action,
        Actor: { ID: 'cd'.repeat(32), Attributes: attributes },
      }
      for (const response of made.listeners) response.write(`${JSON.stringify(event)}\n`)
    },
  }
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/events')) {
      made.listeners.push(response)
      response.flushHeaders()
    } else {
      made.lists++
      response.end(typeof made.list === 'string' ? made.list : JSON.stringify(made.list))
    }
  })
  await new Promise<void>((done) => server.listen(socket, done))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return made
}

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'docker-'))
  t.after(() => rmSync(made, { recursive: true }))
  return made
}

function watching(t: TestContext, socket: string, more: object = {}) {
  const options = { host: `unix://${socket}`, match_fields: ['id'], ...more }
  const made = processing([{ add_docker_metadata: options }], { patient: true })
  t.after(made.end)
  return made
}

const until = async (done: () => unknown) => {
  for (let tries = 0; tries < 400; tries++) {
    if (await done()) return
    await sleep(10)
  }
  assert.fail('waited four seconds in vain')
}

describe('add_docker_metadata', () => {
  it('finds containers by short ids where that is wanted, and nests labels', async (t) => {
    const { socket } = await fake(t)
    const { of } = watching(t, socket, { match_short_id: true, labels: { dedot: false } })
    const event = (await of({ id: id.slice(0, 12) })) as { container: { id: string; labels: object } }
    assert.deepEqual([event.container.id, event.container.labels], [id, { a: { b: 'c' } }])
  })

  it('lets events pass where there is no Docker, and says so once, quietly', async (t) => {
    const socket = join(folder(t), 'none.sock')
    const { of, log } = watching(t, socket)
    assert.deepEqual(await of({ id }), { id })
    assert.deepEqual(await of({ id }), { id })
    assert.equal(log.length, 1)
    assert.match(log[0] as string, /^debug add_docker_metadata: no Docker at unix:\S*none\.sock: .*ENOENT/)
  })

  it('finds Docker when it is started later', async (t) => {
    const socket = join(folder(t), 'late.sock')
    const { of } = watching(t, socket)
    await of({ id })
    await fake(t, socket)
    await until(async () => (await of({ id }))?.container !== undefined)
  })

  it('keeps what it knows while Docker is away, and lists again afterwards', async (t) => {
    const docker = await fake(t)
    const { of, run } = watching(t, docker.socket, { cleanup_timeout: '50ms' })
    await of({ id })
    await until(() => docker.listeners.length === 1)
    docker.list = []
    docker.listeners[0]?.destroy()
    assert.notEqual((await of({ id }))?.container, undefined)
    await until(async () => (await of({ id }))?.container === undefined)
    assert.deepEqual(
      [docker.lists, run.counters['processors.add_docker_metadata.failed_connections']],
      [2, 1],
    )
  })

  it('lists once for many happenings', async (t) => {
    const docker = await fake(t)
    const { of } = watching(t, docker.socket)
    await of({ id })
    await until(() => docker.listeners.length === 1)
    for (let i = 0; i < 50; i++) docker.say('start')
    await until(() => docker.lists === 2)
    await sleep(250)
    assert.equal(docker.lists, 2)
  })

  for (const list of ['{}', '[1, null, {"Id": 5}]', 'no JSON', `[${'{},'.repeat(1000)}{}]`])
    it(`survives a list such as ${list.slice(0, 20)}`, async (t) => {
      const docker = await fake(t)
      docker.list = list
      const { of } = watching(t, docker.socket)
      assert.deepEqual(await of({ id }), { id })
    })

  it('survives happenings that are none', async (t) => {
    const docker = await fake(t)
    const { of, run } = watching(t, docker.socket)
    await of({ id })
    await until(() => docker.listeners.length === 1)
    docker.listeners[0]?.write('{}\n{"Actor": 5}\nnull\n{"Actor": {"ID": "x", "Attributes": [1]}}\nno JSON\n')
    await until(() => run.counters['processors.add_docker_metadata.failed_connections'] === 1)
    assert.notEqual((await of({ id }))?.container, undefined)
  })

  it('ends with the run, whatever it waits for', async (t) => {
    const docker = await fake(t)
    const { of, end } = watching(t, docker.socket)
    await of({ id })
    await until(() => docker.listeners.length === 1)
    const closed = new Promise((done) => docker.listeners[0]?.on('close', done))
    end()
    await closed
  })

  it('refuses what is no address', () => {
    for (const host of ['/var/run/docker.sock', 'unix://', 'docker'])
      assert.throws(() => processing([{ add_docker_metadata: { host } }]), /must be a socket such as/)
  })
})

describe('labels', () => {
  it('have underscores for dots, or are nested', () => {
    const labels = { a: '1', 'a.b': '2', 'a.b.c': '3', 'd.e': '4', __proto__: 'x' }
    assert.deepEqual(labelFields(labels, true), { a: '1', a_b: '2', a_b_c: '3', d_e: '4' })
    assert.deepEqual(labelFields(labels, false), {
      a: { value: '1', b: { value: '2', c: '3' } },
      d: { e: '4' },
    })
  })
})
