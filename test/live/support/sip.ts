import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from './folder.js'
import type { Network } from './network.js'
import { call, start, until } from './processes.js'

/** Of SIPp: one socket, UDP or TCP, or a TCP connection for each call. */
export type Transport = 'u1' | 't1' | 'tn'

/** What is asked: a call as SIPp has it built in, or all of clients/sip/services.xml. */
export type Scenario = 'call' | 'services'

/** Where each scenario is answered, over UDP and TCP. */
export const ports: Readonly<Record<Scenario, number>> = { call: 5060, services: 5062 }

const live = join(import.meta.dirname, '..')
const answers: Readonly<Record<Scenario, readonly string[]>> = {
  call: ['-sn', 'uas'],
  services: ['-sf', join(live, 'servers/sip/services.xml')],
}
const questions: Readonly<Record<Scenario, readonly string[]>> = {
  call: ['-sn', 'uac'],
  services: ['-sf', join(live, 'clients/sip/services.xml')],
}

/** Starts SIPp for each scenario, transport and version of IP. `at`: its port. */
export async function sip(network: Network, at: Partial<Record<Scenario, number>> = ports): Promise<void> {
  const hosts = [network.ip4, network.ip6]
  const servers = hosts.flatMap((host) =>
    (['u1', 't1'] as const).flatMap((transport) =>
      Object.entries(at).map(([scenario, port]) => ({
        host,
        transport,
        port,
        scenario: scenario as Scenario,
      })),
    ),
  )
  const running = servers.map(({ host, transport, port, scenario }) => {
    const where = ['-i', host, '-p', String(port), '-t', transport]
    return start(network.server, ['sipp', ...answers[scenario], ...where, '-nostdin'])
  })
  await until('SIPp to listen', async () => {
    for (const each of running)
      if (!each.alive()) throw new Error(`SIPp ended: ${each.stderr()}${each.stdout()}`)
    const filter = Object.values(at).map((port) => `sport = :${port}`)
    const sockets = await call(network.server, ['ss', '-Hltun', filter.join(' or ')])
    return sockets.trim().split('\n').length >= servers.length
  })
}

// Each client has a port of its own, so that no connection of an earlier one is in its way.
let free = 20_000

export interface Asked {
  scenario: Scenario
  host: string
  /** Left out: of `ports`. */
  port?: number
  transport: Transport
  calls: number
  /** Calls a second. */
  rate?: number
}

/** Lets a client of SIPp make calls. Answers the words of a command. */
export function client(network: Network, asked: Asked): string[] {
  const { scenario, host, port = ports[scenario], transport, calls, rate = 200 } = asked
  const own = network.link === 'lo' ? host : host.replace(/1$/, '2')
  const there = host.includes(':') ? `[${host}]` : host
  const from = ['-i', own, '-p', String(free++), '-t', transport, '-max_socket', '1000']
  const amount = ['-m', String(calls), '-r', String(rate)]
  return ['sipp', ...questions[scenario], `${there}:${port}`, ...from, ...amount, '-nostdin']
}

/**
 * Makes calls and answers the messages that the client noted, sent and received: the method of a request, `200 BYE` of a
 * response.
 */
export async function ask(network: Network, asked: Asked): Promise<string[]> {
  const file = join(folder(), 'messages')
  await network.ask([...client(network, asked), '-trace_msg', '-message_file', file])
  const log = readFileSync(file, 'latin1')
  const noted = log.matchAll(
    /^(?:UDP|TCP) message (?:sent|received).*\r?\n\r?\n(\S+) (\S+)[\s\S]*?\nCSeq: \d+ (\w+)/gm,
  )
  // What is sent before a connection is open, the first message of a call, SIPp notes by these words alone.
  const early = log.matchAll(/^Added first buffered message to socket/gm)
  return [
    ...[...noted].map(([, first, second, method]) =>
      first === 'SIP/2.0' ? `${second} ${method}` : String(first),
    ),
    ...[...early].map(() => 'INVITE'),
  ]
}
