import { nfs } from '../../../lib/protocols/nfs/index.js'
import { Dialogue } from '../../support/dialogue.js'

export const tcp = (): Dialogue => new Dialogue(nfs)
export const udp = (): Dialogue => new Dialogue(nfs, {}, { transport: 17 })

interface Seen {
  rpc: Record<string, unknown>
  nfs: Record<string, unknown>
  status: string
  path?: string
  error?: { message: string | string[] }
}

export const events = ({ events }: Dialogue): Seen[] => events as unknown as Seen[]

/** What a test usually wants to see of an event. */
export const seen = (dialogue: Dialogue): unknown[] =>
  events(dialogue).map(({ nfs, path, status }) => [nfs.opcode, path ?? null, nfs.status ?? null, status])

/** What was noticed about each event. */
export const notes = (dialogue: Dialogue): unknown[] =>
  events(dialogue).map(({ error }) => error?.message ?? null)
