import { readdirSync, readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'

/** Addresses of this machine, each once, without those of loopback. */
export interface Addresses {
  ip: string[]
  /** As ECS writes them: `02-FC-00-00-00-01`. */
  mac: string[]
}

const NONE = '00:00:00:00:00:00'

export function addresses(): Addresses {
  const outside = Object.entries(networkInterfaces()).flatMap(([, list = []]) =>
    list.filter(({ internal }) => !internal),
  )
  const macs = [...outside.map(({ mac }) => mac), ...sysfs()]
  return {
    ip: unique(outside.map(({ address }) => address)),
    mac: unique(macs.filter((mac) => mac !== NONE).map(ecsMac)),
  }
}

export const ecsMac = (mac: string): string => mac.replaceAll(':', '-').toUpperCase()

const unique = (list: readonly string[]): string[] => [...new Set(list)]

/** Of all interfaces of Linux, those without an IP address too, which Node does not know. */
function sysfs(): string[] {
  const folder = '/sys/class/net'
  try {
    return readdirSync(folder).flatMap((name) => {
      const address = read(`${folder}/${name}/address`)
      return /^([\da-f]{2}:){5}[\da-f]{2}$/.test(address) ? [address] : []
    })
  } catch {
    return [] // no Linux
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return '' // it went away
  }
}
