import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from './folder.js'
import { path, root } from './needs.js'
import { type Network, serve, write } from './network.js'
import { type Running, start, until } from './processes.js'

/** What a DHCP server wrote of one message. */
export interface Logged {
  /** As events have it: discover ... */
  type: string
  /** 0x and eight hexadecimal digits. */
  id: string
}

export interface Server {
  name: 'dnsmasq' | 'kea'
  /** What it has logged since the last call. */
  logged(): Logged[]
}

export const DOMAIN = 'shop.example'
/** Served to whoever asks, as the events must have them. */
export const served = {
  domain_name: DOMAIN,
  domain_search: ['shop.example', 'lab.shop.example'],
  classless_static_routes: ['10.0.0.0/8 via 192.0.2.1', '172.16.4.0/22 via 192.0.2.254'],
  router: '192.0.2.1',
  dns_servers: ['192.0.2.53', '192.0.2.54'],
  ntp_servers: ['192.0.2.123'],
  ip_address_lease_time_sec: 3600,
} as const

/** The vendor class of clients that dnsmasq does not answer. */
export const NOBODY = 'nobody'

/** An address that the server's host itself has, though the pool of Kea has it too: what a client must decline. */
export const TAKEN = '192.0.2.70'

const run = (namespace: string, ...words: string[]): void =>
  void execFileSync('ip', ['-n', namespace, ...words], {
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'ignore', 'pipe'],
  })

/** Takes the client's IPv4 addresses away. */
export const forget = ({ client }: Network): void => run(client, '-4', 'address', 'flush', 'dev', 'client0')

/** Whether the server's host has the address that is also in the pool. */
export const take = ({ server }: Network, taken: boolean): void =>
  run(server, 'address', taken ? 'add' : 'delete', `${TAKEN}/32`, 'dev', 'server0')

/** Gives the client an address it need not ask for. */
export function address({ client }: Network, own: string): void {
  run(client, 'address', 'replace', `${own}/24`, 'dev', 'client0')
}

/** Addresses of a relay agent on the link to its server, and of the server. */
const UPLINK = '198.51.100.1'
export const BEHIND = '198.51.100.2'

/**
 * Puts dnsmasq behind the server's host, which becomes a relay agent with option 82: to the clients of `network`, and on the
 * link to the host that `behind` has.
 */
export async function relayed(network: Network, behind: Network): Promise<Server> {
  run(behind.client, 'link', 'set', 'client0', 'netns', network.server, 'name', 'uplink0')
  run(network.server, 'address', 'add', `${UPLINK}/24`, 'dev', 'uplink0')
  run(network.server, 'link', 'set', 'uplink0', 'up')
  run(network.server, 'route', 'add', '255.255.255.255', 'dev', 'server0')
  run(behind.server, '-4', 'address', 'flush', 'dev', 'server0')
  run(behind.server, 'address', 'add', `${BEHIND}/24`, 'dev', 'server0')
  run(behind.server, 'route', 'add', '192.0.2.0/24', 'via', UPLINK)
  const server = await dnsmasq(behind)
  const script = join(root, 'test/live/clients/dhcp-relay.ts')
  const agent = start(network.server, [process.execPath, '--import', 'tsx', script, network.ip4, BEHIND])
  await until(`the relay agent: ${agent.stderr()}`, () => agent.stdout().includes('listening'))
  return server
}

const option = (code: number | string, value: string) => `--dhcp-option=${code},${value}`

/** Starts dnsmasq, for clients on its link and for those of 192.0.2.0/24 behind a relay agent. */
export async function dnsmasq(network: Network): Promise<Server> {
  const log = join(folder(), 'log')
  await serve(
    network,
    [
      ...[
        'dnsmasq',
        '--keep-in-foreground',
        '--conf-file=/dev/null',
        '--port=0',
        '--user=root',
        '--pid-file=',
      ],
      ...['--interface=server0', '--bind-interfaces', '--no-ping', '--dhcp-authoritative'],
      ...['--log-dhcp', `--log-facility=${log}`, `--dhcp-leasefile=${join(folder(), 'leases')}`],
      '--dhcp-range=192.0.2.50,192.0.2.69,255.255.255.0,1h',
      option('option:router', '192.0.2.1'),
      option('option:dns-server', served.dns_servers.join(',')),
      option('option:ntp-server', '192.0.2.123'),
      option('option:domain-search', served.domain_search.join(',')),
      `--dhcp-vendorclass=set:nobody,${NOBODY}`,
      '--dhcp-ignore=tag:nobody',
      option(121, '10.0.0.0/8,192.0.2.1,172.16.4.0/22,192.0.2.254'),
      `--domain=${DOMAIN}`,
    ],
    67,
  )
  return { name: 'dnsmasq', logged: news(log, readDnsmasq) }
}

