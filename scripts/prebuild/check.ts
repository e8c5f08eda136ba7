// Holds what is in prebuilds/ to what the package promises of it; --again builds each file a second time, elsewhere,
// and compares. npm run prebuild:check -- --again linux-x64-glibc
import { readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildAgain } from './again.js'
import { factsOf } from './facts.js'
import { broken } from './rules.js'
import { fileOf, targetsNamed } from './targets.js'
import { zig } from './tools.js'

const root = join(import.meta.dirname, '../..')
const { values, positionals } = parseArgs({ allowPositionals: true, options: { again: { type: 'boolean' } } })
const targets = targetsNamed(positionals)
const files = targets.map((target) => join(root, fileOf(target)))
const facts = factsOf(files)
const second = values.again ? buildAgain(root, targets) : undefined

let wrong = 0
for (const [index, target] of targets.entries()) {
  const bytes = readFileSync(files[index])
  const problems = broken(target, facts[index], bytes.length)
  for (const folder of [root, homedir(), dirname(zig())])
    if (bytes.includes(`${folder}/`)) problems.push(`a path below ${folder} is in it`)
  if (second && !bytes.equals(readFileSync(join(second, fileOf(target)))))
    problems.push('a second build of the same sources, in another folder, gives other bytes')
  const { libraries, versions } = facts[index]
  console.log(
    `${fileOf(target)}: ${(bytes.length / 1000).toFixed(0)} KB, needs ${[...libraries, ...versions].join(' ')}`,
  )
  for (const problem of problems) console.error(`  ${problem}`)
  wrong += problems.length
}
console.log(`${targets.length} files, ${wrong} problems${second ? ', each built twice' : ''}`)
if (second) rmSync(second, { recursive: true })
process.exitCode = wrong > 0 ? 1 : 0
