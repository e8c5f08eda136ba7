import { type Statement, Statements } from '../../transactions/statements.js'
import type { Memory } from '../../wire/memory.js'

interface Named extends Statement {
  path: string
}

// Objects beside the texts, roughly.
const WEIGHT = 150
// PATH_MAX of most systems: what is longer is no path that anyone can use.
const PATH_LIMIT = 4096
// A file is written under another name and then renamed: the newest of those are remembered.
const RENAMED_LIMIT = 64

/**
 * Paths of file handles, as learnt from what is looked up, opened, made and listed. From the root where that is known,
 * else from the first directory that was seen, without a slash in front.
 */
export class Names {
  readonly #table: Statements<string, Named>
  readonly #renamed = new Map<string, string>()

  constructor(memory: Memory, forgot: () => void) {
    this.#table = new Statements(memory, forgot)
  }

  path(handle: string): string | undefined {
    const path = this.#table.get(handle)?.path
    return path === undefined || this.#renamed.size === 0 ? path : (this.#renamed.get(path) ?? path)
  }

  learn(handle: string, path: string): void {
    if (path.length > PATH_LIMIT) return
    if (this.#renamed.size > 0) this.#renamed.delete(path)
    if (this.#table.get(handle)?.path === path) return
    this.#table.set(handle, { path, held: WEIGHT + handle.length + 2 * path.length })
  }

  /** Learns what is listed of a directory. */
  lister(directory: string | undefined): (handle: string, name: string) => void {
    return (handle, name) => {
      if (name !== '.' && name !== '..') this.learn(handle, inside(directory, name))
    }
  }

  renamed(from: string, to: string): void {
    if (from.length > PATH_LIMIT || to.length > PATH_LIMIT) return
    this.#renamed.delete(to)
    this.#renamed.set(from, to)
    if (this.#renamed.size <= RENAMED_LIMIT) return
    for (const oldest of this.#renamed.keys()) {
      this.#renamed.delete(oldest)
      return
    }
  }

  clear(): void {
    this.#table.clear()
    this.#renamed.clear()
  }
}

/** The path of a name in a directory. */
export const inside = (directory: string | undefined, name: string): string =>
  directory === undefined || directory === '' ? name : `${directory === '/' ? '' : directory}/${name}`

/** The path of the directory above. */
export const above = (path: string | undefined): string | undefined => {
  if (path === undefined) return undefined
  const slash = path.lastIndexOf('/')
  return slash > 0 ? path.slice(0, slash) : slash === 0 ? '/' : undefined
}
