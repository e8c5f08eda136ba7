import { readFileSync } from 'node:fs'

/** What an interface has counted since it is there. */
export interface Traffic {
  /** Packets. */
  received: number
  sent: number
  /** Received ones that nobody wanted, or that there was no room for. */
  dropped: number
  overruns: number
}

/** Of all interfaces of this network namespace (/proc/net/dev, proc(5)); empty on other systems than Linux. */
export function trafficOf(): Map<string, Traffic> {
  const found = new Map<string, Traffic>()
  for (const line of lines()) {
    const [, name, numbers] = /^\s*(.+):\s*(\d.*)$/.exec(line) ?? []
    if (name === undefined || numbers === undefined) continue
    const [, received = 0, , dropped = 0, overruns = 0, , , , , sent = 0] = numbers.split(/\s+/).map(Number)
    found.set(name, { received, sent, dropped, overruns })
  }
  return found
}

function lines(): string[] {
  try {
    return readFileSync('/proc/net/dev', 'utf8').split('\n')
  } catch {
    return []
  }
}
