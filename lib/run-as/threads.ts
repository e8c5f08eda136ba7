import { readdirSync, readFileSync } from 'node:fs'

/** Rights of one thread, as proc(5) has them in its `status`. */
export interface ThreadRights {
  thread: number
  /** Real, effective, saved and file system ids. */
  users: number[]
  groups: number[]
  /** Capabilities it has or may take. */
  permitted: bigint
}

/** All threads of this process; empty where the system has no /proc. */
export function rightsOfThreads(): ThreadRights[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc/self/task').flatMap((thread) => {
    const status = statusOf(thread)
    if (status === undefined) return []
    const numbers = (name: string) => (fieldOf(status, name) ?? '').split('\t').map(Number)
    return [
      {
        thread: Number(thread),
        users: numbers('Uid'),
        groups: numbers('Gid'),
        permitted: BigInt(`0x${fieldOf(status, 'CapPrm') ?? 'f'}`),
      },
    ]
  })
}

const fieldOf = (status: string, name: string): string | undefined =>
  new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1]

/** undefined: it has ended meanwhile. */
function statusOf(thread: string): string | undefined {
  try {
    return readFileSync(`/proc/self/task/${thread}/status`, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
