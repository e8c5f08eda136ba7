import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const required = join(import.meta.dirname, 'requirements.txt')

/** A Python with zig and LIEF of the versions in requirements.txt, installed when it is not there yet. */
export function python(): string {
  const folder = join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'packetbeat-native',
    'prebuild',
  )
  const program = join(folder, 'bin', 'python')
  const installed = join(folder, 'installed.txt')
  const wanted = readFileSync(required, 'utf8')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === wanted) return program
  mkdirSync(folder, { recursive: true })
  const run = (...command: [string, ...string[]]) =>
    execFileSync(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] })
  run('python3', '-m', 'venv', folder)
  run(program, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', required)
  writeFileSync(installed, wanted)
  return program
}

/** The zig program. */
export const zig = (): string =>
  execFileSync(
    python(),
    ['-c', 'import ziglang, os; print(os.path.join(os.path.dirname(ziglang.__file__), "zig"))'],
    {
      encoding: 'utf8',
    },
  ).trim()
