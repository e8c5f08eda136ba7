import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { load } from '../../lib/config/load.js'
import { registries } from '../../lib/config/registries.js'
import type { Settings } from '../../lib/config/settings.js'
import { discard } from '../../lib/outputs/discard/index.js'
import { NOTHING_LEFT, type OutputPlugin } from '../../lib/outputs/output.js'
import type { EventBatch } from '../../lib/pipeline/batch.js'
import { run } from '../../lib/run.js'
import { requestOf } from '../config/support.js'
import { repository } from '../support/command.js'
import { traceFolder } from '../support/traces.js'

/** One connection of a client and its beanstalkd: 30 commands on port 11300, the last of them after a second. */
export const capture: string = join(traceFolder, 'beanstalkd/greenstalk.pcap')

const folders: string[] = []
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A folder with these files, in which this package is installed. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'packetbeat-plugins-'))
  folders.push(folder)
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(repository, join(folder, 'node_modules/packetbeat-native'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true })
    writeFileSync(join(folder, name), text, { mode: 0o600 })
  }
  return folder
}

/** The settings of a configuration in that folder. */
export const settingsIn = (
  folder: string,
  overrides: readonly string[],
  { strictPermissions = true, file = capture } = {},
): Settings =>
  load(requestOf([], { overrides, strictPermissions, path: { home: folder }, capture: { file } }), registries)

/** The module of a plug-in that brings one protocol, on the port of `capture`. `parts`: what is special about it. */
export const protocolModule = (parts: {
  /** Methods of its conversations. */
  conversation?: string
  /** In the place of `start`, which makes such conversations. */
  start?: string
  fields?: string
}): string => `
import { exchanges, FROM_CLIENT, Malformed, z } from 'packetbeat-native'
const transaction = (time) => ({ start: time, sourceBytes: 1, destinationBytes: 0, status: 'OK' })
export default {
  protocols: [
    {
      name: 'broken',
      title: 'a protocol that does something wrong',
      transports: ['tcp'],
      ports: [11300],
      options: z.strictObject({}),
      counters: { seen: 'what it saw' },
      fields: { ${parts.fields ?? ''} },
      start(options, context) {
        ${parts.start ?? `return (endpoints) => ({ data() {}, ${parts.conversation} })`}
      },
    },
  ],
}
`

export interface Ran {
  events: Record<string, unknown>[]
  counters: Record<string, number>
  warnings: string[]
}

/** What a run reads of `capture` with the plug-in of that module, and what it says about it. */
export async function ran(module: string, overrides: readonly string[] = [], file = capture): Promise<Ran> {
  const folder = folderWith({ 'own.mjs': module })
  const usual = ['packetbeat.plugins=./own.mjs', 'packetbeat.flows.enabled=false']
  const settings = settingsIn(folder, [...usual, ...overrides], { file })
  return ranWith(settings)
}

export async function ranWith(settings: Settings): Promise<Ran> {
  const events: Record<string, unknown>[] = []
  const warnings: string[] = []
  const counters = await run(settings, {
    defaultOutput: { plugin: keeping(events), options: {} },
    signal: new AbortController().signal,
    log: { debug() {}, info() {}, warn: (message) => warnings.push(message) },
  })
  return { events, counters, warnings }
}

/** An output that keeps what it is given. */
function keeping(events: Record<string, unknown>[]): OutputPlugin {
  const sendNow = ({ bytes, length }: EventBatch) => {
    for (const line of bytes.subarray(0, length).toString().split('\n').slice(0, -1))
      events.push(JSON.parse(line))
    return NOTHING_LEFT
  }
  const lanes = [{ name: 'test', send: async (batch: EventBatch) => sendNow(batch) }]
  return {
    ...discard,
    name: 'test',
    wants: () => 'text',
    open: async () => ({ sendNow, lanes, close: async () => undefined }),
  } as unknown as OutputPlugin
}
