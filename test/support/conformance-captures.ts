import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const folder = join(import.meta.dirname, '../../../shared/conformance')

/** A capture of the conformance suite, with the ports that its cases have for each protocol. */
export interface ConformanceCapture {
  name: string
  path: string
  ports: Readonly<Record<string, readonly number[]>>
}

/** All of them; none where the suite is absent. */
export function conformanceCaptures(): ConformanceCapture[] {
  const cases = join(folder, 'cases')
  if (!existsSync(cases)) return []
  const captures = new Map<string, Record<string, Set<number>>>()
  for (const id of readdirSync(cases).sort()) {
    const { pcap, protocols } = JSON.parse(readFileSync(join(cases, id, 'case.json'), 'utf8'))
    // Those with more protocols have them on their usual ports.
    if (protocols.length !== 1) continue
    const config = parse(readFileSync(join(cases, id, 'packetbeat.yml'), 'utf8'))
    const ports = captures.get(pcap) ?? {}
    captures.set(pcap, ports)
    for (const entry of config['packetbeat.protocols'] ?? []) {
      ports[entry.type] ??= new Set()
      for (const port of [entry.ports ?? []].flat()) ports[entry.type]?.add(port)
    }
  }
  return [...captures].map(([name, ports]) => ({
    name,
    path: join(folder, 'pcaps', name),
    ports: Object.fromEntries(Object.entries(ports).map(([type, set]) => [type, [...set]])),
  }))
}
