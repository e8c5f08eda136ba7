import type { Device } from '../binding.js'
import { deviceName } from '../capture/options.js'
import type { InterfaceSettings } from '../config/settings.js'
import type { UserError } from '../errors.js'
import { type Examination, live, some } from './examination.js'
import { type Finding, type Mend, note, ok, problem } from './finding.js'
import { packets } from './packets.js'
import { type Traffic, trafficOf } from './traffic.js'

// Less is what happens when a machine starts; more means that somebody misses packets.
const DROPPED_SHARE = 0.001

const LIST: Mend = { command: 'packetbeat-native devices' }

/** Whether each configured device can be captured from, and what happens to packets on their way. */
export function devices(examination: Examination): Finding[] {
  const present = examination.binding.devices()
  return live(examination.settings).flatMap((each) => device(each, present, examination))
}

function device(each: InterfaceSettings, present: readonly Device[], examination: Examination): Finding[] {
  let name: string
  try {
    name = deviceName(each.device)
  } catch (error) {
    const { message } = error as UserError
    return [problem('device', `device ${each.device}`, message.replace(/\.$/, ''), LIST)]
  }
  const found = present.find((device) => device.name === name)
  const subject = `device ${name}`
  if (found === undefined) {
    const there = `there is none of that name; this machine has ${some(present.map((device) => device.name))}`
    return [problem('device', subject, there, LIST)]
  }
  if (!found.up) return [problem('device', subject, 'is down', { command: `sudo ip link set ${name} up` })]
  const traffic = trafficOf()
  const captured = name === 'any' ? present.filter(({ up, name }) => up && name !== 'any') : [found]
  const names = captured.map((device) => device.name)
  return [
    name === 'any' ? all(names, traffic) : one(name, traffic.get(name)),
    ...names.flatMap((each) => losses(each, traffic.get(each), examination)),
    ...packets(each, names, examination),
  ]
}

function all(names: readonly string[], traffic: ReadonlyMap<string, Traffic>): Finding {
  const total = names.reduce((sum, name) => sum + packetsOf(traffic.get(name)), 0)
  return ok('device any', `${some(names)} up; ${total} packets so far`)
}

function one(name: string, traffic: Traffic | undefined): Finding {
  if (traffic === undefined) return ok(`device ${name}`, 'up')
  return packetsOf(traffic) === 0
    ? note(`device ${name}`, 'up, but no packet has come or gone so far', LIST)
    : ok(`device ${name}`, `up; ${traffic.received} packets received, ${traffic.sent} sent so far`)
}

const packetsOf = (traffic: Traffic | undefined): number =>
  traffic === undefined ? 0 : traffic.received + traffic.sent

function losses(name: string, traffic: Traffic | undefined, { binding }: Examination): Finding[] {
  const state = binding.deviceState(name)
  const larger =
    state !== null && state.ring < state.ringMost ? `sudo ethtool -G ${name} rx ${state.ringMost}` : undefined
  const ring =
    state === null || state.ring === 0 ? '' : `; its ring has ${state.ring} of ${state.ringMost} descriptors`
  if (traffic === undefined) return []
  const lost = traffic.dropped + traffic.overruns
  return lost > traffic.received * DROPPED_SHARE
    ? [note(`device ${name}`, `has thrown away ${lost} packets that came${ring}`, { command: larger })]
    : ring === ''
      ? []
      : [ok(`device ${name}`, `has thrown away ${lost} packets that came${ring}`)]
}
