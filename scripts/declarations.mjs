// The library's types as its users see them: the declarations of lib/index.ts and of the modules that it leads to.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Writes them into a folder that stands for dist/, without those that nothing leads to. */
export function writeDeclarations(folder) {
  const all = mkdtempSync(join(tmpdir(), 'packetbeat-types-'))
  try {
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', all], {
      cwd: root,
      stdio: 'inherit',
    })
    if (status !== 0) throw new Error('the sources have wrong types')
    const followed = new Set()
    const follow = (file) => {
      if (followed.has(file) || !file.startsWith(all)) return
      followed.add(file)
      cpSync(file, join(folder, relative(all, file)))
      for (const [, name] of readFileSync(file, 'utf8').matchAll(/(?:from|import\(?)\s*'(\.[^']+)\.js'/g))
        follow(join(dirname(file), `${name}.d.ts`))
    }
    follow(join(all, 'index.d.ts'))
  } finally {
    rmSync(all, { recursive: true })
  }
}
