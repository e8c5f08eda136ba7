import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { packageVersion } from '../package.js'

/** Who writes the events: `agent.*`. */
export interface Identity {
  name: string
  /** A UUID that stays the same on this machine. */
  id: string
  /** A UUID of this run. Of a capture file it is always the same, so that one file gives one output. */
  ephemeralId: string
  version: string
}

/** `dataPath`: where upstream keeps its meta.json, whose id is taken over. `run`: what tells this run from others. */
export function identity(name: string, dataPath: string, run: string): Identity {
  const id = upstreamId(dataPath) ?? uuid(`${machineId()}`)
  return { name, id, ephemeralId: uuid(`${id}\n${run}`), version: packageVersion }
}

function upstreamId(dataPath: string): string | undefined {
  try {
    const { uuid: id } = JSON.parse(readFileSync(join(dataPath, 'meta.json'), 'utf8')) as { uuid?: unknown }
    return typeof id === 'string' ? id : undefined
  } catch {
    return undefined // there was no upstream here
  }
}

function machineId(): string {
  try {
    return readFileSync('/etc/machine-id', 'utf8').trim() || hostname()
  } catch {
    return hostname()
  }
}

/** A name-based UUID, version 8 (RFC 9562 §5.8): the machine's id itself must not leave it (machine-id(5)). */
function uuid(name: string): string {
  const hash = createHash('sha256').update(`packetbeat-native\n${name}`).digest()
  hash[6] = ((hash[6] as number) & 0x0f) | 0x80
  hash[8] = ((hash[8] as number) & 0x3f) | 0x80
  const hex = hash.toString('hex', 0, 16)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
