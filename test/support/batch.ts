import { FillingBatch } from '../../lib/pipeline/filling-batch.js'

/** A batch of text events; strings are taken as they are. */
export function textBatch(events: readonly (object | string)[]): FillingBatch {
  const batch = new FillingBatch()
  for (const event of events) batch.text(typeof event === 'string' ? event : JSON.stringify(event))
  return batch
}
