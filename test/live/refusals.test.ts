import { deepEqual, equal, match } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { Capture, type CaptureSettings } from './support/capture.js'
import { engines } from './support/matrix.js'
import { cli, lacking } from './support/needs.js'
import { Network } from './support/network.js'

const protocols = [{ type: 'http' }]
const nobody = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups']
// What root cannot do either, in a container that was given little.
const powerless = ['setpriv', '--bounding-set=-net_raw,-net_admin']

const unreadable = () =>
  spawnSync(nobody[0] as string, [...nobody.slice(1), process.execPath, cli, 'version']).status !== 0 &&
  'other users cannot read this checkout'

describe('What cannot be captured', { skip: lacking('setpriv') }, () => {
  let network: Network
  before(() => {
    network = new Network('veth')
  })
  after(() => network?.remove())

  for (const engine of engines) {
    const refused = async (device: string, before: readonly string[] = []) => {
      const settings: CaptureSettings = { engine, device, protocols }
      const { status, said, events } = await Capture.start(network, settings, before).end()
      deepEqual(events, [])
      equal(said.length, 1, said.join('\n'))
      return { status, sentence: said[0] as string }
    }

    test(`an unknown device is named, with those that are there, by ${engine}`, async () => {
      const { status, sentence } = await refused('eth7')
      match(sentence, /^Exiting: There is no device "eth7"; this machine has: .*\blo\b.*\bserver0\b/)
      equal(status, 5)
    })

    test(`a device that is down is told from one that is not there, by ${engine}`, async () => {
      network.down('server0')
      const { status, sentence } = await refused('server0')
      network.up('server0')
      match(sentence, /"server0" is down; .*sudo ip link set server0 up/)
      equal(status, 5)
    })

    for (const device of ['server0', 'any']) {
      const needs = (sentence: string) => {
        match(sentence, new RegExp(`^Exiting: No permission to capture on "${device}"`))
        match(sentence, /CAP_NET_RAW/)
        match(sentence, /sudo/)
        match(sentence, /sudo setcap cap_net_raw,cap_net_admin\+eip \$\(readlink -f \$\(which node\)\)/)
      }

      test(`a user who may not capture is told what allows it, on ${device} by ${engine}`, async (t) => {
        const reason = unreadable()
        if (reason) return t.skip(reason)
        const { status, sentence } = await refused(device, nobody)
        needs(sentence)
        equal(status, 4)
      })

      test(`root without the capability is told the same, on ${device} by ${engine}`, async () => {
        const { status, sentence } = await refused(device, powerless)
        needs(sentence)
        equal(status, 4)
      })
    }
  }
})
