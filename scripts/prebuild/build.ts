// Fills prebuilds/ with the addon for every platform, or for those that are named: npm run prebuild -- linux-x64-glibc
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fileOf, type Target, targetsNamed } from './targets.js'
import { zig } from './tools.js'

const root = join(import.meta.dirname, '../..')
const prebuildify = createRequire(import.meta.url).resolve('prebuildify/bin.js')
const program = zig()

function build({ name, platform, arch, libc, zig }: Target): void {
  // A folder of its own: prebuildify takes what it finds in build/Release, where the addon of this machine is.
  const folder = join(root, 'build-prebuild', name)
  rmSync(join(folder, 'build'), { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const options = {
    name: 'packetbeat-native',
    cwd: folder,
    out: root,
    platform,
    arch,
    ...(libc && { libc, 'tag-libc': libc }),
    target: 'node@20.19.0', // of which it makes nothing, with --napi
    'node-gyp': join(import.meta.dirname, 'node-gyp.mjs'),
  }
  const flags = Object.entries(options).map(([option, value]) => `--${option}=${value}`)
  execFileSync(process.execPath, [prebuildify, '--napi', ...flags], {
    env: { ...process.env, ZIG: program, ZIG_TARGET: zig },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

const { positionals } = parseArgs({ allowPositionals: true })
for (const target of targetsNamed(positionals)) {
  const start = performance.now()
  build(target)
  console.log(`${fileOf(target)}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
}
