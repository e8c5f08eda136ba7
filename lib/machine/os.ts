import { readFileSync } from 'node:fs'
import { platform, release, version } from 'node:os'

/** An operating system as `host.os` has it. */
export interface OperatingSystem {
  type: string
  platform: string
  family?: string
  name?: string
  version?: string
  codename?: string
  build?: string
  kernel: string
}

// Families by what distributions call themselves; others say whom they are like.
const families: Readonly<Record<string, readonly string[]>> = {
  debian: ['debian', 'ubuntu', 'raspbian', 'linuxmint', 'kali'],
  redhat: ['rhel', 'fedora', 'centos', 'scientific', 'ol', 'oraclelinux', 'amzn', 'almalinux', 'rocky'],
  suse: ['suse', 'sles', 'opensuse', 'opensuse-leap', 'opensuse-tumbleweed'],
  arch: ['arch', 'archarm', 'manjaro'],
  alpine: ['alpine'],
}

/** What is running here. */
export function operatingSystem(): OperatingSystem {
  const kernel = release()
  switch (platform()) {
    case 'linux':
      return { type: 'linux', ...distribution(readOsRelease()), kernel }
    case 'darwin':
      return { type: 'macos', platform: 'darwin', family: 'darwin', name: 'macOS', kernel }
    case 'win32':
      return {
        type: 'windows',
        platform: 'windows',
        family: 'windows',
        name: version(),
        version: kernel.split('.').slice(0, 2).join('.'),
        build: kernel.split('.').slice(2).join('.'),
        kernel,
      }
    default:
      return { type: 'unix', platform: platform(), family: platform(), kernel }
  }
}

/** What os-release(5) says of a distribution. */
export function distribution(text: string): Omit<OperatingSystem, 'type' | 'kernel'> {
  const said = assignments(text)
  const id = said.get('ID') ?? 'linux'
  const family = familyOf([id, ...(said.get('ID_LIKE') ?? '').split(' ')])
  const all = {
    platform: id,
    family,
    name: said.get('NAME'),
    version: said.get('VERSION') ?? said.get('VERSION_ID'),
    codename: said.get('VERSION_CODENAME'),
  }
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && value !== ''),
  ) as typeof all & { family: string; name: string; version: string; codename: string }
}

function familyOf(ids: readonly string[]): string | undefined {
  for (const id of ids)
    for (const [family, members] of Object.entries(families))
      if (id === family || members.includes(id)) return family
  return undefined
}

/** `NAME=value` lines, values quoted as a shell would. */
function assignments(text: string): Map<string, string> {
  const all = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^\s*([A-Z_]+)=(.*?)\s*$/.exec(line) ?? []
    if (name === undefined) continue
    const [, , quoted] = /^(["'])(.*)\1$/.exec(value) ?? []
    all.set(name, (quoted ?? value).replace(/\\(["'$`\\])/g, '$1'))
  }
  return all
}

function readOsRelease(): string {
  for (const file of ['/etc/os-release', '/usr/lib/os-release']) {
    try {
      return readFileSync(file, 'utf8')
    } catch {
      // The other one, then.
    }
  }
  return ''
}
