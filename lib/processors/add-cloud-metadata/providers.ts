import { isObject } from '../../events/document.js'
import type { Document } from '../../events/writer.js'
import { type Get, json, noneEmpty, text, word } from './answers.js'

/** A cloud whose machines can ask it about themselves. */
export interface Provider {
  /** What configurations call it; the first is ours. */
  names: readonly string[]
  /** Where its service is, as every machine of it sees it. */
  base: string
  /** Not asked unless the configuration names it. */
  optional?: boolean
  /** Other clouds answer the same questions: it counts when none of those that are sure did. */
  unsure?: boolean
  /** `cloud`, and what else it knows. Rejects, or answers undefined, when this machine is none of its own. */
  ask(get: Get): Promise<Document | undefined>
}

const LINK_LOCAL = 'http://169.254.169.254'

interface Cloud {
  provider: string
  service: string
  id: unknown
  name?: unknown
  machine?: unknown
  region?: unknown
  zone?: unknown
  account?: unknown
  project?: unknown
  image?: unknown
}

/** undefined without the id of an instance: whoever answered is none of these clouds. */
function cloud(facts: Cloud): Document | undefined {
  const id = word(facts.id)
  if (id === undefined) return undefined
  return noneEmpty({
    provider: facts.provider,
    service: { name: facts.service },
    instance: { id, name: text(facts.name) },
    machine: { type: text(facts.machine) },
    region: text(facts.region),
    availability_zone: text(facts.zone),
    account: { id: text(facts.account) },
    project: { id: text(facts.project) },
    image: { id: text(facts.image) },
  })
}

const only = (found: Document | undefined): Document | undefined => found && { cloud: found }

// A service that has no such value answers 404.
const perhaps = (answer: Promise<string>): Promise<string | undefined> => answer.catch(() => undefined)

/** The last part of `projects/1/zones/europe-west1-b`. */
const last = (path: unknown): unknown =>
  typeof path === 'string' ? path.slice(path.lastIndexOf('/') + 1) : undefined

const aws: Provider = {
  names: ['aws', 'ec2'],
  base: LINK_LOCAL,
  async ask(get) {
    // Version 2 of the service wants a token; where it is off, version 1 wants none.
    const token = await perhaps(
      get('/latest/api/token', {
        method: 'PUT',
        headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' },
      }),
    )
    const headers: Record<string, string> =
      word(token) === undefined ? {} : { 'x-aws-ec2-metadata-token': token as string }
    const said = json(await get('/latest/dynamic/instance-identity/document', { headers }))
    return only(
      cloud({
        provider: 'aws',
        service: 'EC2',
        id: said.instanceId,
        machine: said.instanceType,
        region: said.region,
        zone: said.availabilityZone,
        account: said.accountId,
        image: said.imageId,
      }),
    )
  },
}

const azure: Provider = {
  names: ['azure'],
  base: LINK_LOCAL,
  async ask(get) {
    const said = json(
      await get('/metadata/instance/compute?api-version=2021-02-01', { headers: { metadata: 'true' } }),
    )
    return only(
      cloud({
        provider: 'azure',
        service: 'Virtual Machines',
        id: said.vmId,
        name: said.name,
        machine: said.vmSize,
        region: said.location,
        zone: said.zone,
        account: said.subscriptionId,
      }),
    )
  },
}

const gcp: Provider = {
  names: ['gcp'],
  base: LINK_LOCAL,
  async ask(get) {
    const said = json(
      await get('/computeMetadata/v1/?recursive=true&alt=json', { headers: { 'metadata-flavor': 'Google' } }),
      // Ids of instances have more digits than a double.
      ['id'],
    )
    const instance = isObject(said.instance) ? said.instance : {}
    const project = isObject(said.project) ? said.project : {}
    const zone = text(last(instance.zone))
    const found = cloud({
      provider: 'gcp',
      service: 'GCE',
      id: instance.id,
      name: instance.name,
      machine: last(instance.machineType),
      region: zone?.replace(/-[^-]*$/, ''),
      zone,
      account: project.projectId,
      project: project.projectId,
    })
    if (found === undefined) return undefined
    const attributes = isObject(instance.attributes) ? instance.attributes : {}
    const cluster = text(attributes['cluster-name'])
    if (cluster === undefined) return { cloud: found }
    return {
      cloud: found,
      orchestrator: noneEmpty({
        type: 'kubernetes',
        cluster: { name: cluster, id: text(attributes['cluster-uid']) },
      }),
    }
  },
}

const digitalocean: Provider = {
  names: ['digitalocean'],
  base: LINK_LOCAL,
  async ask(get) {
    const said = json(await get('/metadata/v1.json'))
    return only(
      cloud({ provider: 'digitalocean', service: 'Droplets', id: said.droplet_id, region: said.region }),
    )
  },
}

/** Of a service that has a path for each value. */
const perValue =
  (
    facts: { provider: string; service: string },
    below: string,
    paths: Partial<Record<keyof Cloud, string>>,
  ) =>
  async (get: Get): Promise<Document | undefined> => {
    const values = await Promise.all(
      Object.entries(paths).map(async ([fact, path]) => [fact, word(await perhaps(get(below + path)))]),
    )
    return only(cloud({ id: undefined, ...facts, ...Object.fromEntries(values) }))
  }

const openstack = (names: string[], base: string): Provider => ({
  names,
  base,
  unsure: true,
  ask: perValue({ provider: 'openstack', service: 'Nova' }, '/2009-04-04/meta-data/', {
    id: 'instance-id',
    name: 'hostname',
    machine: 'instance-type',
    zone: 'placement/availability-zone',
  }),
})

const hetzner: Provider = {
  names: ['hetzner'],
  base: LINK_LOCAL,
  ask: perValue({ provider: 'hetzner', service: 'Cloud' }, '/hetzner/v1/metadata/', {
    id: 'instance-id',
    name: 'hostname',
    region: 'region',
    zone: 'availability-zone',
  }),
}

const alibaba: Provider = {
  names: ['alibaba', 'ecs'],
  base: 'http://100.100.100.200',
  optional: true,
  ask: perValue({ provider: 'ecs', service: 'ECS' }, '/latest/meta-data/', {
    id: 'instance-id',
    region: 'region-id',
    zone: 'zone-id',
  }),
}

const tencent: Provider = {
  names: ['tencent', 'qcloud'],
  base: 'http://metadata.tencentyun.com',
  optional: true,
  ask: perValue({ provider: 'qcloud', service: 'CVM' }, '/meta-data/', {
    id: 'instance-id',
    region: 'placement/region',
    zone: 'placement/zone',
  }),
}

const huawei: Provider = {
  names: ['huawei'],
  base: LINK_LOCAL,
  optional: true,
  // OpenStack has the same path.
  unsure: true,
  async ask(get) {
    const said = json(await get('/openstack/latest/meta_data.json'))
    return only(
      cloud({
        provider: 'huawei',
        service: 'ECS',
        id: said.uuid,
        region: said.region_id,
        zone: said.availability_zone,
      }),
    )
  },
}

/** Those that are unsure in the order in which they count. */
export const providers: readonly Provider[] = [
  aws,
  azure,
  gcp,
  digitalocean,
  hetzner,
  alibaba,
  tencent,
  huawei,
  openstack(['openstack', 'nova'], LINK_LOCAL),
  openstack(['openstack-ssl', 'nova-ssl'], 'https://169.254.169.254'),
]
