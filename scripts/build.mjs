#!/usr/bin/env node
// Builds lib/ into dist/: every module by itself, for those who import the package, and the command as a bundle. The
// bundle starts in a third of the time: of zod and the other packages it has what is used, in a handful of files.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
rmSync(join(root, 'dist'), { recursive: true, force: true })
const { status } = spawnSync('npx', ['tsc', '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
  shell: true,
})
if (status !== 0) process.exit(status ?? 1)

// zod brings its messages in fifty languages, a third of the bundle; ours are English.
const english = {
  name: 'english',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js'",
      resolveDir: dirname(path),
    })),
}

await build({
  absWorkingDir: root,
  entryPoints: ['lib/cli.ts'],
  outdir: 'dist',
  // Beside cli.js: modules that look for files of the package count the folders between.
  chunkNames: 'cli-[hash]',
  bundle: true,
  splitting: true, // what a command does not need is not loaded
  allowOverwrite: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.17',
  external: ['node-gyp-build'],
  plugins: [english],
  // Packages in CommonJS ask for Node's own modules with `require`.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  minifyWhitespace: true, // V8 keeps the source in memory
  logLevel: 'warning',
})
