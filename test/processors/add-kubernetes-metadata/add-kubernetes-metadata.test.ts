import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Document } from '../../../lib/events/writer.js'
import { type Processing, processing } from '../support.js'
import { type ApiServer, apiServer, pod } from './api-server.js'

const PODS = '/api/v1/pods'
const web = pod('web', '10.1.0.5')
const db = pod('db', '10.1.0.6', {
  status: { podIP: '10.1.0.6', podIPs: [{ ip: '10.1.0.6' }, { ip: 'fd00::6' }] },
})

function following(t: TestContext, { config }: ApiServer, more: object = {}): Processing {
  const options = { kube_config: config, scope: 'cluster', ...more }
  const made = processing([{ add_kubernetes_metadata: options }], { patient: true })
  t.after(made.end)
  return made
}

async function cluster(t: TestContext, ...pods: object[]): Promise<ApiServer> {
  const server = await apiServer(t)
  server.objects[PODS] = pods
  server.objects['/api/v1/nodes'] = []
  server.objects['/api/v1/namespaces'] = []
  return server
}

const to = (ip: string, port?: number): Document => ({ destination: { ip, port } })
type Told = {
  kubernetes?: { pod: { name: string }; container?: Document } & Document
  container?: Document
} & Document
const told = async ({ of }: Processing, event: Document) => (await of(event)) as Told
const nameOf = async (made: Processing, event: Document) => (await told(made, event)).kubernetes?.pod.name

const until = async (done: () => unknown) => {
  for (let tries = 0; tries < 500; tries++) {
    if (await done()) return
    await sleep(10)
  }
  assert.fail('waited five seconds in vain')
}

const watched = ({ watches }: ApiServer) => watches.some(({ path }) => path === PODS)

