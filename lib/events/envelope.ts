import type { AddedSettings } from '../config/settings.js'
import type { Identity } from './identity.js'
import type { Constants } from './writer.js'

/** The Elastic Common Schema version of upstream's events. */
export const ECS_VERSION = '8.0.0'

/** What an entry of the configuration puts into its events, beside what they say themselves. */
export interface Envelope {
  identity: Identity
  /** Of all events, then of this entry's. */
  added: readonly AddedSettings[]
  /** Target index of this entry, for outputs that have one. */
  index: string | undefined
}

/** What the transactions of a protocol have in common. */
export const transactionConstants = ({
  name,
  constants,
}: {
  name: string
  constants?: Constants | undefined
}): Constants => ({
  type: name,
  'event.type': ['connection', 'protocol'],
  'event.dataset': name,
  'network.protocol': name,
  ...constants,
})

/** What flows have in common. */
export const flowConstants: Constants = {
  type: 'flow',
  'event.action': 'network_flow',
  'event.dataset': 'flow',
}

/**
 * The constants of all events of one entry; `own` are those of its protocol and come last. Where one of its `fields` says
 * what all events have, the field knows better.
 */
export function envelope(
  { identity, added, index }: Envelope,
  own: Constants,
  fields: Readonly<Record<string, unknown>> = {},
): Constants {
  const tags = [...new Set(added.flatMap((entry) => entry.tags))]
  const usual: Constants = {
    '@metadata.beat': 'packetbeat',
    '@metadata.type': '_doc',
    '@metadata.version': identity.version,
    '@metadata.raw_index': index,
    'ecs.version': ECS_VERSION,
    'agent.name': identity.name,
    'agent.type': 'packetbeat',
    'agent.version': identity.version,
    'agent.id': identity.id,
    'agent.ephemeral_id': identity.ephemeralId,
    'host.name': identity.name,
    'event.kind': 'event',
    'event.category': ['network'],
    ...own,
  }
  return {
    ...Object.fromEntries(Object.entries(usual).filter(([name]) => !(name in fields))),
    ...(tags.length > 0 ? { tags } : {}),
    ...Object.assign({}, ...added.map(customFields)),
  }
}

function customFields({ fields, fields_under_root }: AddedSettings): Constants {
  return flattened(fields_under_root ? fields : { fields })
}

/** Nested objects as full names, so that they mix with the event's own. */
function flattened(value: object, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.entries(flattened(inner as object, `${prefix}${key}.`))
        : [[`${prefix}${key}`, inner] as const],
    ),
  )
}
