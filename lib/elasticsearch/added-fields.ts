import type { MappingType } from './mapping.js'

// What processors and ingest pipelines put into events, as the Elastic Common Schema maps it. What protocols and flows say
// stands in their own fields.ts.

const place = (side: string): Partial<Record<MappingType, string>> => ({
  keyword: names(
    `${side}.geo`,
    'city_name continent_code continent_name country_iso_code country_name name postal_code region_iso_code region_name timezone',
  ),
  geo_point: `${side}.geo.location`,
})

const network = (side: string): Partial<Record<MappingType, string>> => ({
  keyword: `${side}.as.organization.name ${names(side, 'address domain registered_domain subdomain top_level_domain mac user.id user.name')}`,
  long: `${side}.as.number ${side}.nat.port`,
  ip: `${side}.nat.ip`,
})

const process = (prefix: string): Partial<Record<MappingType, string>> => ({
  keyword: names(
    `${prefix}process`,
    'args entity_id executable hash.md5 hash.sha1 hash.sha256 name owner.id owner.name parent.args parent.executable parent.name title working_directory',
  ),
  wildcard: `${prefix}process.command_line ${prefix}process.parent.command_line`,
  long: names(
    `${prefix}process`,
    'args_count exit_code parent.pid parent.ppid pid ppid pgid thread.id uptime',
  ),
  date: `${prefix}process.start ${prefix}process.parent.start`,
})

function names(prefix: string, list: string): string {
  return list
    .split(' ')
    .map((name) => `${prefix}.${name}`)
    .join(' ')
}

const operatingSystem =
  'os.family os.full os.kernel os.name os.platform os.type os.version os.build os.codename'

const groups: readonly Partial<Record<MappingType, string>>[] = [
  {
    keyword: `tags type ecs.version event.dataset event.kind event.id event.module event.code event.hash event.provider event.timezone
      event.url error.code error.type service.name service.type service.id service.environment service.version service.node.name
      user.domain user.email user.full_name user.hash group.name group.domain network.name network.inner.vlan.id
      network.inner.vlan.name network.vlan.id network.vlan.name network.forwarded_for url.fragment url.password url.username
      url.registered_domain url.subdomain url.top_level_domain user_agent.name user_agent.version user_agent.device.name
      http.request.mime_type http.response.mime_type http.request.id rule.id rule.name trace.id transaction.id span.id log.flags
      cassandra.request.custom_payload server.process.name client.process.name process.parent.parent.name`,
    wildcard: 'url.original',
    date: 'event.created event.ingested',
    long: 'event.severity',
    double: 'event.risk_score event.risk_score_norm',
    match_only_text: 'message error.stack_trace',
  },
  {
    keyword: `${names('agent', 'build.original ephemeral_id id name type version hostname')} ${names(
      'host',
      `architecture containerized domain hostname id mac name type ${operatingSystem}`,
    )} ${names(
      'observer',
      `egress.interface.alias egress.interface.name hostname ingress.interface.alias
      ingress.interface.name mac name product serial_number type vendor version ${operatingSystem}`.replace(
        /\s+/g,
        ' ',
      ),
    )}
      ${names('user_agent', operatingSystem)}`,
    ip: 'host.ip observer.ip',
    long: 'host.uptime',
    boolean: 'host.containerized',
  },
  {
    keyword: `${names('cloud', 'account.id account.name availability_zone image.id instance.id instance.name machine.type project.id project.name provider region service.name')}
      ${names('container', 'id image.hash.all image.name image.tag name runtime')}
      ${names('orchestrator', 'api_version cluster.id cluster.name cluster.url cluster.version namespace organization resource.id resource.ip resource.name resource.parent.type resource.type type')}
      ${names('kubernetes', 'namespace namespace_uid node.hostname node.name node.uid pod.name pod.uid deployment.name replicaset.name statefulset.name daemonset.name job.name cronjob.name container.id container.image container.name container.runtime service.name')}
      ${names('docker', 'container.id container.image container.name')}`,
    ip: 'kubernetes.pod.ip',
  },
  ...['client', 'server', 'source', 'destination', 'host', 'observer'].map(place),
  ...['client', 'server', 'source', 'destination'].map(network),
  ...['', 'source.', 'destination.'].map(process),
]

/** Names of all these fields with their types. */
export const addedFields: ReadonlyMap<string, MappingType> = new Map(
  groups.flatMap((group) =>
    (Object.entries(group) as [MappingType, string][]).flatMap(([type, list]) =>
      list
        .trim()
        .split(/\s+/)
        .map((name) => [name, type] as const),
    ),
  ),
)

/** Below these, keys are the user's or another system's own: their texts are keywords. */
export const openTexts = [
  'fields',
  'labels',
  'container.labels',
  'docker.container.labels',
  'kubernetes.labels',
  'kubernetes.annotations',
  'kubernetes.namespace_labels',
  'kubernetes.namespace_annotations',
  'kubernetes.node.labels',
  'kubernetes.node.annotations',
  'kubernetes.service.selectors',
  'http.request.params',
] as const
