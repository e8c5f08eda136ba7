import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { processing } from './support.js'

type Answers = Readonly<Record<string, string | object | ((request: IncomingMessage) => string | undefined)>>

/** A metadata service that knows these paths. */
async function service(t: TestContext, answers: Answers, delay = 0): Promise<string> {
  const server: Server = createServer(async (request, response) => {
    await sleep(delay)
    const known = answers[`${request.method} ${request.url}`] ?? answers['*']
    const said = typeof known === 'function' ? known(request) : known
    if (said === undefined) response.writeHead(404)
    response.end(typeof said === 'object' ? JSON.stringify(said) : said)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const openstack = {
  'GET /2009-04-04/meta-data/instance-id': 'i-1\n',
  'GET /2009-04-04/meta-data/hostname': 'vm.novalocal',
  'GET /2009-04-04/meta-data/instance-type': 'm1.small',
  'GET /2009-04-04/meta-data/placement/availability-zone': 'nova',
}
const identity = JSON.stringify({
  accountId: '111122223333',
  availabilityZone: 'eu-central-1a',
  instanceId: 'i-0abc',
  instanceType: 't3.micro',
  region: 'eu-central-1',
  imageId: 'ami-1',
})
const awsCloud = {
  provider: 'aws',
  service: { name: 'EC2' },
  instance: { id: 'i-0abc' },
  machine: { type: 't3.micro' },
  region: 'eu-central-1',
  availability_zone: 'eu-central-1a',
  account: { id: '111122223333' },
  image: { id: 'ami-1' },
}
const withHeader = (name: string, value: string, answer: string) => (request: IncomingMessage) =>
  request.headers[name] === value ? answer : undefined

const clouds: [name: string, answers: Answers, document: object, more?: object][] = [
  [
    'aws, with a token',
    {
      'PUT /latest/api/token': withHeader('x-aws-ec2-metadata-token-ttl-seconds', '60', 'TOKEN=='),
      'GET /latest/dynamic/instance-identity/document': withHeader(
        'x-aws-ec2-metadata-token',
        'TOKEN==',
        identity,
      ),
      // As it does, too.
      ...openstack,
    },
    { cloud: awsCloud },
  ],
  [
    'aws, without tokens',
    { 'GET /latest/dynamic/instance-identity/document': identity },
    { cloud: awsCloud },
  ],
  [
    'azure',
    {
      'GET /metadata/instance/compute?api-version=2021-02-01': withHeader(
        'metadata',
        'true',
        JSON.stringify({
          vmId: '04ab04c3-63de',
          name: 'web 1',
          vmSize: 'Standard_D3_v2',
          location: 'eastus2',
          subscriptionId: '5tfb04c3-63de',
          zone: '',
        }),
      ),
    },
    {
      cloud: {
        provider: 'azure',
        service: { name: 'Virtual Machines' },
        instance: { id: '04ab04c3-63de', name: 'web 1' },
        machine: { type: 'Standard_D3_v2' },
        region: 'eastus2',
        account: { id: '5tfb04c3-63de' },
      },
    },
  ],
  [
    'gcp, with a cluster',
    {
      'GET /computeMetadata/v1/?recursive=true&alt=json': withHeader(
        'metadata-flavor',
        'Google',
        `{"instance": {"id": 3910564293633576924, "name": "test-gce-dev", "zone": "projects/1/zones/us-east1-b",
          "machineType": "projects/1/machineTypes/f1-micro",
          "attributes": {"cluster-name": "shop", "cluster-uid": "uid-1"}}, "project": {"projectId": "test-dev"}}`,
      ),
    },
    {
      cloud: {
        provider: 'gcp',
        service: { name: 'GCE' },
        instance: { id: '3910564293633576924', name: 'test-gce-dev' },
        machine: { type: 'f1-micro' },
        region: 'us-east1',
        availability_zone: 'us-east1-b',
        account: { id: 'test-dev' },
        project: { id: 'test-dev' },
      },
      orchestrator: { type: 'kubernetes', cluster: { name: 'shop', id: 'uid-1' } },
    },
  ],
  [
    'digitalocean',
    { 'GET /metadata/v1.json': { droplet_id: 1111111, region: 'nyc3' } },
    {
      cloud: {
        provider: 'digitalocean',
        service: { name: 'Droplets' },
        instance: { id: '1111111' },
        region: 'nyc3',
      },
    },
  ],
  [
    'openstack',
    openstack,
    {
      cloud: {
        provider: 'openstack',
        service: { name: 'Nova' },
        instance: { id: 'i-1', name: 'vm.novalocal' },
        machine: { type: 'm1.small' },
        availability_zone: 'nova',
      },
    },
  ],
  [
    'hetzner',
    {
      'GET /hetzner/v1/metadata/instance-id': '111111',
      'GET /hetzner/v1/metadata/hostname': 'my-server',
      'GET /hetzner/v1/metadata/region': 'eu-central',
      'GET /hetzner/v1/metadata/availability-zone': 'hel1-dc2',
    },
    {
      cloud: {
        provider: 'hetzner',
        service: { name: 'Cloud' },
        instance: { id: '111111', name: 'my-server' },
        region: 'eu-central',
        availability_zone: 'hel1-dc2',
      },
    },
  ],
  [
    'alibaba, when named',
    {
      'GET /latest/meta-data/instance-id': 'i-wz9g',
      'GET /latest/meta-data/region-id': 'cn-shenzhen',
      'GET /latest/meta-data/zone-id': 'cn-shenzhen-a',
    },
    {
      cloud: {
        provider: 'ecs',
        service: { name: 'ECS' },
        instance: { id: 'i-wz9g' },
        region: 'cn-shenzhen',
        availability_zone: 'cn-shenzhen-a',
      },
    },
    { providers: ['alibaba'] },
  ],
  [
    'tencent, by its other name',
    { 'GET /meta-data/instance-id': 'ins-1', 'GET /meta-data/placement/region': 'gz' },
    {
      cloud: { provider: 'qcloud', service: { name: 'CVM' }, instance: { id: 'ins-1' }, region: 'gz' },
    },
    { providers: ['qcloud'] },
  ],
  [
    'huawei, when named',
    {
      'GET /openstack/latest/meta_data.json': {
        uuid: '1c68',
        region_id: 'cn-east-2',
        availability_zone: 'cn-east-2b',
      },
    },
    {
      cloud: {
        provider: 'huawei',
        service: { name: 'ECS' },
        instance: { id: '1c68' },
        region: 'cn-east-2',
        availability_zone: 'cn-east-2b',
      },
    },
    { providers: ['huawei', 'aws'] },
  ],
]

describe('add_cloud_metadata', () => {
  for (const [name, answers, document, more = {}] of clouds)
    it(`knows a machine of ${name}`, async (t) => {
      const host = await service(t, answers)
      const { of, log, end } = processing([{ add_cloud_metadata: { host, ...more } }], { patient: true })
      t.after(end)
      assert.deepEqual(await of({ type: 'dns' }), { type: 'dns', ...document })
      assert.match(String(log), /^info add_cloud_metadata: this is a machine of \w+$/)
    })

  const others: [string, Answers][] = [
    ['knows nothing', {}],
    ['answers everything with a page', { '*': '<html><body>Please log in</body></html>' }],
    ['answers everything with an empty object', { '*': '{}' }],
    ['answers everything with a list', { '*': '[1]' }],
    ['says too much', { '*': JSON.stringify({ instanceId: 'x'.repeat(2000), vmId: 'y'.repeat(5e6) }) }],
  ]
  for (const [what, answers] of others)
    it(`adds nothing where a server ${what}, and says so once`, async (t) => {
      const host = await service(t, answers)
      const { of, log, end } = processing([{ add_cloud_metadata: { host } }], { patient: true })
      t.after(end)
      assert.deepEqual([await of({ a: 1 }), await of({ b: 1 })], [{ a: 1 }, { b: 1 }])
      assert.equal(log.length, 1)
      assert.match(log[0] as string, /^info add_cloud_metadata: no cloud answered \(aws, azure, /)
    })

  it('lets live events pass until the answer is there', async (t) => {
    const host = await service(t, openstack, 50)
    const { now, log, end } = processing([{ add_cloud_metadata: { host, providers: ['nova'] } }])
    t.after(end)
    assert.deepEqual(now({ a: 1 }), { a: 1 })
    while (log.length === 0) await sleep(5)
    assert.equal((now({ a: 1 }) as { cloud: { provider: string } }).cloud.provider, 'openstack')
  })

  it('waits no longer than its timeout for a service that does not answer', async (t) => {
    const host = await service(t, openstack, 3000)
    const began = performance.now()
    const { of, end } = processing([{ add_cloud_metadata: { host, timeout: '100ms' } }], { patient: true })
    t.after(end)
    assert.deepEqual(await of({ a: 1 }), { a: 1 })
    const took = performance.now() - began
    assert.ok(took >= 95 && took < 1500, `${took} ms`)
  })

  it('leaves what an event says of a cloud alone, unless told otherwise', async (t) => {
    const host = await service(t, openstack)
    const said = { cloud: { provider: 'own', extra: 1 } }
    for (const overwrite of [false, true]) {
      const options = { host, overwrite, providers: ['openstack'] }
      const { of, end } = processing([{ add_cloud_metadata: options }], { patient: true })
      t.after(end)
      const { cloud } = (await of(said)) as typeof said
      assert.deepEqual([cloud.provider, cloud.extra], [overwrite ? 'openstack' : 'own', 1])
    }
  })

  it('asks nobody before the run begins', async (t) => {
    let asked = 0
    const host = await service(t, {
      '*': () => {
        asked++
        return undefined
      },
    })
    const { run, end } = processing([{ add_cloud_metadata: { host } }], { begun: false })
    t.after(end)
    await sleep(50)
    assert.equal(asked, 0)
    run.begin()
    while (asked === 0) await sleep(5)
  })

  it('refuses a cloud that nobody knows', () => {
    assert.throws(() => processing([{ add_cloud_metadata: { providers: ['cumulus'] } }]), /aws/)
  })
})
