import { z } from 'zod'
import type { Document } from '../../events/writer.js'
import { duration, SECOND } from '../../options/duration.js'
import { copier, merge } from '../merge.js'
import { onceKnown } from '../once-known.js'
import { defineProcessor } from '../processor.js'
import { providers } from './providers.js'

const names = providers.flatMap(({ names }) => names)
const usual = providers.filter(({ optional }) => !optional).flatMap(({ names: [name = ''] }) => name)

/** Adds what the cloud says of the machine this runs on: `cloud`, and the cluster of GKE. */
export const addCloudMetadata = defineProcessor({
  name: 'add_cloud_metadata',
  title: 'adds what the cloud says of this machine',
  options: z.strictObject({
    providers: z
      .array(z.enum(names as [string, ...string[]]))
      .min(1)
      .default(usual)
      .describe('Clouds that are asked, all at once.'),
    timeout: duration()
      .default(3 * SECOND)
      .describe('How long to wait for an answer. Live events do not wait, those of a capture file do.'),
    overwrite: z.boolean().default(false).describe('Also for events that have such fields.'),
    host: z
      .string()
      .min(1)
      .optional()
      .describe('`host:port` of a metadata service instead of the usual addresses; for tests.'),
  }),
  create({ providers: wanted, timeout, overwrite, host }, context) {
    const { run } = context
    const asked = providers.filter(({ names }) => names.some((name) => wanted.includes(name)))
    let found: { key: string; copy: () => Document }[] = []
    const known = new Promise<void>((done) =>
      run.onBegin(async () => {
        const { askAll } = await import('./ask.js')
        const answer = await askAll(asked, { timeout: timeout / 1e6, host, signal: run.signal })
        found = Object.entries(answer ?? {}).map(([key, value]) => ({ key, copy: copier({ [key]: value }) }))
        const { provider } = (answer?.cloud ?? {}) as Document
        if (!run.signal.aborted)
          run.log.info(
            answer === undefined
              ? `add_cloud_metadata: no cloud answered (${asked.map(({ names: [name] }) => name).join(', ')})`
              : `add_cloud_metadata: this is a machine of ${provider}`,
          )
        done()
      }),
    )
    return onceKnown(known, run, (event) => {
      for (const { key, copy } of found) if (overwrite || event[key] === undefined) merge(event, copy())
      return event
    })
  },
})
