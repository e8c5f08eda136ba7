import type { Problems } from './problems.js'
import type { Configuration } from './schema/index.js'
import { defaultDevice } from './schema/interfaces.js'
import type { Transport } from './schema/protocol.js'
import type { SetupOptions } from './schema/setup.js'
import { display, find, type Key, type MapNode, type Node } from './tree.js'

const MIB = 2 ** 20

type Interfaces = Configuration['packetbeat']['interfaces']

/** What concerns several interfaces, or several options of one. */
export function checkInterfaces(interfaces: Interfaces, root: Node, problems: Problems): void {
  const seen = new Map<string, number>()
  interfaces.forEach(
    ({ device = defaultDevice, type, fanout_group, snaplen, buffer_size_mb, file }, index) => {
      const path: Key[] = ['packetbeat', 'interfaces', index]
      const before = seen.get(device)
      if (before !== undefined && file === undefined) {
        const other = display(root, ['packetbeat', 'interfaces', before])
        problems.add(
          root,
          [...path, 'device'],
          `must not be ${device} again, as in ${other}; give each device one entry`,
        )
      }
      seen.set(device, index)
      // Asked for in so many words, so that a file means the same on every system.
      if (fanout_group !== undefined && type !== 'af_packet')
        problems.add(root, [...path, 'fanout_group'], 'needs type: af_packet beside it')
      if (buffer_size_mb * MIB < snaplen)
        problems.add(
          root,
          [...path, 'buffer_size_mb'],
          `must be at least ${Math.ceil(snaplen / MIB)} for packets of ${snaplen} bytes (snaplen), not ${buffer_size_mb}`,
        )
      if (file !== undefined && interfaces.length > 1)
        problems.add(root, [...path, 'file'], 'must be in the only entry: a capture file is read alone')
    },
  )
}

/** An entry of `packetbeat.protocols`, as far as it can be in the way of others. */
export interface Entry {
  type: string
  transports: readonly Transport[]
  ports: readonly number[]
  device: string | undefined
}

/** One port cannot belong to two protocols; neither can two entries share it, or decide about ICMP. */
export function checkPorts(entries: readonly (Entry | undefined)[], root: Node, problems: Problems): void {
  const owners: { entry: Entry; index: number }[] = []
  entries.forEach((entry, index) => {
    if (entry === undefined) return
    for (const owner of owners) {
      if (
        owner.entry.device !== entry.device &&
        owner.entry.device !== undefined &&
        entry.device !== undefined
      )
        continue
      const other = display(root, ['packetbeat', 'protocols', owner.index])
      const path: Key[] = ['packetbeat', 'protocols', index]
      if (entry.transports.includes('icmp') && owner.entry.type === entry.type) {
        problems.add(root, path, `is a second entry for ${entry.type}, beside ${other}; there may be one`)
        continue
      }
      const transport = entry.transports.find((name) => owner.entry.transports.includes(name))
      const shared = entry.ports.filter((port) => owner.entry.ports.includes(port))
      if (transport === undefined || shared.length === 0) continue
      const what = `${transport.toUpperCase()} port ${shared.join(', ')}`
      const both =
        entry.type === owner.entry.type
          ? `two entries of ${entry.type}`
          : `${owner.entry.type} and ${entry.type}`
      problems.add(root, [...path, 'ports'], `must not share ${what} between ${both}, see ${other}`)
    }
    owners.push({ entry, index })
  })
}

/** Entries for a device nobody captures on would silently see nothing. */
export function checkEntryDevices(
  entries: readonly (Entry | undefined)[],
  interfaces: Interfaces,
  root: Node,
  problems: Problems,
): void {
  const devices = interfaces.map(({ device = defaultDevice }) => device)
  entries.forEach((entry, index) => {
    if (entry?.device === undefined || devices.includes(entry.device)) return
    const path: Key[] = ['packetbeat', 'protocols', index, 'interface', 'device']
    problems.add(
      root,
      path,
      `must be a device of packetbeat.interfaces (${devices.join(', ')}), not ${entry.device}`,
    )
  })
}

/** Events of an index with a name of its own would find no template. */
export function checkTemplateNames(
  { enabled, name, pattern, json }: SetupOptions['template'],
  root: MapNode,
  problems: Problems,
): void {
  const output = find(root, ['output', 'elasticsearch'])
  const own = (key: string): unknown => {
    const node = output === undefined ? undefined : find(output, [key])
    return node?.kind === 'scalar' ? node.value : undefined
  }
  const index = own('index') ?? DEFAULT_INDEX
  if (!enabled || json.enabled || (name !== undefined && pattern !== undefined)) return
  if (index === DEFAULT_INDEX || own('enabled') === false) return
  problems.add(
    root,
    ['output', 'elasticsearch', 'index'],
    'has no index template: set setup.template.name and setup.template.pattern too, or setup.template.enabled: false',
  )
}

const DEFAULT_INDEX = 'packetbeat-%{[agent.version]}'
