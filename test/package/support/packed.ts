import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { notBuilt, repository } from '../../support/command.js'

/** A file of the tarball: its path in the package, and bytes. */
export interface PackedFile {
  path: string
  size: number
}

const addon = join(repository, 'build/Release/packetbeat_native.node')
const platform = `prebuilds/${process.platform}-${process.arch}`

/** Why tests of the whole package are skipped; false: there is all that they need. */
export const notPackable: string | false =
  notBuilt || (existsSync(addon) || existsSync(join(repository, platform)) ? false : 'needs an addon')

/** What `npm pack` would put into the tarball. */
export function packedFiles(): PackedFile[] {
  const [{ files }] = JSON.parse(npm(['pack', '--dry-run', '--json', '--ignore-scripts'], repository))
  return files
}

/**
 * A folder of somebody who has installed the tarball there, and nothing else; scripts were switched off. Where no
 * addons have been prebuilt, the one of this machine's build takes their place.
 */
export function installedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'packetbeat-package-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const [{ filename }] = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], sources(folder)),
  )
  const consumer = join(folder, 'consumer')
  mkdirSync(consumer)
  npm(['init', '--yes'], consumer)
  npm(
    ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename)],
    consumer,
  )
  return consumer
}

/** What is packed: the checkout as it is, or a copy that has an addon. */
function sources(folder: string): string {
  if (existsSync(join(repository, platform))) return repository
  const copy = join(folder, 'sources')
  const put = (from: string, path: string) => {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    copyFileSync(from, join(copy, path))
  }
  for (const { path } of packedFiles()) put(join(repository, path), path)
  put(addon, `${platform}/packetbeat-native.glibc.node`)
  spawnSync('strip', ['--strip-unneeded', join(copy, platform, 'packetbeat-native.glibc.node')])
  return copy
}

function npm(arguments_: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync('npm', arguments_, { cwd, encoding: 'utf8' })
  if (status !== 0) throw error ?? new Error(`npm ${arguments_.join(' ')}: ${stderr}`)
  return stdout
}
