// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references in the configuration are written so.
import type { z } from 'zod'
import type { Registries } from '../../lib/config/schema/index.js'
import { plannedProcessors } from '../../lib/config/schema/planned-processors.js'
import { commonShape } from '../../lib/config/schema/protocol.js'
import { processors } from '../../lib/processors/index.js'
import { cell } from './markdown.js'
import { at, entries, type Option, optionOf, optionsOf } from './options.js'

const INTRODUCTION = `# Configuration

Generated from the schema by \`npm run docs\`; do not edit.

Files are those of \`-c\`, in their order; without \`-c\` it is \`packetbeat.yml\` in \`--path.config\` or the current
directory, else \`/etc/packetbeat/packetbeat.yml\`, else the built-in defaults: all interfaces, every protocol on its usual
ports, flows, and events on the terminal (as JSON lines where standard output is none). Any \`packetbeat.yml\` is taken;
what it has that is not available yet is named at the start.

- **Keys** may be nested or joined by dots: \`output.file.path: x\` is \`output: {file: {path: x}}\`. The same setting twice in
  one file is an error, and so is a setting that does not exist.
- **Several sources**: a later file is laid over an earlier one, \`-E key=value\` over all files. Sections are merged; lists are
  replaced. \`-E packetbeat.protocols.0.ports=[8080]\` changes one entry of a list.
- **Values**: true and false may be yes, no, on and off; numbers may be given as text; a single value stands for a list of
  one. Durations have a unit (\`500ms\`, \`10s\`, \`1h30m\`); a number alone means seconds, except where a unit is required. Sizes
  are bytes, with a unit if you like (\`10MiB\` = 10 * 1024 * 1024, \`10MB\` = 10 * 1000 * 1000).
- **References**: \`\${NAME}\` is the environment variable of that name, else the setting (\`\${path.data}\`), a whole section if need
  be; \`\${NAME:default}\` has a default, \`\${NAME:?message}\` a message for whoever forgot it. One that is not set is an error. In a
  variable, commas and brackets make lists. \`$\${\` is a plain \`\${\`, \`$}\` a plain \`}\`.
- **Permissions**: a file must belong to root or to the user who runs the program, and nobody else may write it;
  \`--strict.perms=false\` turns this off.

\`packetbeat-native test config\` checks all of it, \`packetbeat-native export config\` prints the sources as one.
[config.schema.json](config.schema.json) is for editors.
`

const row = ({ path, type, default: value, description }: Option): string =>
  `| \`${path}\` | ${cell(type)} | ${value === undefined ? '' : `\`${cell(value)}\``} | ${cell(description)} |`

function table(options: readonly Option[]): string {
  const header = '| option | type | default | meaning |\n| --- | --- | --- | --- |'
  return [header, ...options.map(row)].join('\n')
}

const chapter = (title: string, text: string, options: readonly Option[]): string =>
  [`## ${title}`, text, options.length > 0 ? table(options) : ''].filter((part) => part !== '').join('\n\n')

