// Fills prebuilds/ with the addon for every platform, or for those that are named: npm run prebuild -- linux-x64-glibc
import { execFile } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { fileOf, type Target, targetsNamed } from './targets.js'
import { zig } from './tools.js'

const root = join(import.meta.dirname, '../..')
const prebuildify = createRequire(import.meta.url).resolve('prebuildify/bin.js')
const program = zig()

async function build(target: Target): Promise<void> {
  const start = performance.now()
  const { name, platform, arch, libc } = target
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
  // What the compiler says comes with the error.
  await promisify(execFile)(process.execPath, [prebuildify, '--napi', ...flags], {
    maxBuffer: 1 << 24,
    env: { ...process.env, ZIG: program, ZIG_TARGET: target.zig },
  })
  console.log(`${fileOf(target)}: ${((performance.now() - start) / 1000).toFixed(1)} s`)
}

const { positionals } = parseArgs({ allowPositionals: true })
const waiting = [...targetsNamed(positionals)]

// zig compiles its libraries one file after the other, so each processor gets a platform of its own.
async function worker(): Promise<void> {
  for (let target = waiting.shift(); target; target = waiting.shift()) await build(target)
}
await Promise.all(Array.from({ length: availableParallelism() }, worker))
