import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { repository } from '../support/command.js'
import { notPackable, type PackedFile, packedFiles } from './support/packed.js'

/** Every file there may be, how many of each kind there must be, and bytes that all of them may have. */
const kinds: readonly { pattern: RegExp; least: number; most: number; bytes: number }[] = [
  { pattern: /^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/, least: 4, most: 4, bytes: 100_000 },
  { pattern: /^dist\/(cli|index)\.js$/, least: 2, most: 2, bytes: 700_000 },
  // What both have in common, and what is loaded when it is needed.
  { pattern: /^dist\/part-[A-Z0-9]{8}\.js$/, least: 10, most: 60, bytes: 3_500_000 },
  { pattern: /^dist\/THIRD-PARTY\.txt$/, least: 1, most: 1, bytes: 50_000 },
  { pattern: /^(dist\/.*|binding)\.d\.ts$/, least: 2, most: 200, bytes: 400_000 },
  {
    pattern: /^prebuilds\/[a-z0-9]+-[a-z0-9+]+\/packetbeat-native(\.[a-z0-9]+)*\.node$/,
    least: 0,
    most: 7,
    bytes: 10_500_000,
  },
  { pattern: /^prebuilds\/README\.md$/, least: 1, most: 1, bytes: 5_000 },
  // For those who build it: without the tests.
  {
    pattern: /^(CMakeLists\.txt|native\/(?!test\/).*\.(cpp|h|map|def))$/,
    least: 50,
    most: 300,
    bytes: 500_000,
  },
  { pattern: /^deploy\/(docker|kubernetes|systemd)\/[\w.-]+$/, least: 4, most: 4, bytes: 30_000 },
  { pattern: /^packetbeat\.reference\.yml$/, least: 1, most: 1, bytes: 100_000 },
]

/** The declaration files that an entry leads to, itself included. */
function declarationsFrom(entry: string, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found
  found.add(entry)
  const text = readFileSync(join(repository, entry), 'utf8')
  for (const [, name] of text.matchAll(/(?:from|import\(|import)\s*['"](\.[^'"]+)\.js['"]/g))
    declarationsFrom(join(entry, '..', `${name}.d.ts`), found)
  return found
}

describe('the tarball', { skip: notPackable }, () => {
  const files: PackedFile[] = notPackable ? [] : packedFiles()
  const paths = files.map(({ path }) => path)

  it('has what is used, and nothing else', (t) => {
    const unknown = paths.filter((path) => !kinds.some(({ pattern }) => pattern.test(path)))
    assert.deepEqual(unknown, [])
    for (const { pattern, least, most, bytes } of kinds) {
      const those = files.filter(({ path }) => pattern.test(path))
      const size = those.reduce((sum, file) => sum + file.size, 0)
      t.diagnostic(`${String(pattern)}: ${those.length} files, ${size} bytes`)
      assert.ok(those.length >= least && those.length <= most, `${String(pattern)}: ${those.length} files`)
      assert.ok(size <= bytes, `${String(pattern)}: ${size} bytes`)
    }
  })

  it('has no declarations but those that the library leads to, and the addon', () => {
    const led = declarationsFrom('dist/index.d.ts').add('binding.d.ts')
    assert.deepEqual(new Set(paths.filter((path) => path.endsWith('.d.ts'))), led)
  })

  it('has all files that the manifest points to', () => {
    const { bin, exports, types } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
    const targets = [...Object.values(bin), types, ...Object.values(exports['.']), exports['./package.json']]
    for (const target of targets as string[]) assert.ok(paths.includes(target.replace(/^\.\//, '')), target)
  })

  it('has no script that npm runs where it is installed', () => {
    const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))
    // npm runs node-gyp where there is a binding.gyp and no install script.
    assert.ok(!paths.includes('binding.gyp'))
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare'])
      assert.equal(scripts[name], undefined)
  })

  it('names each package whose sources are in it, with the text of its licence', () => {
    const text = readFileSync(join(repository, 'dist/THIRD-PARTY.txt'), 'utf8')
    const parts = text.split('\n---\n\n')
    assert.match(parts[0] as string, /^Parts of these packages/)
    const { devDependencies, dependencies } = JSON.parse(
      readFileSync(join(repository, 'package.json'), 'utf8'),
    )
    // What the sources import and is not installed beside them.
    for (const name of [
      '@redis/client',
      'fzstd',
      'quickjs-emscripten-core',
      'socks',
      'undici',
      'yaml',
      'zod',
    ]) {
      const part = parts.find((each) =>
        each.includes(`${name} ${devDependencies[name] ?? dependencies[name]} (`),
      )
      assert.ok(part !== undefined, `${name} is not named`)
    }
    for (const part of parts)
      assert.match(part, /Permission|Apache License|BSD/, `no licence: ${part.slice(0, 100)}`)
  })
})