function readDnsmasq(text: string): Logged[] {
  return [...text.matchAll(/ (\d+) DHCP([A-Z]+)\(/g)].map(([, id = '', type = '']) => ({
    type: type.toLowerCase(),
    id: `0x${Number(id).toString(16).padStart(8, '0')}`,
  }))
}

/** Starts Kea, whose pool is one address. */
export async function kea(network: Network): Promise<Server> {
  const home = folder()
  const log = join(home, 'log')
  const data = (name: string, value: string, more = {}) => ({ name, data: value, ...more })
  const config = {
    Dhcp4: {
      'interfaces-config': { interfaces: ['server0'], 'dhcp-socket-type': 'raw' },
      'lease-database': { type: 'memfile', persist: false },
      authoritative: true,
      'valid-lifetime': 3600,
      'renew-timer': 1800,
      'rebind-timer': 3150,
      // An address that was declined is offered again at once, for the next test.
      'decline-probation-period': 0,
      'option-data': [
        data('routers', '192.0.2.1'),
        data('domain-name-servers', served.dns_servers.join(', ')),
        data('ntp-servers', '192.0.2.123'),
        data('domain-name', DOMAIN),
        data('domain-search', served.domain_search.join(', ')),
        data('classless-static-route', '080AC000020116AC1004C00002FE', { 'csv-format': false }),
      ],
      'option-def': [{ name: 'classless-static-route', code: 121, type: 'binary', space: 'dhcp4' }],
      subnet4: [{ id: 1, subnet: '192.0.2.0/24', pools: [{ pool: `${TAKEN}-192.0.2.71` }] }],
      loggers: [
        {
          name: 'kea-dhcp4',
          severity: 'DEBUG',
          debuglevel: 55,
          output_options: [{ output: log, flush: true }],
        },
      ],
    },
  }
  const file = write(join(home, 'kea.json'), JSON.stringify(config))
  const where = [`KEA_PIDFILE_DIR=${home}`, `KEA_LOCKFILE_DIR=${home}`]
  const running = start(network.server, ['env', ...where, 'kea-dhcp4', '-c', file])
  await until('kea-dhcp4 to start', () => {
    if (!running.alive()) throw new Error(`kea-dhcp4 ended: ${running.stderr()}${running.stdout()}`)
    return existsSync(log) && readFileSync(log, 'utf8').includes('DHCP4_STARTED')
  })
  return { name: 'kea', logged: news(log, readKea) }
}

function readKea(text: string): Logged[] {
  // What it received, and what it sends.
  const lines =
    /DHCP4_(?:PACKET_RECEIVED|PACKET_SEND) .*?tid=(0x[0-9a-f]+): .*?(?:packet )?DHCP([A-Z]+) \(type/g
  return [...text.matchAll(lines)].map(([, id = '', type = '']) => ({
    type: type.toLowerCase(),
    id: `0x${id.slice(2).padStart(8, '0')}`,
  }))
}

/** What `read` finds in a log that grows, since the last call. */
function news(log: string, read: (text: string) => Logged[]): () => Logged[] {
  let seen = 0
  return () => {
    const all = read(existsSync(log) ? readFileSync(log, 'utf8') : '')
    const since = all.slice(seen)
    seen = all.length
    return since
  }
}

/** What a client's script was told when something happened, such as `bound`. */
export type Told = Record<string, string>

// It does what the system's own script would do with the address, and prints all it is told.
const SCRIPT = `#!/bin/sh
what=\${reason:-$1}
address=\${new_ip_address:-$ip}
case $what in
  bound|renew|BOUND|RENEW|REBOOT) ip address replace "$address/24" dev client0 ;;
  deconfig|RELEASE|STOP|EXPIRE) ip -4 address flush dev client0 ;;
esac
echo "--- $what"
env
echo '---'
`

/** A DHCP client at work in the client's namespace. */
export class Client {
  readonly running: Running

  private constructor(running: Running) {
    this.running = running
  }

  /** `options`: words for the command line. */
  static udhcpc(network: Network, ...options: string[]): Client {
    const words = ['-i', 'client0', '-f', '-n', '-t', '3', '-T', '1', '-s', script(), ...options]
    return new Client(start(network.client, ['udhcpc', ...words]))
  }

  /** `config`: lines of dhclient.conf; `leases`: of its file of leases. */
  static dhclient(network: Network, config: string, leases = ''): Client {
    const home = folder()
    const files = ['-cf', write(join(home, 'conf'), config), '-lf', write(join(home, 'leases'), leases)]
    const words = [...files, '-pf', join(home, 'pid'), '-sf', script(), '-d', '-1', '-v']
    return new Client(start(network.client, ['dhclient', ...words, 'client0']))
  }

  /** What it has been told, in order. */
  told(): Told[] {
    return [...this.running.stdout().matchAll(/^--- (\S+)\n([\s\S]*?)\n---$/gm)].map(
      ([, what = '', env = '']) => ({
        what: what.toLowerCase(),
        ...Object.fromEntries(env.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2))),
      }),
    )
  }

  /** Waits until it was told that; answers what it was told. */
  async until(what: string): Promise<Told> {
    const find = () => this.told().findLast((each) => each.what === what)
    await until(`${what} of a client: ${this.running.stderr()}`, () => {
      if (find() === undefined && !this.running.alive())
        throw new Error(`the client ended: ${this.running.stderr()}${this.running.stdout()}`)
      return find() !== undefined
    })
    return find() as Told
  }
}

function script(): string {
  const file = write(join(folder(), 'script'), SCRIPT)
  chmodSync(file, 0o755)
  return file
}
