import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { load } from '../../lib/config/load.js'
import { registries } from '../../lib/config/registries.js'
import type { Settings } from '../../lib/config/settings.js'
import { discard } from '../../lib/outputs/discard/index.js'
import { NOTHING_LEFT, type OutputPlugin } from '../../lib/outputs/output.js'
import { protocols } from '../../lib/protocols/index.js'
import type { Protocol } from '../../lib/protocols/protocol.js'
import { run } from '../../lib/run.js'

/** An event as it was written. */
export type Event = Record<string, unknown>

export interface Analysis {
  counters: Record<string, number>
  /** Why the capture was not read to its end. */
  failure: (Error & { code?: string }) | undefined
  /** Everything that says that something is wrong with the program itself; must be empty. */
  defects: string[]
}

export interface AnalyseOptions {
  /** Ports in addition to a protocol's own, by its name. */
  ports?: Readonly<Record<string, readonly number[]>>
  /** Default true. */
  flows?: boolean
  /** Options of every entry, such as send_request. */
  options?: Readonly<Record<string, unknown>>
  /** What decodes in the place of a protocol. */
  instead?(protocol: Protocol): Protocol
  /** Passes over the file. Default 1. */
  loops?: number
  /** Given each event; its text is checked to be JSON even without. */
  event?(event: Event): void
  /** Given the text of many events, before they are parsed. */
  text?(text: Buffer): void
}

// What agent.id is kept in, for all analyses of this process.
const home = mkdtempSync(join(tmpdir(), 'analyse-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))

// What a callback of the addon throws, Node only warns about.
const warnings: string[] = []
process.on('warning', ({ name, message }) => warnings.push(`${name}: ${message}`))

setFlagsFromString('--expose-gc')
/** Frees what captures that are over have left; in a program that has one capture nothing needs to. */
export const collectGarbage = runInNewContext('gc') as () => void

/** Reads a capture file as the command does, with every protocol there is, and tells what came of it. */
export async function analyse(file: string, options: AnalyseOptions = {}): Promise<Analysis> {
  const known = settingsFor(options)
  const interfaces = known.interfaces.map((each) => ({ ...each, file, loops: options.loops ?? 1 }))
  const decoders = known.protocols.map((entry) => ({
    ...entry,
    protocol: options.instead?.(entry.protocol) ?? entry.protocol,
  }))
  const settings = { ...known, interfaces, protocols: decoders }
  const defects: string[] = []
  const plugin = sink((text) => {
    options.text?.(text)
    for (const line of text.toString().split('\n').slice(0, -1)) {
      const event = JSON.parse(line) as Event
      options.event?.(event)
    }
  })
  let counters: () => Record<string, number> = () => ({})
  let failure: Analysis['failure']
  try {
    await run(settings, {
      defaultOutput: { plugin, options: {} },
      signal: new AbortController().signal,
      log: { debug() {}, info() {}, warn: (message) => defects.push(message) },
      started: (given) => {
        counters = given
      },
    })
  } catch (error) {
    failure = error as Error
  }
  // Warnings are told in the next turn of the event loop.
  await new Promise(setImmediate)
  defects.push(...warnings.splice(0))
  return { counters: counters(), failure, defects }
}

const settingsOf = new Map<string, Settings>()

// Checking a configuration takes longer than reading a small capture.
function settingsFor({ ports = {}, flows = true, options = {} }: AnalyseOptions): Settings {
  const key = JSON.stringify([ports, flows, options])
  const known = settingsOf.get(key)
  if (known !== undefined) return known
  const entries = protocols.map(({ name, ports: usual }) => {
    // A port that a capture has for another protocol is not this one's.
    const taken = Object.entries(ports).flatMap(([other, theirs]) => (other === name ? [] : theirs))
    const all = new Set([...usual.filter((port) => !taken.includes(port)), ...(ports[name] ?? [])])
    const listening = usual.length > 0 ? { ports: [...all] } : {}
    return JSON.stringify({ type: name, ...listening, ...options })
  })
  const settings = load(
    {
      files: [],
      overrides: [`packetbeat.protocols=[${entries.join(', ')}]`, `packetbeat.flows={enabled: ${flows}}`],
      path: { home },
      strictPermissions: false,
      env: {},
      capture: { file: 'a file' },
    },
    registries,
  )
  settingsOf.set(key, settings)
  return settings
}

/** An output that hands over what would have been written. */
function sink(write: (text: Buffer) => void): OutputPlugin {
  const sendNow = ({ bytes, length }: { bytes: Buffer; length: number }) => {
    write(bytes.subarray(0, length))
    return NOTHING_LEFT
  }
  const open = async () => ({
    sendNow,
    lanes: [{ name: 'test', send: async (batch: never) => sendNow(batch) }],
    close: async () => undefined,
  })
  return { ...discard, name: 'test', open } as unknown as OutputPlugin
}
