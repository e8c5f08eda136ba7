import { commonFields } from '../../lib/events/common.js'
import { envelope } from '../../lib/events/envelope.js'
import { type Field, type Fields, withMembers } from '../../lib/events/fields.js'
import { flowFields } from '../../lib/flows/fields.js'
import { processFields } from '../../lib/procs/fields.js'
import type { Protocol } from '../../lib/protocols/protocol.js'
import { cell } from './markdown.js'

type Documented = Readonly<Record<string, Pick<Field<never, never>, 'type' | 'description' | 'list'>>>

const INTRODUCTION = `# Fields

Generated from the field lists by \`npm run docs\`; do not edit.

Names, types and meanings are those of Packetbeat and of the Elastic Common Schema. An empty value is left out: no zeros,
empty texts or empty lists.
`

/** docs/fields.md */
export function fieldsMarkdown(protocols: readonly Pick<Protocol, 'name' | 'title' | 'fields'>[]): string {
  const direction = () => ''
  const chapters = [
    `## All events\n\n${constants()}`,
    chapter('All transactions', '', commonFields(direction) as unknown as Documented),
    chapter(
      'Processes',
      'With `packetbeat.procs.enabled`, in transactions and flows of live captures.',
      withMembers(processFields()),
    ),
    ...protocols.map(({ name, title, fields }) =>
      chapter(name, `${title}.`, withMembers(fields as unknown as Fields<never, never>)),
    ),
    chapter(
      'flow',
      'Who talks to whom, whatever the protocol.',
      flowFields(direction) as unknown as Documented,
    ),
  ]
  return `${INTRODUCTION}\n${chapters.join('\n\n')}\n`
}

const table = (rows: readonly string[]): string =>
  ['| field | type | meaning |', '| --- | --- | --- |', ...rows].join('\n')

function chapter(name: string, text: string, fields: Documented): string {
  const rows = Object.entries(fields).map(
    ([field, { type, description, list }]) =>
      `| \`${field}\` | ${list ? `${type}, list` : type} | ${cell(description)} |`,
  )
  return [`## ${name}`, text, table(rows)].filter((part) => part !== '').join('\n\n')
}

/** Of what every event says in the same words. */
export const meanings: Readonly<Record<string, string>> = {
  'ecs.version': 'The version of the Elastic Common Schema.',
  'agent.name': 'The name of the configuration, else of the machine.',
  'agent.type': 'packetbeat.',
  'agent.version': 'The version of this program.',
  'agent.id': 'Tells this machine from others.',
  'agent.ephemeral_id': 'Tells this run from others.',
  'host.name': 'The name of the configuration, else of the machine.',
  'event.kind': 'event.',
  'event.category': 'network.',
}

/** What every event says in the same words. */
function constants(): string {
  const who = { name: 'x', id: 'x', ephemeralId: 'x', version: 'x' }
  const names = Object.keys(envelope({ identity: who, added: [], index: undefined }, {})).filter(
    (name) => !name.startsWith('@'),
  )
  return table(names.map((name) => `| \`${name}\` | keyword | ${meanings[name] ?? ''} |`))
}
