import { crc32 } from 'node:zlib'

/** Bytes at the start of a segment file: seven letters and a version, twice, so that one damaged byte does no harm. */
export const SEGMENT_HEADER = Buffer.from('PBNQSEG\x01PBNQSEG\x01', 'latin1')
const HALF = SEGMENT_HEADER.length / 2

/**
 * Whose a segment file is, by its first bytes. `damaged`: not to be told from them, such as those of a file that the
 * power left empty. `newer`: written by a later version of this program.
 */
export function ownerOf(start: Buffer): 'ours' | 'newer' | 'damaged' | 'foreign' {
  const halves = [start.subarray(0, HALF), start.subarray(HALF, 2 * HALF)]
  const ours = SEGMENT_HEADER.subarray(0, HALF)
  if (halves.some((half) => half.equals(ours))) return 'ours'
  const [first, second] = halves as [Buffer, Buffer]
  if (first.length === HALF && first.equals(second) && sameLetters(first, ours)) return 'newer'
  // Cut off, or never written to the disk.
  return start.every((byte, at) => byte === 0 || byte === SEGMENT_HEADER[at]) ? 'damaged' : 'foreign'
}

const sameLetters = (half: Buffer, ours: Buffer): boolean =>
  half.subarray(0, HALF - 1).equals(ours.subarray(0, HALF - 1))

/**
 * What stands before the text of each batch; big-endian u32: a mark, bytes of the text, its events, the text's CRC-32,
 * the CRC-32 of the four before. The mark begins with a byte that UTF-8 does not have, so that no text looks like one.
 */
export const FRAME_HEADER = 20
export const MARK: Buffer = Buffer.from([0xff, 0x51, 0x42, 0xfe])
const AT = { length: 4, count: 8, text: 12, header: 16 }

export interface FrameHead {
  length: number
  count: number
  /** CRC-32 of the text. */
  crc: number
}

export function writeHead(text: Buffer, count: number): Buffer {
  const head = Buffer.allocUnsafe(FRAME_HEADER)
  MARK.copy(head)
  head.writeUInt32BE(text.length, AT.length)
  head.writeUInt32BE(count, AT.count)
  head.writeUInt32BE(crc32(text), AT.text)
  head.writeUInt32BE(crc32(head.subarray(0, AT.header)), AT.header)
  return head
}

/** undefined: there is none. `bytes` holds `FRAME_HEADER` bytes from `at` on. */
export function readHead(bytes: Buffer, at: number): FrameHead | undefined {
  if (bytes.compare(MARK, 0, MARK.length, at, at + MARK.length) !== 0) return undefined
  if (crc32(bytes.subarray(at, at + AT.header)) !== bytes.readUInt32BE(at + AT.header)) return undefined
  return {
    length: bytes.readUInt32BE(at + AT.length),
    count: bytes.readUInt32BE(at + AT.count),
    crc: bytes.readUInt32BE(at + AT.text),
  }
}

const LINE_END = 10

/** Where each line of a text ends, its line end included. */
export function lineEnds(text: Buffer): number[] {
  const ends: number[] = []
  for (let at = text.indexOf(LINE_END); at >= 0; at = text.indexOf(LINE_END, at + 1)) ends.push(at + 1)
  return ends
}

/** An entry of a segment's list of what is acknowledged: from, to (48 bits each), CRC-32. */
export const ACK_BYTES = 16

export function writeAck(into: Buffer, at: number, from: number, to: number): void {
  into.writeUIntBE(from, at, 6)
  into.writeUIntBE(to, at + 6, 6)
  into.writeUInt32BE(crc32(into.subarray(at, at + 12)), at + 12)
}

/** undefined: damaged. */
export function readAck(bytes: Buffer, at: number): { from: number; to: number } | undefined {
  if (crc32(bytes.subarray(at, at + 12)) !== bytes.readUInt32BE(at + 12)) return undefined
  return { from: bytes.readUIntBE(at, 6), to: bytes.readUIntBE(at + 6, 6) }
}
