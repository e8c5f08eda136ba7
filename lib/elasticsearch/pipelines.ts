import type { Mapping } from './mapping.js'

const SIDES = ['client', 'server', 'source', 'destination', 'host']

/** Where the addresses of an event are, and whose networks they belong to. */
const geography = (side: string): Mapping[] => [
  { geoip: { field: `${side}.ip`, target_field: `${side}.geo`, ignore_missing: true, ignore_failure: true } },
  {
    geoip: {
      database_file: 'GeoLite2-ASN.mmdb',
      field: `${side}.ip`,
      target_field: `${side}.as`,
      properties: ['asn', 'organization_name'],
      ignore_missing: true,
      ignore_failure: true,
    },
  },
  { rename: { field: `${side}.as.asn`, target_field: `${side}.as.number`, ignore_missing: true } },
  {
    rename: {
      field: `${side}.as.organization_name`,
      target_field: `${side}.as.organization.name`,
      ignore_missing: true,
    },
  },
]

/**
 * The ingest pipelines of this version, by their ids. `…-routing` is the one to name in `output.elasticsearch.pipeline`,
 * as upstream's configuration does; it calls the others.
 */
export function ingestPipelines(version: string): ReadonlyMap<string, Mapping> {
  const id = (name: string) => `packetbeat-${version}-${name}`
  const failed = [
    {
      append: {
        field: 'error.message',
        value: '{{{_ingest.on_failure_processor_type}}}: {{{_ingest.on_failure_message}}}',
      },
    },
  ]
  return new Map<string, Mapping>([
    [
      id('geoip'),
      {
        description: 'Places and networks of the addresses.',
        processors: SIDES.flatMap(geography),
        on_failure: failed,
      },
    ],
    [
      id('http'),
      {
        description: 'The parts of the user agent.',
        processors: [
          { user_agent: { field: 'user_agent.original', ignore_missing: true, ignore_failure: true } },
        ],
        on_failure: failed,
      },
    ],
    [
      id('tls'),
      {
        description: 'All hashes of certificates and handshakes in one place.',
        processors: ['hash.md5', 'hash.sha1', 'hash.sha256', 'ja3', 'ja3s']
          .flatMap((name) => [`tls.client.${name}`, `tls.server.${name}`])
          .map((field) => ({
            append: {
              if: condition(field),
              field: 'related.hash',
              value: `{{{${field}}}}`,
              allow_duplicates: false,
            },
          })),
        on_failure: failed,
      },
    ],
    [
      id('routing'),
      {
        description: 'Begins every event of Packetbeat.',
        processors: [
          { set: { field: 'event.ingested', value: '{{{_ingest.timestamp}}}' } },
          { pipeline: { name: id('geoip') } },
          { pipeline: { if: "ctx.type == 'http' || ctx.type == 'sip'", name: id('http') } },
          { pipeline: { if: "ctx.type == 'tls'", name: id('tls') } },
        ],
        on_failure: failed,
      },
    ],
  ])
}

const condition = (field: string): string => `ctx.${field.replaceAll('.', '?.')} != null`
