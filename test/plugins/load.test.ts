import assert from 'node:assert/strict'
import { chmodSync, chownSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { registries } from '../../lib/config/registries.js'
import { exitCodes } from '../../lib/errors.js'
import { failure } from '../config/support.js'
import { command, type Ended, notBuilt } from '../support/command.js'
import { folderWith, ranWith, settingsIn } from './support.js'

const ESM = `
import { defineProcessor, z } from 'packetbeat-native'
const own = defineProcessor({
  name: 'own',
  title: 'nothing',
  options: z.strictObject({ word: z.string().default('word').describe('A word.') }),
  create: ({ word }) => (event) => ({ ...event, own: word }),
})
export default { processors: [own] }
`
const COMMON = ESM.replace(/import \{(.*)\} from (.*)/, 'const {$1} = require($2)').replace(
  'export default',
  'module.exports =',
)
const PACKAGE = JSON.stringify({ name: 'packetbeat-own', type: 'module', exports: './index.js' })

const used = 'processors=[{own: {}}]'

/** What the command says of a configuration in that folder. Node alone loads the plug-ins, and not what runs these tests. */
const tested = (folder: string, ...overrides: string[]): Ended =>
  command(
    ['test', 'config', '--path.home', folder, ...overrides.flatMap((each) => ['-E', each])],
    // It is one of the places where packages are looked for.
    { cwd: '/' },
  )

function accepted(folder: string, name: string): void {
  const { status, stderr } = tested(folder, `packetbeat.plugins=${name}`, used)
  assert.equal(status, 0, stderr)
}

/** What a user is told about plug-ins of these files, with the folder left out: one sentence. */
function refused(files: Readonly<Record<string, string>>, plugin: string): string {
  const folder = folderWith(files)
  const { status, stderr } = tested(folder, `packetbeat.plugins=${plugin}`)
  assert.equal(status, exitCodes.configuration, stderr)
  assert.match(stderr, /^Exiting: -E packetbeat\.plugins: [^\n]+\.\n$/)
  return stderr.replaceAll(folder, '.').trimEnd()
}

describe('a plug-in is found', { skip: notBuilt }, () => {
  const ways: [string, Record<string, string>, string][] = [
    ['at a path below the folder of the configuration', { 'lib/own.mjs': ESM }, './lib/own.mjs'],
    ['as CommonJS', { 'own.cjs': COMMON }, './own.cjs'],
    ['as a folder', { 'own/index.js': COMMON }, './own'],
    [
      'as a package',
      { 'node_modules/packetbeat-own/package.json': PACKAGE, 'node_modules/packetbeat-own/index.js': ESM },
      'packetbeat-own',
    ],
    [
      'as a package of a scope',
      { 'node_modules/@us/own/package.json': PACKAGE, 'node_modules/@us/own/index.js': ESM },
      '"@us/own"',
    ],
    [
      'among several',
      { 'own.mjs': ESM, 'other.mjs': ESM.replaceAll("'own'", "'other'") },
      '[./other.mjs, ./own.mjs]',
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: references in the configuration are written so.
    ['by a reference', { 'own.mjs': ESM }, '${path.home}/own.mjs'],
  ]
  for (const [where, files, name] of ways)
    it(where, () => {
      accepted(folderWith(files), name)
    })

  it('at an absolute path', () => {
    const folder = folderWith({ 'own.mjs': ESM })
    accepted('/', join(folder, 'own.mjs'))
  })

  it('from the current directory, when the folder of the configuration has none', () => {
    const folder = folderWith({
      'node_modules/packetbeat-own/package.json': PACKAGE,
      'node_modules/packetbeat-own/index.js': ESM,
    })
    const given = ['-E', 'packetbeat.plugins=packetbeat-own', '-E', used]
    const { status, stderr } = command(['test', 'config', '--path.home', '/', ...given], { cwd: folder })
    assert.equal(status, 0, stderr)
  })

  it('by no other run of the same program', () => {
    const folder = folderWith({ 'own.mjs': ESM })
    assert.equal(settingsIn(folder, ['packetbeat.plugins=./own.mjs', used]).processors.length, 1)
    assert.match(failure(() => settingsIn(folder, [used])).message, /own is not a processor/)
    assert.ok(!registries.processors.names.includes('own'))
  })
})

describe('a plug-in is refused', { skip: notBuilt }, () => {
  it('that is not there, with what installs it', () => {
    assert.match(
      refused({}, 'packetbeat-nowhere'),
      /there is no package packetbeat-nowhere, neither from \. nor beside this program; `npm install --prefix \. packetbeat-nowhere` installs it/,
    )
  })

  it('at a path where nothing is', () => {
    assert.match(refused({}, './nowhere.mjs'), /there is no plug-in \.\/nowhere\.mjs\.$/)
  })

  it('that is a module of Node', () => {
    assert.match(refused({}, 'node:fs'), /is a module of Node itself, not a plug-in\.$/)
  })

  const wrong: [string, string, RegExp][] = [
    ['throws', `\nexport default undefined.x`, /cannot be loaded: TypeError: .* at \.\/own\.mjs:2\.$/],
    [
      'is no JavaScript',
      `export default {\n  a b`,
      /cannot be loaded: SyntaxError: [^;]+; `node \.\/own\.mjs` shows where\.$/,
    ],
    ['lacks a module', `import 'nobody-has-it'`, /cannot be loaded: Cannot find package 'nobody-has-it'/],
    ['awaits something', `export default await { }`, /has an `await` outside of any function/],
    ['exports nothing', `const a = 1`, /the plug-in \.\/own\.mjs: what it exports brings nothing; it needs/],
    ['exports a list', `export default []`, /what it exports must be an object, such as export default/],
    [
      'has a key nobody knows',
      `export default { protocol: [] }`,
      /protocol is not known; did you mean protocols\?/,
    ],
  ]
  for (const [what, module, says] of wrong)
    it(`that ${what}`, () => {
      assert.match(refused({ 'own.mjs': module }, './own.mjs'), says)
    })

  it('and others with it, all at once', () => {
    const { stderr } = tested(folderWith({}), 'packetbeat.plugins=[./a.mjs, ./b.mjs]')
    assert.match(stderr, /there are 2 mistakes in the configuration:\n.*a\.mjs\.\n.*b\.mjs\.\n$/)
  })

  it('whose package has an entry for import only', () => {
    const exports = { name: 'packetbeat-own', type: 'module', exports: { import: './index.js' } }
    const files = {
      'node_modules/packetbeat-own/package.json': JSON.stringify(exports),
      'node_modules/packetbeat-own/index.js': ESM,
    }
    assert.match(refused(files, 'packetbeat-own'), /"default" in the place of "import" mends it/)
  })

  it('that others may write, unless permissions do not matter', () => {
    const folder = folderWith({ 'own.mjs': ESM })
    chmodSync(join(folder, 'own.mjs'), 0o666)
    const load = (strictPermissions: boolean) =>
      settingsIn(folder, ['packetbeat.plugins=./own.mjs', used], { strictPermissions })
    const { code, message } = failure(() => load(true))
    assert.equal(code, 'ERR_CONFIG_PERMISSIONS')
    assert.match(message, /own\.mjs may be written by others than its owner; `chmod go-w /)
    assert.equal(load(false).processors.length, 1)
  })

  it('that belongs to somebody else', { skip: process.getuid?.() === 0 ? false : 'needs root' }, () => {
    const folder = folderWith({ 'own.mjs': ESM })
    chownSync(join(folder, 'own.mjs'), 65534, 65534)
    const { code } = failure(() => settingsIn(folder, ['packetbeat.plugins=./own.mjs']))
    assert.equal(code, 'ERR_CONFIG_PERMISSIONS')
  })
})

const protocol = (members: string): string => `
import { z } from 'packetbeat-native'
export default {
  protocols: [{
    name: 'own', title: 'Own', transports: ['tcp'], ports: [11300], options: z.strictObject({ word: z.string().optional() }),
    counters: {}, fields: {}, start: () => () => ({ data() {} }), ${members}
  }],
}`

const field = (name: string, members = ''): string =>
  protocol(`fields: { '${name}': { type: 'keyword', description: 'A.', value: () => 'a', ${members} } }`)

describe('the shape of a plug-in', { skip: notBuilt }, () => {
  const wrong: [string, RegExp][] = [
    [protocol('name: undefined'), /protocols\[0\]\.name must be a text/],
    [protocol(`name: 'Own-1'`), /protocols\[0\]\.name must be a name of lower-case letters, digits and _/],
    [protocol(`name: 'pipeline'`), /protocols\[0\]\.name must be another name/],
    [protocol(`name: 'redis'`), /protocols\[0\]\.name must be another: there is a protocol redis already/],
    [protocol(`transports: ['sctp']`), /protocols\[0\]\.transports\[0\] must be tcp, udp or icmp/],
    [protocol(`transports: []`), /protocols\[0\]\.transports must not be empty/],
    [protocol(`ports: [0]`), /protocols\[0\]\.ports\[0\] must be a port, 1 to 65535/],
    [protocol(`options: {}`), /protocols\[0\]\.options must be a schema, made by z\.strictObject/],
    [protocol(`options: z.string()`), /protocols\[0\]\.options must be a schema/],
    [protocol(`start: 7`), /protocols\[0\]\.start must be a function \(options, context\)/],
    [protocol(`counters: { 'a.b': 'c' }`), /protocols\[0\]\.counters\.a\.b must be a name of/],
    [protocol(`fields: undefined`), /protocols\[0\]\.fields must be an object of fields/],
    [protocol(`constant: {}`), /protocols\[0\]\.constant is not known; did you mean constants\?/],
    [field('a b'), /protocols\[0\]\.fields\.a b must be a name of words with dots between them/],
    [field('own.a', `type: 'string'`), /protocols\[0\]\.fields\.own\.a\.type must be keyword, text/],
    [field('own.a', `value: 'a'`), /protocols\[0\]\.fields\.own\.a\.value must be a function/],
    [field('source.port'), /fields\["source\.port"\] must be of another name, or of the type .*: long/],
    [field('http'), /fields\["http"\] must be of another name: elsewhere it has fields inside/],
    [
      field('source.ip.kind'),
      /fields\["source\.ip\.kind"\] must be of another name: source\.ip has no fields/,
    ],
    [
      ESM.replace("name: 'own'", "name: 'drop_event'"),
      /processors\[0\]\.name must be another: there is a processor drop_event already/,
    ],
    [ESM.replace("name: 'own'", "name: 'if'"), /processors\[0\]\.name must be another name/],
    [
      ESM.replace('create:', 'make:'),
      /processors\[0\]\.create must be a function|processors\[0\]\.make is not known/,
    ],
    [`export default { outputs: [{}] }`, /outputs\[0\]\.name must be a text/],
  ]
  for (const [module, says] of wrong)
    it(`is told: ${says.source.replaceAll('\\', '')}`, () => {
      const folder = folderWith({ 'own.mjs': module })
      const { code, message } = failure(() => settingsIn(folder, ['packetbeat.plugins=./own.mjs']))
      assert.equal(code, 'ERR_PLUGIN_INVALID')
      assert.match(message, says)
      assert.match(message, /^-E packetbeat\.plugins: [^\n]+\.$/)
    })

  it('two plug-ins must not bring the same', () => {
    const message = refused({ 'a.mjs': ESM, 'b.mjs': ESM }, '[./a.mjs, ./b.mjs]')
    assert.match(message, /plugins\[1\]: the plug-in \.\/b\.mjs: processors\[0\]\.name must be another/)
  })
})

describe('what a plug-in brings', { skip: notBuilt }, () => {
  const folder = folderWith({ 'own.mjs': protocol(''), 'processor.mjs': ESM })
  const settings = (...overrides: string[]) =>
    settingsIn(folder, ['packetbeat.plugins=[./own.mjs, ./processor.mjs]', ...overrides])
  const says = (...overrides: string[]) => failure(() => settings(...overrides)).message

  it('is watched without any configuration, on its usual ports', () => {
    const { protocols } = settings()
    assert.equal(protocols.length, registries.protocols.length + 1)
    assert.deepEqual(protocols.at(-1)?.ports, [11300])
  })

  it('is checked as everything else is', () => {
    assert.match(says('packetbeat.protocols=[{type: onw}]'), /"onw" is not known; did you mean own\?/)
    assert.match(
      says('packetbeat.protocols=[{type: own, wrod: a}]'),
      /wrod is not a setting; did you mean word\?/,
    )
    assert.match(says('packetbeat.protocols=[{type: own, word: [1]}]'), /word must be a text/)
    assert.match(says('processors=[{own: {wrod: a}}]'), /wrod is not a setting; did you mean word\?/)
    assert.match(
      says('packetbeat.protocols=[{type: own}, {type: redis, ports: [11300]}]'),
      /must not share TCP port 11300/,
    )
  })

  it('has its counters, and its fields in the index template', async () => {
    const { counters } = await ranWith(settings('packetbeat.flows.enabled=false'))
    assert.equal(counters['own.malformed'] ?? 0, 0)
    assert.ok('own.wrong_fields' in counters)
    const fields = settings().setup.protocols.map((each) => each.fields)
    assert.equal(fields.length, registries.protocols.length + 1)
  })
})
