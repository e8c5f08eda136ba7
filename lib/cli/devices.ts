import type { Device } from '../binding.js'
import { capabilities } from '../proc/capabilities.js'
import type { Command } from './command.js'

export const devices: Command = {
  name: 'devices',
  title: 'List the interfaces to capture from.',
  details: 'The number or the name is what packetbeat.interfaces.device takes.',
  async execute(_flags, _words, io) {
    const { binding } = await import('../binding.js')
    const found = binding.devices()
    io.stdout.write(deviceTable(found))
    // Listing needs no permission, capturing does; better to hear it now.
    if (process.platform === 'linux' && !capabilities('CapEff').has('CAP_NET_RAW'))
      io.stderr.write(
        'Capturing needs root or the capability CAP_NET_RAW: sudo, or `sudo setcap cap_net_raw,cap_net_admin+eip "$(readlink -f "$(which node)")"`.\n',
      )
    return 0
  },
}

/** Aligned columns: number, name, state, description, addresses. */
export function deviceTable(found: readonly Device[]): string {
  if (found.length === 0) return 'There is no interface to be seen.\n'
  const rows = found.map(({ name, description, addresses, up }, index) => [
    String(index),
    name,
    up ? 'up' : 'down',
    description || '-',
    addresses.join(', ') || '-',
  ])
  const table = [['INDEX', 'NAME', 'STATE', 'DESCRIPTION', 'ADDRESSES'], ...rows]
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] as string).length))) ?? []
  return table
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] as number))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
