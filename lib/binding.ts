import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Binding from '../binding.js'

export type * from '../binding.js'

// lib/binding.ts and dist/binding.js sit at the same depth, so one root serves both.
const root = join(dirname(fileURLToPath(import.meta.url)), '..')

function load(): typeof Binding {
  const require = createRequire(import.meta.url)
  try {
    return require('node-gyp-build')(root)
  } catch (cause) {
    const build = `cd ${root} && npm install && npm run build:native`
    throw new Error(
      `There is no compiled addon for ${process.platform}-${process.arch}; with a C++ compiler and CMake, \`${build}\` makes one.`,
      { cause },
    )
  }
}

/** The compiled addon; binding.d.ts describes it. */
export const binding: typeof Binding = load()