describe('add_kubernetes_metadata', () => {
  it('tells the pod, its container, node, namespace and cluster by the address and port of an event', async (t) => {
    const server = await cluster(t, web, db)
    server.objects['/api/v1/nodes'] = [
      {
        metadata: { name: 'node-1', uid: 'n1', labels: { zone: 'a' } },
        status: { addresses: [{ type: 'Hostname', address: 'node-1.example' }] },
      },
    ]
    server.objects['/api/v1/namespaces'] = [{ metadata: { name: 'shop', uid: 'ns1', labels: { team: 'x' } } }]
    const more = { include_annotations: ['example.com/owner'], add_resource_metadata: { deployment: true } }
    const made = following(t, server, more)
    await until(async () => (await told(made, to('10.1.0.5'))).kubernetes?.namespace_uid !== undefined)
    await until(
      async () => Object.keys((await told(made, to('10.1.0.5'))).kubernetes?.node as object).length > 1,
    )
    assert.deepEqual(await made.of(to('10.1.0.5', 8080)), {
      ...to('10.1.0.5', 8080),
      kubernetes: {
        pod: { name: 'web', uid: 'uid-web', ip: '10.1.0.5' },
        namespace: 'shop',
        namespace_uid: 'ns1',
        namespace_labels: { team: 'x' },
        node: { name: 'node-1', uid: 'n1', hostname: 'node-1.example', labels: { zone: 'a' } },
        labels: { app: 'web', 'app_kubernetes_io/name': 'web', 'pod-template-hash': '5d4f' },
        annotations: { 'example_com/owner': 'team' },
        replicaset: { name: 'web-5d4f' },
        deployment: { name: 'web' },
        container: { name: 'main' },
      },
      container: { id: 'id-web', runtime: 'containerd', image: { name: 'shop/web:1' } },
      orchestrator: { cluster: { name: 'shop', url: new URL(server.url).host } },
    })
  })

  it('prefers the side that answers, and a port of a container to an address', async (t) => {
    const made = following(t, await cluster(t, web, db))
    const both = { source: { ip: '10.1.0.5', port: 40000 }, destination: { ip: '10.1.0.6', port: 5432 } }
    assert.equal(await nameOf(made, both), 'db')
    assert.equal(await nameOf(made, { ...both, source: { ip: '10.1.0.5', port: 8080 } }), 'web')
    assert.equal(await nameOf(made, { source: { ip: 'fd00::6' } }), 'db')
    assert.equal((await told(made, to('10.1.0.5', 9))).kubernetes?.container, undefined)
    for (const other of [to('10.1.0.9', 8080), { type: 'icmp' }, { destination: { ip: 5 } }])
      assert.deepEqual(await made.of(other), JSON.parse(JSON.stringify(other)))
  })

  it('reads all pages, and asks for the pods of one node or namespace only', async (t) => {
    const pods = Array.from({ length: 5 }, (_, i) => pod(`p${i}`, `10.2.0.${i}`))
    const server = await cluster(t, ...pods)
    const made = following(t, server, { scope: 'node', node: 'node-1' })
    for (let i = 0; i < 5; i++) assert.equal(await nameOf(made, to(`10.2.0.${i}`)), `p${i}`)
    const lists = server.requests.filter(({ pathname }) => pathname === PODS)
    assert.equal(lists[0]?.searchParams.get('fieldSelector'), 'spec.nodeName=node-1')
    assert.equal(lists.filter(({ searchParams }) => !searchParams.has('watch')).length, 3)
    server.objects['/api/v1/namespaces/shop/pods'] = pods
    assert.equal(await nameOf(following(t, server, { namespace: 'shop' }), to('10.2.0.1')), 'p1')
  })

  it('follows pods that come, change and go, and knows them for a while afterwards', async (t) => {
    const server = await cluster(t, web)
    const made = following(t, server, { cleanup_timeout: '100ms' })
    assert.equal(await nameOf(made, to('10.1.0.5')), 'web')
    await until(() => watched(server))
    server.tell(PODS, 'ADDED', pod('new', '10.1.0.7'))
    await until(async () => (await nameOf(made, to('10.1.0.7'))) === 'new')
    server.tell(PODS, 'MODIFIED', pod('new', '10.1.0.8'))
    await until(async () => (await nameOf(made, to('10.1.0.8'))) === 'new')
    assert.equal(await nameOf(made, to('10.1.0.7')), undefined)
    server.tell(PODS, 'DELETED', pod('new', '10.1.0.8'))
    await sleep(30)
    assert.equal(await nameOf(made, to('10.1.0.8')), 'new')
    await until(async () => (await nameOf(made, to('10.1.0.8'))) === undefined)
    // Another pod has the address of one whose containers have ended.
    server.tell(PODS, 'MODIFIED', pod('web', '10.1.0.5', { status: { phase: 'Succeeded' } }))
    await until(async () => (await nameOf(made, to('10.1.0.5'))) === undefined)
    server.tell(PODS, 'ADDED', pod('heir', '10.1.0.5'))
    await until(async () => (await nameOf(made, to('10.1.0.5'))) === 'heir')
    server.tell(PODS, 'DELETED', pod('web', '10.1.0.5'))
    await sleep(150)
    assert.equal(await nameOf(made, to('10.1.0.5')), 'heir')
  })

  it('goes on watching from where a watch ended, and lists anew when that is too old', async (t) => {
    const server = await cluster(t, web)
    const made = following(t, server)
    await made.of({})
    await until(() => watched(server))
    server.tell(PODS, 'BOOKMARK', { metadata: {} })
    server.endWatches()
    await until(() => watched(server))
    const versions = () =>
      server.requests
        .filter(({ pathname, searchParams }) => pathname === PODS && searchParams.has('watch'))
        .map(({ searchParams }) => searchParams.get('resourceVersion'))
    assert.deepEqual(versions(), ['100', '101'])
    server.objects[PODS] = [db]
    server.tell(PODS, 'ERROR', { kind: 'Status', code: 410 })
    await until(async () => (await nameOf(made, to('10.1.0.6'))) === 'db')
    assert.equal(made.run.counters['processors.add_kubernetes_metadata.failed_connections'], 0)
  })

  it('goes without what it may not read, and says so once', async (t) => {
    const server = await cluster(t, web)
    server.refused['/api/v1/nodes'] = 403
    const made = following(t, server)
    assert.equal(await nameOf(made, to('10.1.0.5')), 'web')
    await until(() => made.log.some((line) => line.startsWith('warn')))
    assert.deepEqual(
      made.log.filter((line) => line.startsWith('warn')),
      ['warn add_kubernetes_metadata: nodes: /api/v1/nodes: status 403'],
    )
  })

  it('tries again when the server is away, and keeps what it knows', async (t) => {
    const server = await cluster(t, web)
    const made = following(t, server)
    await made.of({})
    await until(() => watched(server))
    server.objects[PODS] = [web, db]
    server.refused[PODS] = 503
    for (const { response } of server.watches.splice(0)) response.destroy()
    assert.equal(await nameOf(made, to('10.1.0.5')), 'web')
    await until(() => made.log.some((line) => line.startsWith('warn')))
    delete server.refused[PODS]
    await until(async () => (await nameOf(made, to('10.1.0.6'))) === 'db')
  })

  it('lets events pass outside a cluster', async (t) => {
    const home = mkdtempSync(join(tmpdir(), 'kube-'))
    t.after(() => rmSync(home, { recursive: true }))
    const { of, log, end } = processing([{ add_kubernetes_metadata: { kube_config: join(home, 'none') } }], {
      patient: true,
    })
    t.after(end)
    assert.deepEqual(await of({ a: 1 }), { a: 1 })
    assert.match(log[0] as string, /^warn add_kubernetes_metadata: pods: .*ENOENT/)
  })

  it('finds pods by ids, names and log files where configured so', async (t) => {
    const id = 'ab'.repeat(32)
    const logged = pod('logged', '10.1.0.9', {
      status: { containerStatuses: [{ name: 'main', containerID: `cri-o://${id}` }] },
    })
    const server = await cluster(t, web, logged)
    const made = following(t, server, {
      indexers: [{ container: null }, { pod_name: {} }, { pod_uid: null }],
      default_indexers: { enabled: false },
      matchers: [
        { fields: { lookup_fields: ['id'], regex_pattern: 'pod:(?P<key>.+)' } },
        { field_format: { format: '%{[ns]}/%{[name]}' } },
        { logs_path: { logs_path: '/var/log/containers' } },
      ],
    })
    assert.equal(await nameOf(made, { id: 'pod:uid-web' }), 'web')
    assert.equal(await nameOf(made, { ns: 'shop', name: 'web' }), 'web')
    const path = `/var/log/containers/logged_shop_main-${id}.log`
    const event = await told(made, { log: { file: { path } } })
    assert.deepEqual([event.kubernetes?.pod.name, event.container?.id], ['logged', id])
    assert.equal(await nameOf(made, to('10.1.0.5', 8080)), undefined)
  })

  it('finds the node it runs on by the name of the machine', async (t) => {
    const server = await cluster(t, web)
    server.objects['/api/v1/nodes'] = [
      { metadata: { name: 'x' } },
      { metadata: { name: hostname().toLowerCase() } },
    ]
    await following(t, server, { scope: 'node' }).of({})
    const list = server.requests.find(({ pathname }) => pathname === PODS)
    assert.equal(list?.searchParams.get('fieldSelector'), `spec.nodeName=${hostname().toLowerCase()}`)
  })

  it('trusts the authority of the configuration, over TLS', async (t) => {
    const server = await apiServer(t, { encrypted: true })
    server.objects[PODS] = [web]
    assert.equal(await nameOf(following(t, server), to('10.1.0.5')), 'web')
  })

  it('ends with the run', async (t) => {
    const server = await cluster(t, web)
    const made = following(t, server)
    await made.of({})
    await until(() => watched(server))
    const closed = Promise.all(
      server.watches.map(({ response }) => new Promise((done) => response.on('close', done))),
    )
    made.end()
    await closed
  })

  it('refuses entries that mean nothing or too much', () => {
    const refused: [object, RegExp][] = [
      [{ indexers: [{}] }, /must be one indexer/],
      [{ matchers: [{ fields: { lookup_fields: ['a'] }, logs_path: {} }] }, /must be one matcher/],
      [{ matchers: [{ field_format: { format: '%{[a' } }] }, /without its \}/],
      [{ scope: 'world' }, /node/],
    ]
    for (const [options, message] of refused)
      assert.throws(() => processing([{ add_kubernetes_metadata: options }]), message)
  })
})
