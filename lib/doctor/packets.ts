import type { DeviceState } from '../binding.js'
import type { InterfaceSettings } from '../config/settings.js'
import { type Examination, settingOf, some } from './examination.js'
import { type Finding, type Mend, note, ok, problem } from './finding.js'

// Of Ethernet; a VLAN tag does not count, for the kernel takes it out.
const LINK_HEADER = 14
// The most that a frame of segments joined to one packet of IPv4 can have.
const JOINED = 65_535 + LINK_HEADER

interface Packets {
  name: string
  mtu: number
  /** What joins segments before the capture sees them, as ethtool calls it. */
  joins: string[]
  largeReceive: boolean
}

/** Whether whole packets are kept: the size they can have on these devices, and what joins them. */
export function packets(
  each: InterfaceSettings,
  names: readonly string[],
  { binding, settings }: Examination,
): Finding[] {
  const all = names.flatMap((name) => {
    const state = binding.deviceState(name)
    return state === null ? [] : [packetsOn(name, state)]
  })
  const setting = (bytes: number): Mend => ({
    setting: `${settingOf(settings, each, 'snaplen')}: ${bytes}`,
  })
  return [
    ...cut(all, each.snaplen, setting),
    ...joined(
      all.filter(({ mtu }) => mtu + LINK_HEADER <= each.snaplen),
      each.snaplen,
      setting,
    ),
  ]
}

const packetsOn = (name: string, state: DeviceState): Packets => ({
  name,
  mtu: state.mtu,
  joins: [
    ...(state.genericReceive ? ['gro'] : []),
    ...(state.largeReceive ? ['lro'] : []),
    ...(state.genericSend ? ['gso'] : []),
    ...(state.tcpSend ? ['tso'] : []),
  ],
  largeReceive: state.largeReceive,
})

function cut(all: readonly Packets[], snaplen: number, setting: (bytes: number) => Mend): Finding[] {
  const longer = all.filter(({ mtu }) => mtu + LINK_HEADER > snaplen)
  if (longer.length === 0) return []
  const most = Math.max(...longer.map(({ mtu }) => mtu)) + LINK_HEADER
  const message = `${some(longer.map(({ name }) => name))}: packets have up to ${most} bytes, and snaplen keeps ${snaplen}; what is cut off is not decoded`
  return [problem('configuration', 'snaplen', message, setting(most))]
}

function joined(all: readonly Packets[], snaplen: number, setting: (bytes: number) => Mend): Finding[] {
  const joining = all.filter(({ joins }) => joins.length > 0)
  if (joining.length === 0)
    return all.length === 0 ? [] : [ok('offloads', 'packets are seen as they are on the wire')]
  const kinds = [...new Set(joining.flatMap(({ joins }) => joins))]
  const what = `${some(joining.map(({ name }) => name))}: ${kinds.join(', ')} on`
  if (snaplen >= JOINED) {
    const hard = joining.filter(({ largeReceive }) => largeReceive)
    return hard.length > 0
      ? [
          note(
            'offloads',
            `${some(hard.map(({ name }) => name))}: lro is on, so the card hides single segments`,
            off(hard, ['lro']),
          ),
        ]
      : [ok('offloads', `${what}; joined segments are counted as one packet, and decoded all the same`)]
  }
  return [
    problem(
      'configuration',
      'offloads',
      `${what}, which joins segments to packets of up to ${JOINED} bytes, and snaplen keeps ${snaplen}; what is cut off is not decoded`,
      joining.length === 1 ? off(joining, kinds) : setting(JOINED),
    ),
  ]
}

const off = (on: readonly Packets[], kinds: readonly string[]): Mend => ({
  command: on
    .map(({ name }) => `sudo ethtool -K ${name} ${kinds.map((kind) => `${kind} off`).join(' ')}`)
    .join(' && '),
})
