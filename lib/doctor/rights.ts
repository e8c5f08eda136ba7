import { accessSync, constants, realpathSync } from 'node:fs'
import type { Settings } from '../config/settings.js'
import { type Capability, capabilities, SEEING_OTHERS } from '../proc/capabilities.js'
import { type Examination, live } from './examination.js'
import { type Finding, type Mend, note, ok, problem } from './finding.js'

/** What this process may do, and whether that is enough for what is configured. */
export function rights({ settings, account }: Examination): Finding[] {
  if (live(settings).length === 0) return [ok('rights', 'capture files need none')]
  if (process.platform === 'darwin') return [packetDevices()]
  if (process.platform !== 'linux') return [note('rights', 'what it takes to capture here cannot be seen')]
  const has = capabilities('CapEff')
  const capture = needed(settings).map((capability) => capturing(capability, has))
  const change = account === undefined ? [] : [changing(has, account.name)]
  return [...capture, ...change, ...processes({ settings, account }, has)]
}

const needed = (settings: Settings): Capability[] => [
  'CAP_NET_RAW',
  ...(live(settings).some(({ auto_promisc_mode }) => auto_promisc_mode) ? (['CAP_NET_ADMIN'] as const) : []),
]

function capturing(capability: Capability, has: ReadonlySet<Capability>): Finding {
  const purpose = capability === 'CAP_NET_RAW' ? 'capture' : 'promiscuous mode (auto_promisc_mode)'
  if (has.has(capability)) return ok('rights', `${capability} is there, for ${purpose}`)
  const missing = `${purpose} needs ${capability}, which this process has not got`
  // Beyond the bounding set nothing helps that is done within, such as in a container that was given little.
  if (!capabilities('CapBnd').has(capability))
    return problem('permission', 'rights', `${missing}, and cannot get in this container or service`, {
      command: 'docker run --cap-add NET_RAW --cap-add NET_ADMIN …',
    })
  return problem('permission', 'rights', missing, granting('cap_net_raw,cap_net_admin'))
}

const granting = (names: string): Mend => ({
  command: `sudo setcap ${names}+eip ${realpathSync(process.execPath)}`,
})

function changing(has: ReadonlySet<Capability>, name: string): Finding {
  const missing = (['CAP_SETGID', 'CAP_SETUID'] as const).filter((capability) => !has.has(capability))
  return process.geteuid?.() === 0 && missing.length === 0
    ? ok('rights', `root, until the captures are open; then ${name} (packetbeat.run_as)`)
    : note('rights', `only root can become ${name} (packetbeat.run_as), and this process is not root`)
}

function processes(
  { settings, account }: Pick<Examination, 'settings' | 'account'>,
  has: ReadonlySet<Capability>,
): Finding[] {
  if (settings.procs === undefined) return []
  if (account !== undefined)
    return [note('processes', `as ${account.name} (packetbeat.run_as) it sees no processes of other users`)]
  const missing = SEEING_OTHERS.filter((name) => !has.has(name))
  if (missing.length > 0)
    return [
      note(
        'processes',
        `processes of other users need ${missing.join(' and ')}; events go without them`,
        granting('cap_net_raw,cap_net_admin,cap_sys_ptrace,cap_dac_read_search'),
      ),
    ]
  return has.has('CAP_SYS_ADMIN')
    ? [ok('processes', 'those of all users are seen, in containers too')]
    : [note('processes', 'those in containers need CAP_SYS_ADMIN; events go without them')]
}

function packetDevices(): Finding {
  try {
    accessSync('/dev/bpf0', constants.R_OK | constants.W_OK)
    return ok('rights', '/dev/bpf0 may be read and written')
  } catch (error) {
    const why = `capture needs /dev/bpf0: ${(error as Error).message}`
    return problem('permission', 'rights', why, {
      command: 'sudo chmod g+rw /dev/bpf* && sudo chgrp admin /dev/bpf*',
    })
  }
}
