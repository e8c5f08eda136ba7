import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Interfaces } from '../shapes.js'
import { type Document, parseDocument } from './grammar.js'
import { type Loaded, Resolver } from './resolve.js'
import { Problem } from './tokens.js'

/** Reads interface files and those they include. `problem`: a sentence that names file and line, when there is one. */
export function readInterfaces(paths: readonly string[]): { interfaces?: Interfaces; problem?: string } {
  if (paths.length === 0) return {}
  const files = new Map<string, Loaded>()
  let reading = ''
  try {
    for (const path of paths) load(path, files, (file) => (reading = file))
    const resolver = new Resolver((file) => (reading = file))
    return { interfaces: { methods: resolver.methods([...files.values()]) } }
  } catch (error) {
    const where = error instanceof Problem ? `${reading}:${error.line}: ` : `${reading}: `
    return { problem: `cannot be used, ${where}${(error as Error).message}` }
  }
}

/** Each file once, so that they may include one another. */
function load(path: string, files: Map<string, Loaded>, reads: (file: string) => void): Loaded {
  const key = resolve(path)
  const known = files.get(key)
  if (known !== undefined) return known
  reads(path)
  const document: Document = parseDocument(readFileSync(path, 'utf8'))
  const loaded: Loaded = { path, document, includes: new Map() }
  files.set(key, loaded)
  for (const include of document.includes) {
    // Beside the file, or, as the compiler has it, from where it is called.
    const beside = join(dirname(path), include.path)
    const found = existsSync(beside) ? beside : include.path
    reads(path)
    if (!existsSync(found))
      throw new Problem(`includes a file that does not exist, ${include.path}`, include.line)
    loaded.includes.set(basename(include.path, '.thrift'), load(found, files, reads))
  }
  return loaded
}
