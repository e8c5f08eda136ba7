import { mkdirSync, statSync } from 'node:fs'
import module from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

interface CompileCache {
  enableCompileCache?(folder: string): unknown
  flushCompileCache?(): void
}

const { enableCompileCache, flushCompileCache } = module as CompileCache
const OWN = 0o700
const WRITTEN_BY_OTHERS = 0o022

/**
 * Has Node.js (22.8 and later) keep what it makes of the program's text, so that the next start takes a fifth less time.
 * Below `XDG_CACHE_HOME` or `~/.cache`; nowhere when others could put something of theirs in its place, when there
 * is nothing to write to, or when `NODE_DISABLE_COMPILE_CACHE` is set.
 */
export function keepCompiled(): void {
  const folder = enableCompileCache && folderOf(process.env)
  if (folder !== undefined) enableCompileCache?.(folder)
}

/** Writes it now: a service may be killed before its end. */
export const writeCompiled = (): void => flushCompileCache?.()

/** Exported for the tests. */
export function folderOf(env: NodeJS.ProcessEnv): string | undefined {
  const user = process.geteuid?.()
  if (user === undefined) return undefined
  try {
    const { XDG_CACHE_HOME } = env
    const base = XDG_CACHE_HOME || join(homedir(), '.cache')
    const folder = join(base, 'packetbeat-native')
    mkdirSync(folder, { recursive: true, mode: OWN })
    // Who owns a folder can replace all that is in it.
    const above = XDG_CACHE_HOME ? [base] : [homedir(), base]
    const areOurs = [...above, folder].every((path) => {
      const { uid, mode } = statSync(path)
      return uid === user && (mode & WRITTEN_BY_OTHERS) === 0
    })
    return areOurs ? join(folder, 'compiled') : undefined
  } catch {
    return undefined
  }
}
