import { join } from 'node:path'
import { cached, run } from '../../live/support/cache.js'

/** The oldest versions that package.json's `engines` allow, and the newest of those that are kept up. */
export const versions = ['20.19.0', '22.12.0', '24.22.3', '26.12.1'] as const

/** For processors that this machine must imitate. */
export const foreignVersion = '24.22.3'

/** The program of a version of Node for Linux, as npm has it. */
export async function nodeOf(version: string, arch: 'x64' | 'arm64' = 'x64'): Promise<string> {
  const folder = await cached(`node-${version}-linux-${arch}`, (into) =>
    // npm refuses a package for another processor, unless it is told that it knows better.
    run(
      'npm',
      'install',
      '--prefix',
      into,
      ...quietly,
      '--force',
      `--cpu=${arch}`,
      `node-linux-${arch}@${version}`,
    ),
  )
  return join(folder, `node_modules/node-linux-${arch}/bin/node`)
}

/** All that the tests of prebuilt addons run on. */
export async function allNodes(): Promise<void> {
  for (const version of versions) await nodeOf(version)
  await nodeOf(foreignVersion, 'arm64')
}

const quietly = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
