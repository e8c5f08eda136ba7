import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Told } from './clients/nfs3.js'
import type { Told as ToldOfCompound } from './clients/nfs41.js'
import { Capture, type Event, type Result } from './support/capture.js'
import { folder } from './support/folder.js'
import { wentWell } from './support/losses.js'
import { everywhere } from './support/matrix.js'
import { type Network, write } from './support/network.js'
import { type Nfs, nfs, tool } from './support/nfs.js'
import { calls, counts, recorded } from './support/tshark.js'

const protocols = [{ type: 'nfs' }]
const tools = ['ganesha.nfsd', 'rpcbind', 'unshare', 'nfs-ls', 'nfs-cp', 'nfs-cat', 'tcpdump', 'tshark']

everywhere('NFS', tools, nfs, (engine, place, link) => {
  const during = async (clients: (network: Network, server: Nfs) => Promise<unknown>): Promise<Result> => {
    const { network, server } = place()
    return Capture.during(network, { engine, protocols }, () => clients(network, server))
  }

  test('each call of version 3 and what became of it: over TCP and UDP, large, many at once, sent again', async () => {
    const told: Told[] = []
    const result = await during(async (network, { exported }) => {
      const v3 = async (host: string, first: number, ...scenarios: string[]) =>
        told.push(...(await ask<Told>(network, 'nfs', host, exported, String(first), ...scenarios)))
      await v3(network.ip4, 0x0a00_0000, 'tcp:day', 'udp:day', 'tcp:large', 'tcp:crowd', 'udp:twice')
      await v3(network.ip6, 0x0b00_0000, 'tcp:day', 'udp:day')
    })
    deepEqual(result.events.map(seen).sort(byXid), told.map(expected).sort(byXid))
    const repeated = told.reduce((sum, { times = 1 }) => sum + times - 1, 0)
    equal(result.counters['nfs.retransmitted_calls'], repeated)
    wentWell(result)
  })

  test('calls that the server does not carry out, and a session of version 4.2', async () => {
    const told: Told[] = []
    const compounds: ToldOfCompound[] = []
    const result = await during(async (network, { exported }) => {
      const first = String(0x0a00_0000)
      told.push(...(await ask<Told>(network, 'nfs', network.ip4, exported, first, 'tcp:refused')))
      compounds.push(...(await ask<ToldOfCompound>(network, 'nfs41', network.ip6)))
    })
    const refused = result.events.slice(0, told.length)
    deepEqual(
      refused.map(({ rpc, status, event }) => [rpc.xid, rpc.status, rpc.auth_error, status, event.outcome]),
      told.map(({ xid, rpc, denied, authError }) => [
        xid,
        denied ? 'auth_error' : acceptStatuses[rpc],
        authError === undefined ? undefined : authErrors[authError],
        'Error',
        'failure',
      ]),
    )
    const session = result.events.slice(told.length)
    deepEqual(
      session.map(({ rpc, nfs, path }) => [rpc.xid, nfs.minor_version, nfs.status, nfs.operations, path]),
      compounds.map(({ xid, status, operations, path }) => [xid, 2, statuses[status], operations, path]),
    )
    wentWell(result)
  })

  test('what the tools of libnfs do, by versions 3 and 4', async () => {
    const small = write(join(folder(), 'small'), 'Dear Ann,\n'.repeat(300))
    const large = write(join(folder(), 'large'), 'Dear Bob,\n'.repeat(50_000))
    const say = async (network: Network, server: Nfs, version: 3 | 4) => {
      const by = (name: string, uid = 0) => tool(network, server, name, version, uid)
      const names = { small: `small-${engine}-${version}`, large: `large-${engine}` }
      await by('nfs-cp')(small, names.small)
      // By version 4 libnfs 4.0 fails to write more than some 4000 bytes at a time.
      if (version === 3) await by('nfs-cp')(large, names.large)
      equal((await by('nfs-cat')(names.small)).length, 3000)
      equal((await by('nfs-cat')(names.large)).length, 500_000)
      ok((await by('nfs-ls')('')).includes(names.small))
      await rejects(by('nfs-cat')('nobody.txt'), /NOENT/)
      await rejects(by('nfs-cat', 1000)(names.small), /ACCES/)
    }
    for (const version of [3, 4] as const) {
      const pcap = join(folder(), 'nfs.pcap')
      // tshark reads one capture of each version.
      const compared = link === 'veth' && engine === 'pcap'
      const result = await during((network, server) => {
        const clients = () => say(network, server, version)
        return compared ? recorded(network, pcap, clients) : clients()
      })
      equal(moved(result, 'WRITE'), version === 3 ? 503_000 : 3000)
      equal(moved(result, 'READ'), 503_000)
      const owner = result.events.filter(({ user }) => user.id === '0')
      const failures = owner.filter(({ status }) => status === 'Error')
      deepEqual(
        failures.map(({ nfs, path }) => [nfs.status, path.replace(/.*\//, '')]),
        [['NFSERR_NOENT', 'nobody.txt']],
      )
      ok(owner.length < result.events.length)
      if (compared) {
        const xids = result.events.map(({ rpc }) => rpc.xid).sort()
        const operations = counts(result.events.flatMap(({ nfs }) => nfs.operations ?? [nfs.opcode]))
        deepEqual({ xids, operations }, await calls(place().network, pcap, version))
      }
      wentWell(result)
    }
  })
})

/** What a client of ours says that it did. */
async function ask<Done>(network: Network, name: string, ...words: string[]): Promise<Done[]> {
  const script = join(import.meta.dirname, 'clients', `${name}.ts`)
  return JSON.parse(await network.ask([process.execPath, '--import', 'tsx', script, ...words]))
}

const moved = ({ events }: Result, opcode: string): number =>
  events.filter(({ nfs }) => nfs.opcode === opcode).reduce((sum, { nfs }) => sum + (nfs.count ?? 0), 0)

/** The numbers that the server answers here (RFC 1813 §2.6, RFC 7531). */
const statuses: Readonly<Record<number, string>> = {
  0: 'NFS_OK',
  2: 'NFSERR_NOENT',
  13: 'NFSERR_ACCES',
  66: 'NFSERR_NOTEMPTY',
  70: 'NFSERR_STALE',
}

// RFC 5531 §9
const acceptStatuses = ['success', 'prog_unavail', 'prog_mismatch', 'proc_unavail', 'garbage_args']
const authErrors = ['ok', 'badcred', 'rejectedcred']

const byXid = (a: { xid: string }, b: { xid: string }): number => a.xid.localeCompare(b.xid)

/** What is to be compared of an event. */
const seen = ({ rpc, nfs, path, status, event, network, source }: Event) => ({
  xid: rpc.xid,
  rpc: rpc.status,
  version: nfs.version,
  procedure: nfs.opcode,
  status: nfs.status,
  failed: status === 'Error' && event.outcome === 'failure',
  caller: source.domain,
  transport: network.transport,
  path,
  offset: nfs.offset,
  count: nfs.count,
  eof: nfs.opcode === 'READ' ? nfs.eof : undefined,
})

/** The same, from what the client told. */
const expected = ({ xid, rpc, version, procedure, status, machine, transport, ...told }: Told) => ({
  xid,
  rpc: acceptStatuses[rpc],
  version,
  procedure,
  status: status === undefined ? undefined : statuses[status],
  failed: status !== undefined && status !== 0,
  caller: machine,
  transport,
  path: told.path,
  offset: told.offset,
  count: told.count,
  eof: told.eof,
})
