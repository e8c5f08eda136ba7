import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { undone } from './cleanup.js'
import { path } from './needs.js'

// Generous, for machines that do something else as well; what hangs should still fail rather than stay.
const LONGEST = 30_000

export interface Running {
  pid: number
  /** What it has written so far. */
  stdout(): string
  stderr(): string
  /** Its exit status; negative: the signal that ended it. */
  ended: Promise<number>
  /** True until it has ended. */
  alive(): boolean
  signal(name: NodeJS.Signals): void
  /** Ends it, by force if it takes longer than a few seconds. */
  stop(): Promise<number>
}

/** Starts a program in a network namespace; it is killed when the tests end, whatever happens. */
export function start(namespace: string, command: readonly string[], input?: string): Running {
  // `ip netns exec` becomes the program, so the child's number is the program's.
  const child = spawn('ip', ['netns', 'exec', namespace, ...command], {
    env: { ...process.env, PATH: path, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const text = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text.stdout += piece))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (text.stderr += piece))
  // One that ends without reading is told by its exit status.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const forget = undone(() => child.kill('SIGKILL'))
  let over = false
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      over = true
      forget()
      resolve(signal === null ? (code ?? -1) : -1)
    })
  })
  ended.catch(() => {})
  const stop = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
    return ended.finally(() => clearTimeout(timer))
  }
  return {
    pid: child.pid ?? 0,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    ended,
    alive: () => !over,
    signal: (name) => void child.kill(name),
    stop,
  }
}

/** Runs a program to its end and returns what it wrote; `input` is its standard input. */
export async function call(namespace: string, command: readonly string[], input?: string): Promise<string> {
  const running = start(namespace, command, input)
  const timer = setTimeout(() => running.signal('SIGKILL'), LONGEST)
  const status = await running.ended.finally(() => clearTimeout(timer))
  if (status !== 0)
    throw new Error(
      `${command.join(' ')} ended with status ${status}: ${running.stderr()}${running.stdout()}`,
    )
  return running.stdout()
}

/** Waits until `done` is true; `what` is for whoever reads that it never was. */
export async function until(
  what: string,
  done: () => boolean | Promise<boolean>,
  longest = LONGEST,
): Promise<void> {
  for (const end = Date.now() + longest; Date.now() < end; await sleep(20)) if (await done()) return
  throw new Error(`waited ${longest / 1000} s in vain: ${what}`)
}
