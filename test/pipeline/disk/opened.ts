import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { lineOf } from '../../../lib/pipeline/batch.js'
import { DiskQueue, type DiskQueueOptions } from '../../../lib/pipeline/disk/disk-queue.js'
import type { FillingBatch } from '../../../lib/pipeline/filling-batch.js'

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'disk-queue-'))
  folders.push(path)
  return path
}

export interface Opened {
  queue: DiskQueue
  warnings: string[]
  infos: string[]
}

export async function opened(path: string, options: Partial<DiskQueueOptions> = {}): Promise<Opened> {
  const warnings: string[] = []
  const infos: string[] = []
  const queue = await DiskQueue.open({
    path,
    maxSize: 10e6,
    segmentSize: 1e6,
    readAhead: 512,
    writeAhead: 2048,
    retry: { init: 5, longest: 20 },
    batchEvents: 10,
    gives: 'text',
    log: { info: (message) => infos.push(message), warn: (message) => warnings.push(message) },
    ...options,
  })
  return { queue, warnings, infos }
}

/** Each list of events as a batch of its own. */
export function put(queue: DiskQueue, ...batches: readonly (readonly string[])[]): void {
  for (const events of batches) {
    for (const event of events) if (!queue.text(event)) throw new Error('no room in the batch')
    queue.moveOn()
  }
}

/** The next batch, as soon as there is one; undefined when there will be none. */
export async function taken(queue: DiskQueue): Promise<FillingBatch | undefined> {
  return (await queue.more()) ? queue.take() : undefined
}

export const eventsOf = (batch: FillingBatch): string[] =>
  Array.from({ length: batch.count }, (_, index) =>
    batch.documents.length > 0
      ? JSON.stringify(batch.documents[index])
      : lineOf(batch, index).toString().trimEnd(),
  )

/** Everything there is, acknowledged as it comes. */
export async function drained(queue: DiskQueue): Promise<string[]> {
  const events: string[] = []
  for (let batch = await taken(queue); batch !== undefined; batch = await taken(queue)) {
    events.push(...eventsOf(batch))
    queue.remove(batch)
  }
  return events
}

/** As at the end of a run. */
export async function closed(queue: DiskQueue): Promise<void> {
  await queue.settle()
  queue.clear()
  await queue.close()
}

/** What a new run finds in a folder, all of it acknowledged. */
export async function found(
  path: string,
): Promise<Opened & { events: string[]; counters: Record<string, number> }> {
  const again = await opened(path)
  const events = await drained(again.queue)
  const counters = again.queue.counters()
  await closed(again.queue)
  return { ...again, events, counters }
}

export const files = (path: string, suffix = ''): string[] =>
  readdirSync(path)
    .filter((name) => name.endsWith(suffix))
    .map((name) => join(path, name))

export const sizeOf = (path: string): number =>
  files(path).reduce((sum, file) => sum + statSync(file).size, 0)

export async function until(happened: () => boolean): Promise<void> {
  const end = performance.now() + 20e3
  while (!happened()) {
    if (performance.now() > end) throw new Error('it did not happen within 20 s')
    await sleep(2)
  }
}
