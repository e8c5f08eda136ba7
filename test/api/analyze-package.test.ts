// The types of the package, as a program has them that is strict and looks into the declarations of what it uses.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import { notBuilt, repository } from '../support/command.js'

// A plug-in gives its events a type; and CommonJS has the same types.
const plugin = `import { analyze, type Event, type TransactionEvent } from 'packetbeat-native'
export interface GopherEvent extends TransactionEvent {
  type: 'gopher'
  gopher: { selector: string }
}
declare module 'packetbeat-native' {
  interface EventTypes {
    gopher: GopherEvent
  }
}
export const selector = (event: Event): string | undefined =>
  event.type === 'gopher' ? event.gopher.selector : undefined
export const analysis = analyze({ file: 'x.pcap' })
// @ts-expect-error: no such field
export const wrong = (event: GopherEvent) => event.gopher.selectors
`

it('types of the package hold for strict programs, declarations included', { skip: notBuilt }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'analyze-package-'))
  try {
    const installed = join(folder, 'node_modules/packetbeat-native')
    mkdirSync(installed, { recursive: true })
    for (const name of ['package.json', 'binding.d.ts']) cpSync(join(repository, name), join(installed, name))
    cpSync(join(repository, 'dist'), join(installed, 'dist'), { recursive: true })
    // Types of Node, which declare AbortSignal, and what these need.
    for (const name of ['@types', 'undici-types', 'zod'])
      symlinkSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name))
    const options = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      target: 'es2022',
      module: 'nodenext',
      types: ['node'],
    }
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
    write('tsconfig.json', JSON.stringify({ compilerOptions: options }))
    write('package.json', JSON.stringify({ type: 'module' }))
    const types = readFileSync(join(import.meta.dirname, 'analyze-types.ts'), 'utf8')
    write('types.ts', types.replace("'../../lib/index.js'", "'packetbeat-native'"))
    write('plugin.ts', plugin)
    write(
      'common.cts',
      "import { analyze } from 'packetbeat-native'\nexport const analysis = analyze({ file: 'x' })\n",
    )
    const tsc = join(repository, 'node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
    assert.equal(stdout, '')
    assert.equal(status, 0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
