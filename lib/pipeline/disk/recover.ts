import { fstatSync, readdirSync, readFileSync, truncateSync, unlinkSync } from 'node:fs'
import { UserError } from '../../errors.js'
import { makeFolder } from '../../outputs/make-folder.js'
import { outputError } from '../../outputs/system-error.js'
import type { DiskCounts } from './counts.js'
import { closeFile, openFile, readAt } from './files.js'
import { ACK_BYTES, ownerOf, readAck, SEGMENT_HEADER } from './frame.js'
import { SegmentReader } from './reader.js'
import { Segment } from './segment.js'

const FOLDER_MODE = 0o750
const UPSTREAM_STATE = 'state.dat'

/**
 * The segments of a folder that still hold something, oldest first; the folder is made if there is none. Headers are
 * read, texts are not: what is damaged in them is found when they are sent.
 * @throws {UserError} 'ERR_OUTPUT_OPEN' when the folder cannot be used or belongs to another program.
 */
export async function recover(
  folder: string,
  counts: DiskCounts,
): Promise<{ segments: Segment[]; next: number }> {
  const names = list(folder)
  if (names.includes(UPSTREAM_STATE)) throw foreign(folder)
  const numbers = numbered(names, 'seg')
  const segments: Segment[] = []
  try {
    for (const number of numbers) {
      const segment = new Segment(folder, number)
      await scan(segment, folder, counts)
      if (segment.done) remove(segment)
      else segments.push(segment)
    }
    // Left when a run was cut off between the removal of a segment and of its list.
    const orphans = numbered(names, 'ack').filter((number) => !numbers.includes(number))
    for (const number of orphans) unlinkSync(new Segment(folder, number).ackPath)
  } catch (error) {
    throw error instanceof UserError ? error : outputError('ERR_OUTPUT_OPEN', folder, error)
  }
  return { segments, next: Math.max(0, ...numbers) + 1 }
}

function list(folder: string): string[] {
  try {
    makeFolder(folder, FOLDER_MODE)
    return readdirSync(folder)
  } catch (error) {
    throw outputError('ERR_OUTPUT_OPEN', folder, error)
  }
}

const numbered = (names: readonly string[], suffix: string): number[] =>
  names
    .map((name) => Number(new RegExp(`^(\\d{1,15})\\.${suffix}$`).exec(name)?.[1] ?? Number.NaN))
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b)

async function scan(segment: Segment, folder: string, counts: DiskCounts): Promise<void> {
  segment.closed = true
  readAcks(segment, counts)
  const fd = await openFile(segment.path, 'r')
  try {
    const fileSize = fstatSync(fd).size
    await checkOwner(fd, fileSize, folder)
    const reader = new SegmentReader(fd, SEGMENT_HEADER.length)
    for (;;) {
      const found = await reader.next(fileSize, true)
      if (found === undefined) break
      if (found.kind === 'damage') {
        // What no batch follows is torn; other damage is counted where batches are read.
        if (found.end === fileSize) break
      } else if (segment.acked.endAt(found.offset) === undefined) segment.unread += found.count
      segment.size = found.end
    }
    if (fileSize > segment.size) {
      counts['damaged.torn_bytes'] += fileSize - segment.size
      truncateSync(segment.path, segment.size)
    }
  } finally {
    await closeFile(fd)
  }
}

function readAcks(segment: Segment, counts: DiskCounts): void {
  let bytes: Buffer
  try {
    bytes = readFileSync(segment.ackPath)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return
  }
  const whole = bytes.length - (bytes.length % ACK_BYTES)
  for (let at = 0; at < whole; at += ACK_BYTES) {
    const ack = readAck(bytes, at)
    if (ack === undefined) counts['damaged.acks']++
    else segment.acked.add(ack.from, ack.to)
  }
  segment.ackBytes = whole
}

async function checkOwner(fd: number, fileSize: number, folder: string): Promise<void> {
  const start = Buffer.alloc(SEGMENT_HEADER.length)
  const owner = ownerOf(start.subarray(0, await readAt(fd, start, 0)))
  if (owner === 'newer')
    throw new UserError(
      'ERR_OUTPUT_OPEN',
      `the disk queue in ${folder} was written by a newer version of this program: use that version, or set queue.disk.path to another folder`,
    )
  if (owner === 'foreign' && !(await holdsBatch(fd, fileSize))) throw foreign(folder)
}

/** A file of ours, whose beginning is damaged. */
async function holdsBatch(fd: number, fileSize: number): Promise<boolean> {
  const reader = new SegmentReader(fd, 0)
  let found = await reader.next(fileSize, true)
  while (found?.kind === 'damage') found = await reader.next(fileSize, true)
  return found !== undefined
}

const foreign = (folder: string): UserError =>
  new UserError(
    'ERR_OUTPUT_OPEN',
    `the folder ${folder} holds a disk queue of another program, which would be lost: let that program (Elastic Packetbeat?) send it first, or move it away, or set queue.disk.path to another folder`,
  )

function remove(segment: Segment): void {
  // In this order: a list without its segment is known to be of no use.
  unlinkSync(segment.path)
  try {
    unlinkSync(segment.ackPath)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
