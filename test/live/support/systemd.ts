import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { undone } from './cleanup.js'
import { folder } from './folder.js'
import { cli, path, root } from './needs.js'
import { type Network, write } from './network.js'
import { call, type Running, start, until } from './processes.js'

const env = { ...process.env, PATH: path }
const systemd = ['/lib/systemd/systemd', '/usr/lib/systemd/systemd'].find(existsSync) ?? ''
// A hierarchy of version 2, alone or beside those of version 1.
const groups = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].find((each) =>
  existsSync(join(each, 'cgroup.controllers')),
)

/** Why systemd cannot be booted here, for `skip`; false when it can. */
export function unbootable(): string | false {
  if (systemd === '') return 'needs the Debian package systemd'
  if (groups === undefined) return 'needs control groups of version 2'
  const nobody = ['--reuid=nobody', '--regid=nogroup', '--clear-groups', process.execPath, cli, 'version']
  return spawnSync('setpriv', nobody, { env }).status === 0 ? false : 'other users cannot read this checkout'
}

// Targets that units stand in relation to; here they are reached at once.
const targets = ['sysinit', 'basic', 'shutdown', 'network-online', 'time-sync', 'multi-user']

/** systemd as process 1 of namespaces of its own, with one unit. Nothing of it is seen on this machine. */
export class Machine {
  readonly #unit: string
  readonly #network: Network
  readonly #running: Running

  private constructor(unit: string, network: Network, running: Running) {
    this.#unit = unit
    this.#network = network
    this.#running = running
  }

  /** Boots it with the unit `file`, whose program is this checkout, and `configuration` in /etc/packetbeat. */
  static async boot(network: Network, file: string, configuration: string): Promise<Machine> {
    const home = folder()
    const unit = file.slice(file.lastIndexOf('/') + 1)
    for (const name of ['units', 'sbin']) mkdirSync(join(home, name))
    for (const target of targets)
      write(join(home, 'units', `${target}.target`), '[Unit]\nDefaultDependencies=no\n')
    write(join(home, 'units', 'test.target'), `[Unit]\nDefaultDependencies=no\nWants=${unit}\n`)
    write(join(home, 'units', unit), readFileSync(file, 'utf8'))
    write(join(home, 'packetbeat.yml'), configuration)
    writeFileSync(join(home, 'sbin/packetbeat-native'), PROGRAM, { mode: 0o755 })
    const name = `packetbeat-${network.server}`
    const group = join(groups ?? '', name)
    mkdirSync(group)
    undone(() => removeGroups(group))
    const script = write(join(home, 'boot.sh'), boot(home))
    const apart = ['--pid', '--mount', '--uts', '--ipc', '--cgroup', '--fork', '--mount-proc', '--kill-child']
    // In another network namespace /sys is another one, without its groups.
    const enter = `mount -t cgroup2 cgroup2 /sys/fs/cgroup && echo $$ > /sys/fs/cgroup/${name}/cgroup.procs`
    const line = `${enter} && exec unshare ${apart.join(' ')} sh ${script}`
    const machine = new Machine(unit, network, start(network.server, ['sh', '-c', line]))
    await until('systemd to answer', () => machine.#answers())
    return machine
  }

  /** A file as it is seen there. */
  file(name: string): string {
    return join(`/proc/${this.#first}/root`, name)
  }

  /** What a command writes that is run there as root. */
  readonly call = (...command: string[]): Promise<string> =>
    call(this.#network.server, ['nsenter', '-t', String(this.#first), '-a', ...command])

  async state(): Promise<string> {
    return (await this.show('ActiveState')).trim()
  }

  async show(property: string): Promise<string> {
    return (await this.call('systemctl', 'show', '--value', '-p', property, this.#unit)).trim()
  }

  async shutDown(): Promise<void> {
    await this.#running.stop()
  }

  /** Process 1 of the machine, by its number here. */
  get #first(): number {
    const { pid } = this.#running
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim())
  }

  async #answers(): Promise<boolean> {
    if (!this.#running.alive()) throw new Error(`it ended: ${this.#running.stderr()}`)
    try {
      return this.#first > 0 && ['active', 'activating'].includes(await this.state())
    } catch {
      return false // not yet
    }
  }
}

const USER = {
  passwd: 'packetbeat:x:64321:64321::/nonexistent:/usr/sbin/nologin',
  group: 'packetbeat:x:64321:',
}

const PROGRAM = `#!/bin/sh\nexec ${process.execPath} /run/machine/checkout/dist/cli.js "$@"\n`

/** Makes the machine of the namespaces it is run in: what it writes is in memory, its programs are this machine's. */
const boot = (home: string): string => `set -e
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/machine/checkout
cp -a /etc ${join(home, 'units')} ${join(home, 'sbin')} /run/machine
mount --bind ${root} /run/machine/checkout
mount --bind /run/machine/sbin /usr/local/sbin
mount --bind /run/machine/etc /etc
mkdir -p /etc/packetbeat
cp ${join(home, 'packetbeat.yml')} /etc/packetbeat
echo ${USER.passwd} >> /etc/passwd
echo ${USER.group} >> /etc/group
mount -t tmpfs -o mode=755 tmpfs /var/lib
mount -t tmpfs -o mode=755 tmpfs /var/log
umount /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
export container=other SYSTEMD_UNIT_PATH=/run/machine/units
exec ${systemd} --system --unit=test.target --log-target=console --show-status=no
`

function removeGroups(group: string): void {
  const below = execFileSync('find', [group, '-depth', '-type', 'd'], { env }).toString().split('\n')
  for (const each of below.filter(Boolean))
    try {
      rmdirSync(each)
    } catch {
      // What was in it is not quite gone; an empty group is in nobody's way.
    }
}
