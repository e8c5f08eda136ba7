import { readFileSync, readlinkSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A process, as proc(5) has it. */
export interface ProcessFacts {
  pid: number
  parent: number
  name: string
  args: string[]
  /** Undefined for threads of the kernel, and where it may not be read. */
  executable: string | undefined
  /** When it was started. */
  start: Date | undefined
  user: number | undefined
}

// Ticks of a second that user space is told of are a hundred on all of Linux' architectures that Node runs on.
const TICKS = 100
// A command line may be two megabytes; what comes later helps nobody.
const MOST_BYTES = 16_384
const MOST_ARGS = 512

/** undefined: there is no such process. `hostPath`: where the file system of the host is mounted. */
export function readProcess(pid: number, hostPath = '/'): ProcessFacts | undefined {
  const folder = join(hostPath, 'proc', String(pid))
  const stat = parseStat(read(join(folder, 'stat')) ?? '')
  if (stat === undefined) return undefined
  const args = words(read(join(folder, 'cmdline')) ?? '')
  const executable = target(join(folder, 'exe'))
  const booted = Number(/^btime (\d+)$/m.exec(read(join(hostPath, 'proc/stat')) ?? '')?.[1])
  const user = /^Uid:\s+\d+\s+(\d+)/m.exec(read(join(folder, 'status')) ?? '')?.[1]
  return {
    pid,
    parent: stat.parent,
    // The kernel keeps 15 bytes of a name.
    name: longName(stat.name, args, executable),
    args,
    executable,
    start: Number.isNaN(booted) ? undefined : new Date((booted + stat.ticks / TICKS) * 1000),
    user: user === undefined ? undefined : Number(user),
  }
}

/** Names and values of its environment. */
export function readEnvironment(pid: number, hostPath = '/'): Record<string, string> {
  const entries = words(read(join(hostPath, 'proc', String(pid), 'environ')) ?? '')
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const at = entry.indexOf('=')
      return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)]] : []
    }),
  )
}

/** The text of /proc/PID/stat. A name may have anything in it, parentheses too. */
export function parseStat(text: string): { name: string; parent: number; ticks: number } | undefined {
  const from = text.indexOf('(')
  const to = text.lastIndexOf(')')
  if (from < 0 || to < from) return undefined
  const fields = text.slice(to + 2).split(' ')
  const parent = Number(fields[1])
  const ticks = Number(fields[19])
  if (!Number.isInteger(parent) || Number.isNaN(ticks)) return undefined
  return { name: text.slice(from + 1, to), parent, ticks }
}

/** Users by number, of passwd(5). */
export function userNames(hostPath = '/'): Map<number, string> {
  const names = new Map<number, string>()
  for (const line of (read(join(hostPath, 'etc/passwd')) ?? '').split('\n')) {
    const [name, , id] = line.split(':')
    if (name && id && /^\d+$/.test(id) && !names.has(Number(id))) names.set(Number(id), name)
  }
  return names
}

function longName(name: string, [first = '']: readonly string[], executable: string | undefined): string {
  if (Buffer.byteLength(name) < 15) return name
  for (const path of [executable, first]) {
    const whole = path === undefined ? '' : basename(path)
    if (whole.startsWith(name)) return whole
  }
  return name
}

const words = (text: string): string[] => {
  const list = text.slice(0, MOST_BYTES).replace(/\0+$/, '').split('\0').slice(0, MOST_ARGS)
  return list.length === 1 && list[0] === '' ? [] : list
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function target(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
}
