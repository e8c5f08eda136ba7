import { Client, dnsmasq, forget, kea, NOBODY, relayed, TAKEN, take } from '../../test/live/support/dhcpv4.js'
import { Network } from '../../test/live/support/network.js'
import { until } from '../../test/live/support/processes.js'
import type { Talk } from '../../test/live/support/record.js'

/** A server, and what a client does. A client broadcasts, which loopback does not. */
const talk = (
  serve: (network: Network) => Promise<unknown>,
  run: (network: Network) => Promise<unknown>,
): Talk => ({
  port: 67,
  link: 'veth',
  serve: async (network) => {
    forget(network)
    await serve(network)
  },
  run: async (network) => {
    await run(network)
    return 0
  },
})

/** A lease, its renewal and its release. */
async function lease(network: Network): Promise<void> {
  const udhcpc = Client.udhcpc(network, '-x', 'hostname:till', '-F', 'till.shop.example', '-O', 'search')
  await udhcpc.until('bound')
  udhcpc.running.signal('SIGUSR1')
  await udhcpc.until('renew')
  udhcpc.running.signal('SIGUSR2')
  await until('the release', () => udhcpc.running.stderr().includes('released state'))
  await udhcpc.running.stop()
}

const ELSEWHERE = `lease {
  interface "client0"; fixed-address 10.9.9.9; option dhcp-lease-time 3600; renew 1 2036/01/01 00:00:00;
  rebind 1 2036/01/01 00:00:00; expire 1 2036/01/01 00:00:00;
}
`

/** The server refuses an address, and the client has another from it. */
async function refused(network: Network): Promise<void> {
  const config = 'initial-delay 0; send host-name "desk"; send dhcp-client-identifier "desk-1";'
  const dhclient = Client.dhclient(network, config, ELSEWHERE)
  await dhclient.until('bound')
  await dhclient.running.stop()
}

/** Whose relay agent the recorded server answers. */
const clients = new Network('veth')

export const talks: Readonly<Record<string, Talk>> = {
  'udhcpc-dnsmasq': talk(dnsmasq, async (network) => {
    await lease(network)
    await Client.udhcpc(network, '-V', NOBODY).running.ended
  }),
  'dhclient-kea': talk(kea, refused),
  'declined-kea': talk(kea, async (network) => {
    take(network, true)
    const udhcpc = Client.udhcpc(network, '-a', '-r', TAKEN)
    await until('the decline', () => /declining|in use/.test(udhcpc.running.stderr()))
    await udhcpc.running.stop()
  }),
  'relayed-dnsmasq': talk(
    async (network) => {
      forget(clients)
      await relayed(clients, network)
    },
    async () => {
      await Client.udhcpc(clients, '-q').running.ended
    },
  ),
}
