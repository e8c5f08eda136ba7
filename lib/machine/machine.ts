import { existsSync, readFileSync } from 'node:fs'
import { arch, hostname, machine } from 'node:os'
import { operatingSystem } from './os.js'

/** What `host` says of this machine, without its addresses. */
export function thisMachine(): Record<string, unknown> {
  const name = hostname()
  const id = machineId()
  return {
    name,
    hostname: name,
    architecture: architecture(),
    os: operatingSystem(),
    ...(id !== undefined && { id }),
    containerized: containerized(),
  }
}

/** As `uname -m` has it; Windows says otherwise. */
const architecture = (): string => machine() || arch()

/** What systemd (machine-id(5)) or D-Bus call it. */
export function machineId(): string | undefined {
  for (const file of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    const id = read(file).trim()
    if (id !== '') return id
  }
  return undefined
}

const RUNTIME = /docker|kubepods|containerd|libpod|lxc|crio/

function containerized(): boolean {
  return existsSync('/.dockerenv') || existsSync('/run/.containerenv') || RUNTIME.test(read('/proc/1/cgroup'))
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
