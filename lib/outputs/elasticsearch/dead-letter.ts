import { type EventBatch, lineOf } from '../../pipeline/batch.js'
import type { ItemError } from './answer.js'

/** The body of a bulk request that keeps refused events as text in `index`, with what the server said of them. */
export function deadLetters(batch: EventBatch, refused: readonly ItemError[], index: string): Buffer {
  const action = `${JSON.stringify({ create: { _index: index.toLowerCase() } })}\n`
  const letters = refused.map(({ index: position, status, error }) => {
    const { '@metadata': _, ...event } = JSON.parse(lineOf(batch, position).toString('utf8')) as {
      '@timestamp'?: unknown
      '@metadata'?: unknown
    }
    const letter = {
      '@timestamp': event['@timestamp'],
      message: JSON.stringify(event),
      error: { type: status, message: error },
    }
    return `${action}${JSON.stringify(letter)}\n`
  })
  return Buffer.from(letters.join(''))
}
