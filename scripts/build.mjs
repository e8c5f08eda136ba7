#!/usr/bin/env node
// Builds lib/ into dist/: the command and the library as one bundle, whose modules both share, and the library's types.
// The bundle starts in a third of the time: of zod and the other packages it has what is used, in a handful of files.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import { writeDeclarations } from './declarations.mjs'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

rmSync(dist, { recursive: true, force: true })
writeDeclarations(dist)

// zod brings its messages in fifty languages, a third of the bundle; ours are English.
const english = {
  name: 'english',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js'",
      resolveDir: dirname(path),
    })),
}

// esbuild leaves nothing out of a namespace that has another name inside its package, as `z` has: half of zod.
const wholeNamespace = {
  name: 'whole namespace',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]lib[\\/].*\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      contents: readFileSync(path, 'utf8').replace("import { z } from 'zod'", "import * as z from 'zod'"),
    })),
}

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['lib/cli.ts', 'lib/index.ts'],
  outdir: 'dist',
  // Beside cli.js: modules that look for files of the package count the folders between.
  chunkNames: 'part-[hash]',
  bundle: true,
  splitting: true, // what a command does not need is not loaded
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  // What is installed beside us is not copied, but for zod: plug-ins should not need the whole of it at every start.
  external: Object.keys(dependencies).filter((name) => name !== 'zod'),
  plugins: [english, wholeNamespace],
  // Packages in CommonJS ask for Node's own modules with `require`.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  minifyWhitespace: true, // V8 keeps the source in memory
  metafile: true,
  logLevel: 'warning',
})
writeFileSync(join(dist, 'THIRD-PARTY.txt'), licences(Object.keys(metafile.inputs)))

/** The licences of the packages whose sources are in the bundle, as these ask for. */
function licences(inputs) {
  // Packages that say they are under MIT's licence and have no copy of it: what it begins with in their repository.
  const notices = { '@redis/client': 'Copyright (c) 2022-2025, Redis, inc.' }
  const mit = readFileSync(join(root, 'node_modules/zod/LICENSE'), 'utf8').replace(/^Copyright.*$/m, '{}')
  const packages = new Set(
    inputs.flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
  )
  const texts = [...packages].sort().map((name) => {
    const folder = join(root, 'node_modules', name)
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
    if (file === undefined && !(name in notices)) throw new Error(`${name} has no licence to copy`)
    const text =
      file === undefined ? mit.replace('{}', notices[name]) : readFileSync(join(folder, file), 'utf8')
    return `${name} ${version} (${license})\n\n${text.trim()}\n`
  })
  return `Parts of these packages are in ${relative(root, dist)}/:\n\n${texts.join('\n---\n\n')}`
}
