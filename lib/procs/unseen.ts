import type { Settings } from '../config/settings.js'
import { capabilities, SEEING_OTHERS } from '../proc/capabilities.js'

/** What a run with these settings does not see of processes, for its log; undefined: it sees all, or does not look. */
export function unseenProcesses({ procs, interfaces }: Settings): string | undefined {
  if (procs === undefined || process.platform !== 'linux') return undefined
  if (interfaces.some(({ file }) => file !== undefined)) return undefined
  const has = capabilities('CapEff')
  const missing = SEEING_OTHERS.filter((name) => !has.has(name))
  return missing.length === 0
    ? undefined
    : `packetbeat.procs: without ${missing.join(' and ')} processes of other users are not seen, so events go without them`
}
