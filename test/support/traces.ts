import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where the captures of this repository are. */
export const traceFolder: string = join(import.meta.dirname, '../traces')

/** Their paths, sorted. */
export const traces = (): string[] =>
  readdirSync(traceFolder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.pcap'))
    .sort()
    .map((name) => join(traceFolder, name))
