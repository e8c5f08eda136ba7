import { fstatSync, ftruncateSync, writeSync } from 'node:fs'
import { type Lines, linesWithin } from './lines.js'

/** What a write came to: whole lines written, and the error that ended it before the last one. */
export interface Outcome {
  written: number
  error?: NodeJS.ErrnoException
}

/**
 * Writes the lines from `first` to `last` (exclusive) at the end of a regular file, waiting for the system. The file
 * always ends in a whole line: what a full disk leaves of one is taken back.
 */
export function writeLines(fd: number, lines: Lines, first: number, last: number): Outcome {
  const start = first === 0 ? 0 : (lines.ends[first - 1] as number)
  const end = last === 0 ? 0 : (lines.ends[last - 1] as number)
  let at = start
  try {
    while (at < end) at += writeSync(fd, lines.bytes, at, end - at)
    return { written: last - first }
  } catch (error) {
    const written = linesWithin(lines, first, at)
    const whole = written === 0 ? start : (lines.ends[first + written - 1] as number)
    takeBack(fd, at - whole)
    return { written, error: error as NodeJS.ErrnoException }
  }
}

function takeBack(fd: number, bytes: number): void {
  if (bytes === 0) return
  try {
    const stat = fstatSync(fd)
    if (stat.isFile()) ftruncateSync(fd, stat.size - bytes)
  } catch {
    // The write's own error is the one to tell.
  }
}
