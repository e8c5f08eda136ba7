import { stringify } from 'yaml'
import type { z } from 'zod'
import type { Registries } from '../../lib/config/schema/index.js'
import { commonShape } from '../../lib/config/schema/protocol.js'
import { at, entries, type Option, optionOf, optionsOf } from './options.js'

const WIDTH = 100

const HEADER = `# Every option there is, with its default. Copy what you need to packetbeat.yml.
# Generated from the schema by \`npm run docs\`; do not edit. docs/config.md has the rules.
`

/** packetbeat.reference.yml: a configuration that works, with everything else as comments. */
export function referenceYaml(schema: z.ZodType, registries: Registries): string {
  const all = optionsOf('', schema).filter(({ planned }) => !planned)
  const below = (...prefixes: string[]) =>
    all.filter(({ path }) =>
      prefixes.some(
        (prefix) => path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`),
      ),
    )
  const parts = [
    HEADER,
    title('Interfaces'),
    'packetbeat.interfaces:',
    lines(below('packetbeat.interfaces'), 'packetbeat.interfaces[].', 2),
    title('Flows'),
    'packetbeat.flows:',
    lines(below('packetbeat.flows'), 'packetbeat.flows.', 2, ['timeout', 'period']),
    title('Protocols'),
    'packetbeat.protocols:',
    ...protocolParts(schema, registries),
    title('Capture'),
    lines(below('packetbeat.ignore_outgoing', 'packetbeat.shutdown_timeout'), '', 0),
    title('Plug-ins'),
    lines(below('packetbeat.plugins'), '', 0),
    title('Events'),
    lines(below('name', 'tags', 'fields', 'fields_under_root', 'timestamp', 'processors'), '', 0),
    title('Queue'),
    lines(below('queue'), '', 0),
    ...registries.outputs.flatMap(({ name }) => [
      title(`Output: ${name}`),
      ...outputPart(
        name,
        below(`output.${name}`).filter(({ path }) => !path.includes('.queue.')),
      ),
    ]),
    title('Logging'),
    lines(below('logging'), '', 0),
    title('Directories'),
    lines(below('path'), '', 0),
  ]
  return `${parts
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`
}

const title = (text: string): string => `\n# ${`=== ${text} `.padEnd(WIDTH - 2, '=')}\n`

/** The options that all entries share come once, before the entries. */
function protocolParts(schema: z.ZodType, registries: Registries): string[] {
  const found = entries(schema)
  const common = Object.entries(commonShape(at(schema, 'processors'))).flatMap(([key, option]) =>
    key === 'processors' ? [optionOf(key, option)] : optionsOf(key, option),
  )
  return [
    '  # Every entry may have these options too.\n',
    lines(common, '', 4),
    ...registries.protocols.map(({ name, ports, options }) => {
      const own = Object.keys(options.shape)
      const rows = optionsOf('', found.get(name) as z.ZodObject).filter(
        ({ path, planned }) => !planned && own.includes(path.split(/[.[]/)[0] as string),
      )
      const head = [`  - type: ${name}`, ...(ports.length > 0 ? [`    ports: [${ports.join(', ')}]`] : [])]
      return `${[...head, lines(rows, '', 4)].join('\n').trimEnd()}\n`
    }),
  ]
}

/** The first output works as it stands; one at most may be on. */
function outputPart(name: string, options: readonly Option[]): string[] {
  if (name !== 'console') return [lines(options, '', 0)]
  return ['output.console:', lines(options, 'output.console.', 2, ['enabled'])]
}

/** Options with what they mean above them, commented out but for some. */
function lines(
  options: readonly Option[],
  prefix: string,
  indent: number,
  active: readonly string[] = [],
): string {
  const margin = ' '.repeat(indent)
  return options
    .map(({ path, default: value, description, type }) => {
      const key = path.slice(prefix.length)
      const comment = wrapped(`${description} (${type.replaceAll('`', '')})`, WIDTH - indent - 2).map(
        (line) => `${margin}# ${line}`,
      )
      const written = value === undefined ? '' : ` ${yaml(value)}`
      return [...comment, `${margin}${active.includes(key) ? '' : '#'}${key}:${written}`, ''].join('\n')
    })
    .join('\n')
}

/** A default again as YAML: it was made text for tables. */
function yaml(value: string): string {
  if (/^[[{"]/.test(value)) return value
  return stringify(value, { lineWidth: 0, version: '1.1' })
    .trim()
    .replace(/^"(true|false|-?\d[\d.]*)"$/, '$1')
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
