// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references in the configuration are written so.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { load } from '../../lib/config/load.js'
import { registries } from '../../lib/config/registries.js'
import type { Settings } from '../../lib/config/settings.js'
import { type Leftover, NOTHING_LEFT, type OutputPlugin } from '../../lib/outputs/output.js'
import type { EventBatch } from '../../lib/pipeline/batch.js'
import { run } from '../../lib/run.js'

const conformance = join(import.meta.dirname, '../../../shared/conformance')
const traces = join(import.meta.dirname, '../traces')

export const hasConformance = existsSync(conformance)

/** Where an event is of, and its text. */
export interface CapturedEvent {
  origin: string
  text: string
}

/** What our program writes for every case of the conformance suite, each with its own configuration. */
export async function conformanceEvents(): Promise<CapturedEvent[]> {
  const folder = mkdtempSync(join(tmpdir(), 'all-events-'))
  const env = { OUT: folder, CONFORMANCE: conformance, TZ: 'UTC' }
  const events: CapturedEvent[] = []
  try {
    for (const origin of readdirSync(join(conformance, 'cases')).sort()) {
      const own = join(conformance, 'cases', origin)
      const { pcap } = JSON.parse(readFileSync(join(own, 'case.json'), 'utf8'))
      const settings = load(
        {
          files: [join(own, 'packetbeat.yml')],
          overrides: [],
          path: {},
          strictPermissions: false,
          env,
          capture: { file: join(conformance, 'pcaps', pcap), realtime: false },
        },
        registries,
      )
      for (const text of await texts(settings)) events.push({ origin, text })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return events
}

/** The events that the captures of ../traces are told to give. */
export function traceEvents(): CapturedEvent[] {
  const files = readdirSync(traces, { recursive: true, encoding: 'utf8' })
  return files
    .filter((name) => name.endsWith('.expected.json'))
    .sort()
    .flatMap((origin) =>
      (JSON.parse(readFileSync(join(traces, origin), 'utf8')) as object[]).map((event) => ({
        origin,
        text: JSON.stringify(event),
      })),
    )
}

async function texts(settings: Settings): Promise<string[]> {
  const lines: string[] = []
  const take = (batch: EventBatch): Leftover => {
    lines.push(...batch.bytes.toString('utf8', 0, batch.length).split('\n').slice(0, -1))
    return NOTHING_LEFT
  }
  const plugin: OutputPlugin = {
    name: 'list',
    title: 'a list',
    options: z.strictObject({}),
    wants: () => 'text',
    open: async () => ({
      lanes: [{ name: 'list', send: async (batch) => take(batch) }],
      sendNow: take,
      close: async () => undefined,
    }),
  }
  const output = { plugin, options: {} }
  await run(
    { ...settings, output },
    {
      defaultOutput: output,
      signal: new AbortController().signal,
      log: { debug() {}, info() {}, warn() {} },
    },
  )
  return lines
}
