import { deepEqual, equal, ok, rejects } from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Told } from './clients/nfs3.js'
import type { Told as ToldOfCompound } from './clients/nfs41.js'
import { Capture, type Event, type Result } from './support/capture.js'
import { folder } from './support/folder.js'
import { wentWell } from './support/losses.js'
import { engines } from './support/matrix.js'
import { lacking } from './support/needs.js'
import { Network, write } from './support/network.js'
import { type Nfs, nfs, tool } from './support/nfs.js'
import { calls, counts, recorded } from './support/tshark.js'

const protocols = [{ type: 'nfs' }]
const tools = ['ganesha.nfsd', 'rpcbind', 'unshare', 'nfs-ls', 'nfs-cp', 'nfs-cat', 'tcpdump', 'tshark']

// One link will do: what differs between links is below any protocol. Both engines capture at once.
describe('NFS on veth', { skip: lacking(...tools) }, () => {
  let network: Network
  let server: Nfs
  before(async () => {
    network = new Network('veth')
    server = await nfs(network)
  })
  after(() => network?.remove())

  /** What the programs wrote while clients were at work. */
  async function during(clients: () => Promise<unknown>): Promise<Result[]> {
    const captures = await Promise.all(engines.map((engine) => Capture.ready(network, { engine, protocols })))
    try {
      await clients()
      return await Promise.all(captures.map((capture) => capture.stop()))
    } finally {
      // Those that have ended do not mind.
      for (const capture of captures) capture.kill()
    }
  }

  const v3 = (host: string, first: number, ...scenarios: string[]) =>
    ask<Told>(network, 'nfs', host, server.exported, String(first), ...scenarios)

  test('each call of version 3 and what became of it: over TCP and UDP, large, many at once, sent again', async () => {
    const told: Told[] = []
    const results = await during(async () => {
      const scenarios = ['tcp:day', 'udp:day', 'tcp:large', 'tcp:crowd', 'udp:twice']
      told.push(...(await v3(network.ip4, 0x0a00_0000, ...scenarios)))
      told.push(...(await v3(network.ip6, 0x0b00_0000, 'tcp:day', 'udp:day')))
    })
    ok(told.length > 1000)
    const repeated = told.reduce((sum, { times = 1 }) => sum + times - 1, 0)
    for (const result of results) {
      deepEqual(result.events.map(seen).sort(byXid), told.map(expected).sort(byXid))
      equal(result.counters['nfs.retransmitted_calls'], repeated)
      wentWell(result)
    }
  })

  test('calls that the server does not carry out', async () => {
    const told: Told[] = []
    const results = await during(async () => told.push(...(await v3(network.ip4, 1, 'tcp:refused'))))
    for (const result of results) {
      deepEqual(
        result.events.map(({ rpc, status, event }) => [
          rpc.xid,
          rpc.status,
          rpc.auth_error,
          status,
          event.outcome,
        ]),
        told.map(({ xid, rpc, denied, authError }) => [
          xid,
          denied ? 'auth_error' : acceptStatuses[rpc],
          authError === undefined ? undefined : authErrors[authError],
          'Error',
          'failure',
        ]),
      )
      wentWell(result)
    }
  })

  test('a session of version 4.2, compound by compound', async () => {
    const told: ToldOfCompound[] = []
    const results = await during(async () =>
      told.push(...(await ask<ToldOfCompound>(network, 'nfs41', network.ip6))),
    )
    for (const result of results) {
      deepEqual(
        result.events.map(({ rpc, nfs, path }) => [
          rpc.xid,
          nfs.minor_version,
          nfs.status,
          nfs.operations,
          path,
        ]),
        told.map(({ xid, status, operations, path }) => [xid, 2, statuses[status], operations, path]),
      )
      wentWell(result)
    }
  })

  for (const version of [3, 4] as const)
    test(`what the tools of libnfs do by version ${version}, as tshark reads it`, async () => {
      const by = (name: string, uid = 0) => tool(network, server, name, version, uid)
      const small = write(join(folder(), 'small'), 'Dear Ann,\n'.repeat(300))
      const large = write(join(folder(), 'large'), 'Dear Bob,\n'.repeat(50_000))
      const name = `small-${version}`
      const say = async () => {
        await by('nfs-cp')(small, name)
        // By version 4 libnfs 4.0 fails to write more than some 4000 bytes at a time.
        if (version === 3) await by('nfs-cp')(large, 'large')
        equal((await by('nfs-cat')(name)).length, 3000)
        equal((await by('nfs-cat')('large')).length, 500_000)
        ok((await by('nfs-ls')('')).includes(name))
        await rejects(by('nfs-cat')('nobody.txt'), /NOENT/)
        await rejects(by('nfs-cat', 1000)(name), /ACCES/)
      }
      const pcap = join(folder(), 'nfs.pcap')
      const results = await during(() => recorded(network, pcap, say))
      const read = await calls(network, pcap, version)
      for (const result of results) {
        const xids = result.events.map(({ rpc }) => rpc.xid).sort()
        const operations = counts(result.events.flatMap(({ nfs }) => nfs.operations ?? [nfs.opcode]))
        deepEqual({ xids, operations }, read)
        equal(moved(result, 'WRITE'), version === 3 ? 503_000 : 3000)
        equal(moved(result, 'READ'), 503_000)
        const missing = result.events.filter(({ nfs }) => nfs.status === 'NFSERR_NOENT')
        deepEqual(
          missing.map(({ path, status }) => [path.replace(/.*\//, ''), status]),
          [['nobody.txt', 'Error']],
        )
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
