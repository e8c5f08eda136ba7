import assert from 'node:assert/strict'
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { before, describe, it } from 'node:test'
import { numbers } from '../fake-output.js'
import { closed, eventsOf, files, folder, found, opened, put, taken, until } from './opened.js'

// Batches of different lengths, so that no two frames begin at the same place of a block.
const BATCHES = [['10', '11', '12'], ['20'], ['30', '"drei€ßig"'], ['40', '41', '42', '43']]

/** A queue as a killed process leaves it: one segment with those batches, of which some are acknowledged. */
async function left(acknowledged: readonly number[] = []): Promise<string> {
  const path = folder()
  const { queue } = await opened(path, { batchEvents: 1 })
  put(queue, ...BATCHES)
  await until(() => queue.kept === BATCHES.flat().length)
  const batches = []
  for (let batch = await taken(queue); batch !== undefined; batch = await taken(queue)) batches.push(batch)
  for (const batch of batches) {
    const of = BATCHES.findIndex((events) => events.includes(eventsOf(batch)[0] as string))
    if (acknowledged.includes(of)) queue.remove(batch)
  }
  await until(() => queue.counters()['queue.disk.acks_waiting'] === 0)
  const copy = folder()
  cpSync(path, copy, { recursive: true })
  await closed(queue)
  return copy
}

const scratch = folder()

/** What is found where `change` was done to the one file of that kind. */
async function changed(
  from: string,
  suffix: string,
  change: (path: string) => void,
): Promise<Awaited<ReturnType<typeof found>>> {
  rmSync(scratch, { recursive: true, force: true })
  cpSync(from, scratch, { recursive: true })
  change(join(scratch, basename(files(from, suffix)[0] as string)))
  return found(scratch)
}

const flip = (path: string, bit: number) => {
  const bytes = readFileSync(path)
  bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
  writeFileSync(path, bytes)
}

// Bytes of the file: its header, then a header and the text of each batch.
const ENDS: number[] = []
for (const batch of BATCHES)
  ENDS.push((ENDS.at(-1) ?? 16) + 20 + Buffer.byteLength(batch.map((event) => `${event}\n`).join('')))

