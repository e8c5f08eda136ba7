import { equal, ok } from 'node:assert/strict'
import { parse } from 'yaml'
import { capture } from '../../support/tutorial.js'
import { Capture, type Event } from './capture.js'
import type { Network } from './network.js'
import { call } from './processes.js'

export const tutorialTools = ['nginx', 'redis-server', 'redis-cli', 'curl', 'ping'] as const

/** Runs the tutorial's configuration with an output, while nginx and Redis are used and the server is pinged. */
export async function runTutorial(network: Network, output: object, more: object = {}): Promise<void> {
  const { 'packetbeat.interfaces.device': device, 'packetbeat.protocols': protocols } = parse(capture)
  const setup = { kibana: { host: 'localhost:5601' } }
  const settings = { engine: 'af_packet', device, protocols, more: { output, setup, ...more } } as const
  const { status, counters, said } = await Capture.during(network, settings, async () => {
    await call(network.server, ['curl', '-s', `http://${network.ip4}/answer.json?from=tutorial`])
    await call(network.server, ['redis-cli', '-h', network.ip4, 'SET', 'from', 'tutorial'])
    await call(network.server, ['ping', '-q', '-c', '2', '-i', '0.05', network.ip4])
  })
  equal(status, 0, said.join('\n'))
  equal(counters['pipeline.events.acked'], counters['pipeline.events.published'])
}

/** Those of `runTutorial` are among these events, each once. */
export function cameOfTutorial(events: readonly Event[]): void {
  const of = (type: string) => events.filter((event) => event.type === type)
  equal(of('http').filter(({ query }) => query === 'GET /answer.json').length, 1)
  equal(of('redis').filter(({ method }) => method === 'SET').length, 1)
  equal(of('icmp').length, 2)
  ok(events.every(({ agent }) => agent.type === 'packetbeat'))
}
