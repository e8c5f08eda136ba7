import { PROCEDURES } from '../clients/nfs3.js'
import { OP } from '../clients/nfs4.js'
import type { Network } from './network.js'
import { PORT } from './nfs.js'
import { call } from './processes.js'
import { record } from './record.js'

/** Records into `file` what clients and the server of NFS say meanwhile. */
export const recorded = (network: Network, file: string, clients: () => Promise<unknown>): Promise<unknown> =>
  record(network, { port: PORT, serve: async () => {}, run: () => clients().then(() => 0) }, file)

/** What calls there were, as tshark reads them. */
export interface Calls {
  /** Of all calls, sorted, in eight hexadecimal digits. */
  xids: string[]
  /** How often each procedure or operation was asked for. */
  operations: Record<string, number>
}

const operations = new Map(Object.entries(OP).map(([name, number]) => [number as number, name]))

// libnfs calls from low ports, some of which are those of other protocols.
const asRpc = ['-o', 'tcp.try_heuristic_first:TRUE', '-d', `tcp.port==${PORT},rpc`]

/** Reads the calls of version 3 or 4 in a capture. */
export async function calls(network: Network, file: string, version: 3 | 4): Promise<Calls> {
  const fields = ['rpc.xid', 'rpc.procedure', version === 3 ? 'nfs.procedure_v3' : 'nfs.opcode']
  const only = ['-Y', 'rpc.msgtyp == 0 && rpc.program == 100003']
  const options = [...asRpc, ...only, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])]
  const lines = (await call(network.server, ['tshark', '-r', file, ...options])).split('\n').filter(Boolean)
  const xids: string[] = []
  const names: string[] = []
  for (const line of lines) {
    // A packet may have several calls.
    const [ids = [], procedures = [], numbers = []] = line.split('\t').map((column) => column.split(','))
    xids.push(...ids.map((id) => id.replace(/^0x/, '')))
    for (const number of numbers.filter(Boolean))
      names.push((version === 3 ? PROCEDURES[Number(number)] : operations.get(Number(number))) ?? number)
    if (version === 4) names.push(...procedures.filter((number) => number === '0').map(() => 'NULL'))
  }
  return { xids: xids.sort(), operations: counts(names) }
}

export function counts(names: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {}
  for (const name of [...names].sort()) counted[name] = (counted[name] ?? 0) + 1
  return counted
}
