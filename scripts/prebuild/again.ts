import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Target } from './targets.js'

const needed = ['native', 'scripts/prebuild', 'CMakeLists.txt', 'package.json']

/** Builds targets from a copy of the sources in another folder. Answers that folder. */
export function buildAgain(root: string, targets: readonly Target[]): string {
  const copy = mkdtempSync(join(tmpdir(), 'packetbeat-native-again-'))
  for (const name of needed) cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(realpathSync(join(root, 'node_modules')), join(copy, 'node_modules'))
  const names = targets.map(({ name }) => name)
  execFileSync(process.execPath, ['--import', 'tsx', join(copy, 'scripts/prebuild/build.ts'), ...names], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return copy
}
