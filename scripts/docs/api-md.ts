import type { Documented, Library } from './library.js'
import { cell } from './markdown.js'

const INTRODUCTION = `# The library

Generated from the docstrings by \`npm run docs\`; do not edit.
`

/** docs/api.md */
export function apiMarkdown({ text, exports, others }: Library): string {
  const own = exports.filter(({ isGenerated }) => !isGenerated)
  const generated = exports.filter(({ isGenerated }) => isGenerated)
  const chapters = [
    text,
    contents(own),
    ...own.map((each) => chapter(each)),
    ...(generated.length > 0 ? [`## Generated types`, table(generated)] : []),
    ...(others.length > 0 ? [OTHERS, ...others.filter(({ isGenerated }) => !isGenerated).map(chapter)] : []),
  ]
  return `${INTRODUCTION}\n${chapters.join('\n\n')}\n`
}

/** Names of exports that no docstring tells about. */
export const undocumented = ({ exports }: Library): string[] =>
  exports.filter(({ text }) => text === '').map(({ name }) => name)

const OTHERS = `## Not exported

What the types above lead to.`

const kinds: readonly (readonly [Documented['kind'], string])[] = [
  ['function', 'Functions'],
  ['class', 'Classes'],
  ['constant', 'Constants'],
  ['type', 'Types'],
]

function contents(exports: readonly Documented[]): string {
  const rows = kinds.flatMap(([kind, title]) => {
    const those = exports.filter((each) => each.kind === kind)
    const links = those.map(({ name }) => `[\`${name}\`](#${name.toLowerCase()})`)
    return those.length === 0 ? [] : `| ${title} | ${links.join(', ')} |`
  })
  return ['| | |', '| --- | --- |', ...rows].join('\n')
}

const table = (those: readonly Documented[]): string =>
  [
    '| type | meaning |',
    '| --- | --- |',
    ...those.map(({ name, text }) => `| \`${name}\` | ${cell(text)} |`),
  ].join('\n')

function chapter({ name, text, tags, code }: Documented): string {
  const told = tags.map(({ name: tag, text: told = '' }) => tagged(tag, told.trim()))
  return [`## ${name}`, text, told.join('\n'), `\`\`\`ts\n${code.join('\n')}\n\`\`\``]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** `@throws {UserError} 'ERR_OPTIONS' …` as an item of a list. */
function tagged(tag: string, text: string): string {
  const [, type, rest] = /^(?:\{([^}]*)\})?\s*(.*)$/s.exec(text) as unknown as [
    string,
    string | undefined,
    string,
  ]
  return `- ${tag}${type === undefined ? '' : ` \`${type}\``}: ${rest.replaceAll('\n', '\n  ')}`
}
