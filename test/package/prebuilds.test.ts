// The prebuilt addons in the program: `npm run build:lib && npm run prebuild -- linux-x64-glibc linux-arm64-glibc` first.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { foreignVersion, nodeOf, versions } from './support/nodes.js'

const root = join(import.meta.dirname, '../..')
const cli = join(root, 'dist/cli.js')
const sample = join(root, 'test/traces/sample.pcap')
// What the C++ side does of its own: many flows, TCP reassembly, ICMP, datagrams that are answered.
const captures = [
  sample,
  ...['redis/redis-cli', 'mysql/mysql2-mariadb'].map((name) => join(root, `test/traces/${name}.pcap`)),
]

/** What the program prints about a capture; with which addon, says the environment. */
const events = (node: readonly string[], capture: string, environment: NodeJS.ProcessEnv): string =>
  execFileSync(node[0] as string, [...node.slice(1), cli, 'run', '-I', capture], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 100e6,
  })

const built = (capture: string) => events([process.execPath], capture, {})
const prebuilt = (node: readonly string[], capture: string) => events(node, capture, { PREBUILDS_ONLY: '1' })

/** Why a platform cannot be tried here, for `skip`; false when it can. */
function lacking(folder: string, file: string, ...needed: string[]): string | false {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'needs Linux on x64'
  if (!existsSync(cli)) return 'needs dist/: npm run build:lib'
  if (!existsSync(join(root, 'build/Release'))) return 'needs build/Release: npm run build:native'
  if (!existsSync(join(root, 'prebuilds', folder, file)))
    return `needs prebuilds/${folder}/${file}: npm run prebuild`
  return needed.every((path) => existsSync(path))
    ? false
    : 'needs the Debian packages qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross'
}

describe('prebuilt addons', { concurrency: false }, () => {
  const x64 = lacking('linux-x64', 'packetbeat-native.glibc.node')
  for (const version of versions)
    it(`Node ${version} on linux-x64: the same events as with the addon built here`, {
      skip: x64,
    }, async () => {
      const node = await nodeOf(version)
      for (const capture of captures) assert.equal(prebuilt([node], capture), built(capture))
    })

  it('is compiled once: Node 22.8 and later keep that for the next start', { skip: x64 }, async () => {
    const cache = mkdtempSync(join(tmpdir(), 'compiled-'))
    try {
      const node = [await nodeOf(versions.at(-1) as string)]
      const environment = {
        PREBUILDS_ONLY: '1',
        XDG_CACHE_HOME: cache,
        NODE_DISABLE_COMPILE_CACHE: undefined,
      }
      const first = events(node, sample, environment)
      const files = readdirSync(join(cache, 'packetbeat-native/compiled'), { recursive: true })
      assert.ok(files.length > 5)
      assert.equal(events(node, sample, environment), first)
    } finally {
      rmSync(cache, { recursive: true })
    }
  })

  const qemu = '/usr/bin/qemu-aarch64-static'
  const system = '/usr/aarch64-linux-gnu' // where Debian's packages for cross compiling have libc
  const arm64 = lacking(
    'linux-arm64',
    'packetbeat-native.glibc.node',
    qemu,
    join(system, 'lib/libstdc++.so.6'),
  )
  it(`Node ${foreignVersion} on linux-arm64: the same events as on linux-x64`, { skip: arm64 }, async () => {
    const node = [qemu, '-L', system, await nodeOf(foreignVersion, 'arm64')]
    for (const capture of captures) assert.equal(prebuilt(node, capture), built(capture))
  })
})