/** docs/config.md */
export function configMarkdown(schema: z.ZodType, registries: Registries): string {
  const all = optionsOf('', schema)
  const here = all.filter(({ planned }) => !planned)
  const isBelow = (path: string, prefix: string) =>
    path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`)
  // These have chapters of their own making.
  const told = ['packetbeat.protocols', 'processors']
  const below = (...prefixes: string[]) => {
    told.push(...prefixes)
    return here.filter(({ path }) => prefixes.some((prefix) => isBelow(path, prefix)))
  }
  const chapters = [
    chapter('Interfaces', 'One section, or a list of them.', below('packetbeat.interfaces')),
    chapter('Flows', '', below('packetbeat.flows')),
    ...protocolChapters(schema, registries),
    chapter(
      'Capture',
      '',
      below('packetbeat.run_as', 'packetbeat.ignore_outgoing', 'packetbeat.shutdown_timeout'),
    ),
    chapter('Processes', '', below('packetbeat.procs')),
    chapter('Plug-ins', 'See [plugins.md](plugins.md).', below('packetbeat.plugins')),
    chapter('Events', '', below('name', 'tags', 'fields', 'fields_under_root', 'timestamp')),
    processorChapter(),
    chapter('Queue', 'Also below an output, for that output.', below('queue')),
    ...registries.outputs.map(({ name, title }) =>
      chapter(
        `output.${name}`,
        `Events go to ${title}.`,
        below(`output.${name}`).filter(({ path }) => !path.includes('.queue.')),
      ),
    ),
    chapter(
      'Setup',
      'What is loaded when the Elasticsearch output connects, and by `packetbeat-native setup`.',
      below('setup', 'packetbeat.overwrite_pipelines'),
    ),
    chapter('Elastic Cloud', '', below('cloud')),
    chapter('Counters over HTTP', 'See [metrics.md](metrics.md).', below('http')),
    chapter('Keystore', '', below('keystore')),
    chapter('Logging', '', below('logging')),
    chapter('Directories', '', below('path')),
    plannedChapter(schema, all),
  ]
  const untold = here.filter(({ path }) => !told.some((prefix) => isBelow(path, prefix)))
  if (untold.length > 0) throw new Error(`no chapter has ${untold.map(({ path }) => path).join(', ')}`)
  return `${INTRODUCTION}\n${chapters.join('\n\n')}\n`
}

function protocolChapters(schema: z.ZodType, registries: Registries): string[] {
  const found = entries(schema)
  const shared = commonShape(at(schema, 'processors'))
  const common = Object.entries(shared).flatMap(([key, option]) =>
    key === 'processors' ? [optionOf(key, option)] : optionsOf(key, option),
  )
  const type = `Usual ports: ${registries.protocols
    .filter(({ ports }) => ports.length > 0)
    .map(({ name, ports }) => `${name} ${ports.join(', ')}`)
    .join('; ')}.`
  const text = `\`packetbeat.protocols\` is a list of entries, \`- type: http\`, or a section with a name for each, \`http: {…}\`. Every entry takes the options below, and \`ports\`: the server ports that are decoded as this protocol. Without \`ports\` it is the usual ones; no port may belong to two entries. ${type}`
  return [
    chapter('Protocols', text, common),
    ...registries.protocols.map(({ name, title, options }) => {
      const own = Object.keys(options.shape)
      const rows = optionsOf('', found.get(name) as z.ZodObject).filter(({ path }) =>
        own.includes(path.split(/[.[]/)[0] as string),
      )
      return chapter(`Protocol ${name}`, `${title}.`, rows)
    }),
  ]
}

function processorChapter(): string {
  const text = `Lists of processors stand at the top level, in flows and in protocols; each entry has the name of one processor and its options, among them \`when\` (a condition) and \`tag\` (a name for the log). Or it is \`if\` (a condition), \`then\` and \`else\` (lists). Conditions: \`equals\`, \`contains\`, \`regexp\`, \`range\`, \`network\`, \`has_fields\`, \`and\`, \`or\`, \`not\`.`
  const options = processors.flatMap((processor) => {
    const { name, title, options } = processor as { name: string; title: string; options: z.ZodObject }
    const head: Option = {
      path: name,
      type: '',
      default: undefined,
      description: `${title}.`,
      planned: false,
    }
    return [head, ...optionsOf(name, options)]
  })
  return chapter('Processors', text, options)
}

function plannedChapter(schema: z.ZodType, all: readonly Option[]): string {
  const names = new Set<string>(processors.map(({ name }) => name))
  const missing = plannedProcessors.filter((name) => !names.has(name)).map((name) => `\`${name}\``)
  const options = all.filter(({ planned }) => planned)
  const more = [...entries(schema)].flatMap(([name, entry]) => {
    const own = optionsOf('', entry).filter(({ planned }) => planned)
    return own.length === 0 ? [] : [`\`${name}\``]
  })
  const text = [
    'What a `packetbeat.yml` may have and this program does not do yet. It is checked, and named at the start; an output that is not available is an error.',
    more.length > 0 ? `Protocols: ${more.join(', ')}.` : '',
    missing.length > 0 ? `Processors: ${missing.join(', ')}.` : '',
  ]
  return chapter('Accepted, not available yet', text.filter((part) => part !== '').join('\n\n'), options)
}
