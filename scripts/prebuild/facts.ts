import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { python } from './tools.js'

/** What a compiled addon is made of, as facts.py reads it from its headers. */
export interface Facts {
  /** Container and processor: `ELF X86_64`. */
  format: string
  exports: string[]
  libraries: string[]
  /** Symbols that no library is named for: of Node, and with musl of libc too. */
  imports: string[]
  /** What it asks of libc (`GLIBC_2.4`), or of the system. */
  versions: string[]
  stripped: boolean
  /** Mach-O only: `valid`, `none`, or what is wrong with it. */
  signature?: string
}

/** One for each file, in their order. @throws {Error} for a file that is none of ELF, Mach-O and PE. */
export const factsOf = (files: readonly string[]): Facts[] =>
  JSON.parse(execFileSync(python(), [join(import.meta.dirname, 'facts.py'), ...files], { encoding: 'utf8' }))
