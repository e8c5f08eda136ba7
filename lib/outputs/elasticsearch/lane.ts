import { refusal } from '../../elasticsearch/refusal.js'
import type { HttpResponse } from '../../http/client.js'
import type { EventBatch } from '../../pipeline/batch.js'
import type { Lane, Leftover } from '../output.js'
import { answerFilter, type ItemError, type Outcome, outcome } from './answer.js'
import type { BulkBody } from './bulk-body.js'
import type { Connection } from './connection.js'
import type { ElasticsearchCounters } from './counters.js'
import { deadLetters } from './dead-letter.js'

export interface LaneOptions {
  connection: Connection
  body: BulkBody
  /** Of every bulk request. */
  parameters: Readonly<Record<string, string>>
  /** Where refused events are kept; undefined: they are dropped. */
  deadLetterIndex: string | undefined
  counters: ElasticsearchCounters
  /** May be told the same again and again. */
  warn(message: string): void
}

/** What became of a batch so far. */
interface Progress {
  retry: number[]
  rejected: { index: number; reason: string }[]
  /** Events of requests that the server refused as a whole, each alone in its request. */
  suspects: { index: number; reason: string }[]
  /** The server took a request, whatever it said of its events. */
  heard: boolean
}

/** Sends batches over one connection, as bulk requests. */
export function lane(options: LaneOptions): Lane {
  const { connection, body, parameters, counters, warn } = options
  /** The server has taken an event of this connection: who sends them is permitted to. */
  let permitted = false

  async function post(content: Buffer, signal: AbortSignal): Promise<HttpResponse> {
    const answer = await connection.request({
      method: 'POST',
      path: '/_bulk',
      parameters: { filter_path: answerFilter, ...parameters },
      headers: { 'content-type': 'application/x-ndjson' },
      body: content,
      signal,
    })
    counters.requests++
    return answer
  }

  /** Sends those events; in halves when the server does not take them at once. Throws when nothing is known of them. */
  async function deliver(
    batch: EventBatch,
    indexes: readonly number[],
    progress: Progress,
    signal: AbortSignal,
  ): Promise<void> {
    const { bytes, items, rejected } = body.make(batch, indexes)
    progress.rejected.push(...rejected)
    if (items.length === 0) return
    const answer = await post(bytes, signal).catch((error: unknown) => {
      body.letGo()
      throw error
    })
    if (answer.status === 200) {
      const result = outcome(answer.body, items)
      progress.heard = true
      await settle(batch, items.length, result, progress, signal)
      return
    }
    body.letGo()
    if (answer.status !== 413 && answer.status !== 400) throw new Error(refusal(answer))
    if (items.length === 1) {
      const suspect = { index: items[0] as number, reason: refusal(answer) }
      // A server that says so of everything means something else than the event.
      if (answer.status === 400 && !progress.heard && progress.suspects.length > 0)
        throw new Error(suspect.reason)
      if (answer.status === 400) progress.suspects.push(suspect)
      else progress.rejected.push(suspect)
      return
    }
    counters.split++
    const middle = items.length >> 1
    await deliver(batch, items.slice(0, middle), progress, signal)
    await deliver(batch, items.slice(middle), progress, signal).catch((error: unknown) => {
      if (!progress.heard) throw error
      later(items.slice(middle), error, progress)
    })
  }

  async function settle(
    batch: EventBatch,
    sent: number,
    { later: postponed, forbidden, refused, duplicates }: Outcome,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<void> {
    counters.duplicates += duplicates
    if (postponed.length + forbidden.length + refused.length < sent) permitted = true
    postpone(postponed, progress)
    // Credentials that may write nothing are a mistake that somebody will mend, and no event's fault.
    if (permitted) await refuse(batch, [...refused, ...forbidden], progress, signal)
    else {
      postpone(forbidden, progress)
      await refuse(batch, refused, progress, signal)
    }
  }

  async function refuse(
    batch: EventBatch,
    refused: readonly ItemError[],
    progress: Progress,
    signal: AbortSignal,
  ): Promise<void> {
    if (refused.length === 0) return
    const { deadLetterIndex } = options
    if (deadLetterIndex === undefined) {
      progress.rejected.push(...refused)
      return
    }
    try {
      const answer = await post(deadLetters(batch, refused, deadLetterIndex), signal)
      if (answer.status !== 200) throw new Error(refusal(answer))
      const positions = refused.map(({ index }) => index)
      const result = outcome(answer.body, positions)
      const lost = [...result.refused, ...result.forbidden]
      postpone(result.later, progress)
      progress.rejected.push(
        ...lost.map(({ index, reason }) => ({
          index,
          reason: `${refused.find((item) => item.index === index)?.reason}; and of the dead letter: ${reason}`,
        })),
      )
      counters.deadLetters += refused.length - result.later.length - lost.length
    } catch (error) {
      // They will be refused again, and come here again.
      later(
        refused.map(({ index }) => index),
        error,
        progress,
      )
    }
  }

  function postpone(items: readonly ItemError[], progress: Progress): void {
    const [first] = items
    if (first === undefined) return
    counters.putOff += items.length
    warn(`${connection.name} puts off events; of the first it says: ${first.reason}`)
    for (const { index } of items) progress.retry.push(index)
  }

  function later(indexes: readonly number[], error: unknown, progress: Progress): void {
    const known = [...progress.rejected, ...progress.suspects].map(({ index }) => index)
    const settled = new Set([...progress.retry, ...known])
    warn(`${connection.name}: ${error instanceof Error ? error.message : String(error)}`)
    for (const index of indexes) if (!settled.has(index)) progress.retry.push(index)
  }

  return {
    name: connection.name,
    async send(batch, signal): Promise<Leftover> {
      await connection.ready(signal)
      const progress: Progress = { retry: [], rejected: [], suspects: [], heard: false }
      const all = Array.from({ length: batch.count }, (_, index) => index)
      await deliver(batch, all, progress, signal)
      if (progress.suspects.length > 0 && !progress.heard)
        throw new Error((progress.suspects[0] as { reason: string }).reason)
      const inOrder = progress.retry.sort((a, b) => a - b)
      return { retry: inOrder, rejected: [...progress.rejected, ...progress.suspects] }
    },
  }
}
