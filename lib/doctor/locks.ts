import { readFileSync, statSync } from 'node:fs'

/** Which process holds the lock of a file (flock(2), /proc/locks); undefined: none does, or none that can be seen. */
export function holderOf(path: string): number | undefined {
  let inode: number
  let locks: string
  try {
    inode = statSync(path).ino
    locks = readFileSync('/proc/locks', 'utf8')
  } catch {
    return undefined
  }
  // `1: FLOCK  ADVISORY  WRITE 1234 fe:00:5678 0 EOF`: the device is that of the file system, which stat need not tell.
  const lock = new RegExp(`: FLOCK +\\S+ +WRITE (\\d+) [\\da-f]+:[\\da-f]+:${inode} `).exec(locks)
  return lock === null ? undefined : Number(lock[1])
}
