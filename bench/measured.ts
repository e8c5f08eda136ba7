import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export interface Usage {
  /** Seconds of the processor, of the process and of what it started. */
  cpu: number
  /** Memory at most, in kB. */
  peak: number
}

/** Runs a program to its end. @throws {Error} when it ends with another status than those allowed. */
export function measured(command: readonly string[], allowed: readonly number[] = [0]): Usage {
  const script = join(import.meta.dirname, 'rusage.py')
  const { stdout } = spawnSync('python3', [script, ...command], { encoding: 'utf8' })
  const { status, ...usage } = JSON.parse(stdout) as Usage & { status: number }
  // As wait4(2) has it.
  const code = status >> 8
  if (!allowed.includes(code)) throw new Error(`${command.join(' ')} ended with status ${code}`)
  return usage
}

export const median = (numbers: number[]): number =>
  numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number
