import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface CgroupOptions {
  /** Where the file system of the host is mounted. */
  hostPath?: string
  /** Only groups below these belong to containers, and their last part is the id. */
  prefixes?: readonly string[]
  /** What an id looks like; its first group, or all of it. */
  pattern?: RegExp
}

// What container runtimes call theirs, alone or in docker-ID.scope; ECS on Fargate has shorter ones of its own.
const ID = /(?:^|[-/:])([\da-f]{64}|[\da-f]{32}-\d{8,10})(?:\.scope)?(?:$|\/)/

/** The container of a process (cgroups(7)), version 1 and 2; undefined: it has none, or has ended. */
export function containerOf(pid: number, options: CgroupOptions = {}): string | undefined {
  const folder = join(options.hostPath ?? '/', 'proc', String(pid))
  const groups = read(join(folder, 'cgroup'))
  const found = groups === undefined ? undefined : containerOfGroups(groups, options)
  if (found !== undefined || options.prefixes !== undefined || options.pattern !== undefined) return found
  // From inside another cgroup namespace a group is only `/`; the files that Docker puts into containers tell as well.
  return /\/containers\/([\da-f]{64})\/(?:hostname|hosts|resolv\.conf) /.exec(
    read(join(folder, 'mountinfo')) ?? '',
  )?.[1]
}

/** The same of the text of /proc/PID/cgroup: lines of hierarchy:controllers:path. */
export function containerOfGroups(
  text: string,
  { prefixes, pattern = ID }: CgroupOptions = {},
): string | undefined {
  for (const line of text.split('\n')) {
    const path = /^\d+:[^:]*:(\/.*)$/.exec(line)?.[1]
    if (path === undefined) continue
    if (prefixes !== undefined) {
      const prefix = prefixes.find((prefix) => path.startsWith(prefix))
      if (prefix === undefined || path.length <= prefix.length) continue
      const name = path.slice(path.lastIndexOf('/') + 1)
      if (name !== '') return name
    } else {
      const found = pattern.exec(path)
      const id = found?.[1] ?? found?.[0]
      if (id !== undefined && id !== '') return id
    }
  }
  return undefined
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
