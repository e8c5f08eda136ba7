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

/** Reads the calls of version 3 or 4 in a capture. */
export async function calls(network: Network, file: string, version: 3 | 4): Promise<Calls> {
  const field = version === 3 ? 'nfs.procedure_v3' : 'nfs.opcode'
  const only = `rpc.msgtyp == 0 && rpc.program == 100003`
  const options = [
    '-r',
    file,
    '-Y',
    only,
    '-T',
    'fields',
    '-e',
    'rpc.xid',
    '-e',
    field,
    '-e',
    'rpc.procedure',
  ]
  const lines = (await call(network.server, ['tshark', ...options])).split('\n').filter(Boolean)
  const xids: string[] = []
  const names: string[] = []
  for (const line of lines) {
    // A packet may have several calls.
    const [ids = '', numbers = '', procedures = ''] = line.split('\t')
    xids.push(...ids.split(',').map((id) => id.replace(/^0x/, '')))
    const name = (number: number) => (version === 3 ? PROCEDURES[number] : operations.get(number))
    names.push(
      ...numbers
        .split(',')
        .filter(Boolean)
        .map((number) => name(Number(number)) ?? number),
    )
    // A compound that only asks whether somebody is there.
    if (version === 4)
      names.push(
        ...procedures
          .split(',')
          .filter((number) => number === '0')
          .map(() => 'NULL'),
      )
  }
  return { xids: xids.sort(), operations: counts(names) }
}

export function counts(names: readonly string[]): Record<string, number> {
  const counted: Record<string, number> = {}
  for (const name of [...names].sort()) counted[name] = (counted[name] ?? 0) + 1
  return counted
}