describe('a queue on disk that was damaged', () => {
  let whole: string
  let size: number
  before(async () => {
    whole = await left()
    size = readFileSync(files(whole, '.seg')[0] as string).length
    assert.equal(size, ENDS.at(-1))
  })

  it('gives every whole batch of a file that ends at any byte, and says what was cut off', async () => {
    for (let bytes = 0; bytes < size; bytes++) {
      const { events, counters, warnings } = await changed(whole, '.seg', (path) => truncateSync(path, bytes))
      const wholes = ENDS.filter((end) => end <= bytes).length
      assert.deepEqual(events, BATCHES.slice(0, wholes).flat(), `${bytes} bytes`)
      const torn = Math.max(0, bytes - (wholes === 0 ? 16 : (ENDS[wholes - 1] as number)))
      assert.equal(counters['queue.disk.damaged.torn_bytes'], torn)
      assert.equal(warnings.length, torn > 0 ? 1 : 0)
      if (torn > 0) assert.match(warnings[0] as string, /bytes at the end of files in .* are cut off/)
    }
  })

  it('gives every whole batch of a file whose end the power left empty', async () => {
    for (let bytes = 0; bytes < size; bytes += 3) {
      const { events } = await changed(whole, '.seg', (path) => {
        writeFileSync(path, readFileSync(path).fill(0, bytes))
      })
      assert.deepEqual(events, BATCHES.slice(0, ENDS.filter((end) => end <= bytes).length).flat())
    }
  })

  it('loses the batch that a flipped bit hits, wherever it is, and nothing else', async () => {
    // Of each byte one bit, another one each time.
    for (let bit = 0; bit < size * 8; bit += 9) {
      const { events, counters, warnings } = await changed(whole, '.seg', (path) => flip(path, bit))
      const hit = bit >> 3 < 16 ? -1 : ENDS.findIndex((end) => bit >> 3 < end)
      assert.deepEqual(events, BATCHES.filter((_, index) => index !== hit).flat(), `bit ${bit}`)
      const torn = counters['queue.disk.damaged.torn_bytes'] as number
      const damaged = counters['queue.disk.damaged.bytes'] as number
      const lost = hit < 0 ? 0 : (ENDS[hit] as number) - (hit === 0 ? 16 : (ENDS[hit - 1] as number))
      assert.equal(torn + damaged, lost)
      assert.equal(warnings.length, lost > 0 ? 1 : 0)
      // Of a batch whose text is hit, the number of events is known.
      if (damaged > 0 && (bit >> 3) - ((ENDS[hit] as number) - lost) >= 20)
        assert.equal(counters['queue.disk.events.lost'], BATCHES[hit]?.length)
    }
  })

  it('does not find the same damage twice', async () => {
    const { warnings } = await changed(whole, '.seg', (path) => flip(path, (ENDS[1] as number) * 8 + 200))
    assert.equal(warnings.length, 1)
    const path = folder()
    cpSync(files(whole, '.seg')[0] as string, join(path, '1.seg'))
    flip(join(path, '1.seg'), (ENDS[1] as number) * 8 + 200)
    const first = await opened(path)
    for (let batch = await taken(first.queue); batch; batch = await taken(first.queue));
    await closed(first.queue)
    const second = await found(path)
    assert.deepEqual([first.warnings.length, second.warnings.length], [1, 0])
    assert.equal(second.events.length, BATCHES.flat().length - 2)
  })

  it('sends again at most what is acknowledged, whatever becomes of the list of it', async () => {
    const half = await left([0, 2])
    const unacknowledged = [...(BATCHES[1] as string[]), ...(BATCHES[3] as string[])]
    assert.deepEqual((await changed(half, '.ack', () => undefined)).events, unacknowledged)
    const bytes = readFileSync(files(half, '.ack')[0] as string).length
    const check = ({ events }: { events: string[] }) => {
      assert.deepEqual(
        events.filter((event) => unacknowledged.includes(event)),
        unacknowledged,
      )
      assert.deepEqual(events, [...new Set(events)].sort(inOrder))
    }
    const order = BATCHES.flat()
    const inOrder = (a: string, b: string) => order.indexOf(a) - order.indexOf(b)
    for (let bit = 0; bit < bytes * 8; bit += 3) {
      const after = await changed(half, '.ack', (path) => flip(path, bit))
      check(after)
      assert.equal(after.counters['queue.disk.damaged.acks'], 1)
      assert.match(after.warnings.join(), /1 entries .* are damaged; those events are sent again/)
    }
    for (let length = 0; length < bytes; length++)
      check(await changed(half, '.ack', (path) => truncateSync(path, length)))
  })
})

it('a queue on disk goes on after any step as if it had been killed there', async () => {
  const path = folder()
  const { queue } = await opened(path, { batchEvents: 3 })
  const expected = new Set<string>()
  const under = new Map<Awaited<ReturnType<typeof taken>>, string[]>()
  let next = 0
  const settled = () => queue.counters()['queue.disk.acks_waiting'] === 0 && queue.kept === queue.events
  // A fixed sequence of chance, so that a failure can be looked at.
  let seed = 12345
  const chance = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31
    return seed % below
  }
  for (let step = 0; step < 150; step++) {
    const what = chance(4)
    if (what < 2) {
      const events = numbers(1 + chance(5)).map(() => `${next++}`)
      put(queue, events)
      for (const event of events) expected.add(event)
    } else if (what === 2) {
      const batch = queue.take()
      if (batch !== undefined) under.set(batch, eventsOf(batch))
    } else {
      const [batch, events = []] = [...under][chance(Math.max(under.size, 1))] ?? []
      if (batch === undefined) continue
      under.delete(batch)
      if (chance(3) === 0) queue.giveBack(batch)
      else {
        queue.remove(batch)
        for (const event of events) expected.delete(event)
      }
    }
    await until(settled)
    const copy = folder()
    cpSync(path, copy, { recursive: true })
    const { events } = await found(copy)
    // A batch that went out in two parts, one of which is acknowledged, comes again whole.
    assert.deepEqual(events, [...new Set(events)])
    for (const event of expected) assert.ok(events.includes(event), `${event} at step ${step}`)
    assert.ok(events.length <= expected.size + 3 * (under.size + 2), `${events.length} of ${expected.size}`)
  }
  await closed(queue)
})
