import { pgsql } from '../../../lib/protocols/pgsql/index.js'
import { Dialogue } from '../../support/dialogue.js'

export const dialogue = (options: Record<string, unknown> = {}) => new Dialogue(pgsql, options)

type Fields = Record<string, unknown>

const own = (event: Fields) => (event.pgsql ?? {}) as Fields

/** What a test usually wants to see of an event: the SQL, or the method of what has none; rows, status. */
export const seen = ({ events }: Dialogue) =>
  events.map((event) => [event.query ?? event.method, own(event).num_rows ?? null, event.status])

/** Some fields of all events; those of `pgsql` by their last name. */
export const told = ({ events }: Dialogue, ...names: string[]) =>
  events.map((event) => names.map((name) => own(event)[name] ?? event[name] ?? null))

/** `error.message` of all events. */
export const notes = ({ events }: Dialogue) =>
  events.map(({ error }) => (error as { message?: string } | undefined)?.message ?? null)
