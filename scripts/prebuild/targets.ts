/** A platform that a compiled addon is made for. */
export interface Target {
  /** As `npm run prebuild -- NAME` takes it. */
  name: string
  platform: NodeJS.Platform
  arch: NodeJS.Architecture
  /** The C library, where a platform has several. */
  libc?: 'glibc' | 'musl'
  /** What zig calls it, with the oldest system that it shall run on. */
  zig: string
}

/** glibc 2.17 is of 2012: RHEL 7, Debian 8, Ubuntu 14.04. macOS 11 is the oldest that Node 20 runs on. */
export const targets: readonly Target[] = [
  { name: 'linux-x64-glibc', platform: 'linux', arch: 'x64', libc: 'glibc', zig: 'x86_64-linux-gnu.2.17' },
  {
    name: 'linux-arm64-glibc',
    platform: 'linux',
    arch: 'arm64',
    libc: 'glibc',
    zig: 'aarch64-linux-gnu.2.17',
  },
  { name: 'linux-x64-musl', platform: 'linux', arch: 'x64', libc: 'musl', zig: 'x86_64-linux-musl' },
  { name: 'linux-arm64-musl', platform: 'linux', arch: 'arm64', libc: 'musl', zig: 'aarch64-linux-musl' },
  { name: 'darwin-arm64', platform: 'darwin', arch: 'arm64', zig: 'aarch64-macos.11.0' },
  { name: 'darwin-x64', platform: 'darwin', arch: 'x64', zig: 'x86_64-macos.11.0' },
  { name: 'win32-x64', platform: 'win32', arch: 'x64', zig: 'x86_64-windows-gnu' },
]

/** Where node-gyp-build looks for it, below the package. */
export const fileOf = ({ platform, arch, libc }: Target): string =>
  `prebuilds/${platform}-${arch}/packetbeat-native${libc ? `.${libc}` : ''}.node`

/** The targets of these names, or all of them. @throws {Error} for a name that is none. */
export function targetsNamed(names: readonly string[]): readonly Target[] {
  const known = new Map(targets.map((target) => [target.name, target]))
  const found = names.map((name) => {
    const target = known.get(name)
    if (!target) throw new Error(`"${name}" is no target; there are: ${[...known.keys()].join(', ')}.`)
    return target
  })
  return found.length > 0 ? found : targets
}
