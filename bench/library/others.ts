import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** The newest versions there are. Both are compiled against Node's own headers. */
const versions = { cap: '0.2.1', pcap: '3.1.0' }

/** Installs the other libraries in a folder of their own, once; returns it. @throws {Error} when one does not build. */
export function otherLibraries(): string {
  const folder = join(tmpdir(), `packetbeat-native-bench-${process.version}`)
  if (Object.keys(versions).every((name) => existsSync(join(folder, 'node_modules', name, 'build/Release'))))
    return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{}')
  const headers = dirname(dirname(process.execPath))
  const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`)
  const options = ['--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts=false']
  // Where Node's headers are not beside it, node-gyp fetches them.
  const local = existsSync(join(headers, 'include/node/node.h')) ? [`--nodedir=${headers}`] : []
  execFileSync('npm', ['install', ...options, ...local, ...packages], { cwd: folder, stdio: 'inherit' })
  return folder
}
