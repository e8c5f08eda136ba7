import { readFileSync } from 'node:fs'

// Those that matter here, by their bits (capabilities(7)).
const bits = {
  CAP_DAC_READ_SEARCH: 2n,
  CAP_SETGID: 6n,
  CAP_SETUID: 7n,
  CAP_NET_ADMIN: 12n,
  CAP_NET_RAW: 13n,
  CAP_SYS_PTRACE: 19n,
  CAP_SYS_ADMIN: 21n,
} as const

export type Capability = keyof typeof bits

/** Of this process on Linux: those it uses (`CapEff`), or the most it could ever get (`CapBnd`). */
export function capabilities(set: 'CapEff' | 'CapBnd'): Set<Capability> {
  const status = readFileSync('/proc/self/status', 'utf8')
  const mask = BigInt(`0x${new RegExp(`^${set}:\\s+([\\da-f]+)$`, 'm').exec(status)?.[1] ?? '0'}`)
  const names = Object.keys(bits) as Capability[]
  return new Set(names.filter((name) => ((mask >> bits[name]) & 1n) === 1n))
}

/** What it takes to see whose the sockets of other users are. */
export const SEEING_OTHERS = ['CAP_SYS_PTRACE', 'CAP_DAC_READ_SEARCH'] as const
