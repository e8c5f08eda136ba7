import type { Dialogue } from '../../support/dialogue.js'

/** What a test usually wants to see of an event. */
export const seen = ({ events }: Dialogue) =>
  events.map((event) => {
    const { return_value, exceptions } = event.thrift as Record<string, string>
    return [event.query, exceptions ?? return_value ?? null, event.status]
  })
