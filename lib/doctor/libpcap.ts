import type * as Binding from '../../binding.js'
import type { Settings } from '../config/settings.js'
import { live } from './examination.js'
import { type Finding, ok, problem } from './finding.js'

/** libpcap, which only some captures need. */
export function libpcap(settings: Settings, { libpcapVersion, checkFilter }: typeof Binding): Finding {
  const version = libpcapVersion()
  if (version !== null) return ok('libpcap', version)
  const uses = live(settings).flatMap(({ engine, bpf_filter }) => [
    ...(engine === 'libpcap' ? ['type: pcap'] : []),
    ...(bpf_filter === undefined ? [] : ['bpf_filter']),
  ])
  if (uses.length === 0) return ok('libpcap', 'there is none, and this configuration needs none')
  const needed = `there is none, and ${[...new Set(uses)].join(' and ')} needs it`
  return problem('device', 'libpcap', needed, { command: installing(checkFilter) })
}

/** The addon knows best what this system calls it. */
function installing(checkFilter: typeof Binding.checkFilter): string | undefined {
  try {
    checkFilter('tcp')
    return undefined
  } catch (error) {
    return /install it with: ([^(;]*[^(;\s])/.exec((error as Error).message)?.[1]
  }
}
