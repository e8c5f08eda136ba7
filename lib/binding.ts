import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type * as Binding from '../binding.js'
import { UserError } from './errors.js'

export type * from '../binding.js'

// lib/binding.ts and dist/binding.js sit at the same depth, so one root serves both.
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(import.meta.url)
const platform = `${process.platform}-${process.arch}`
const build = `cd "${root}" && npm install && npm run build:native`
const remedy = `with a C++ compiler and CMake, \`${build}\` makes one.`

function load(): typeof Binding {
  const file = find()
  try {
    return require(file)
  } catch (cause) {
    // The loader's own words: a library or a version of it that this system lacks, or the wrong architecture.
    const [reason] = (cause as Error).message.split('\n')
    throw new UserError(
      'ERR_ADDON_LOAD',
      `The compiled addon for ${platform} does not load on this system (${reason}); ${remedy}`,
      { cause },
    )
  }
}

function find(): string {
  try {
    return require('node-gyp-build').path(root)
  } catch (cause) {
    throw new UserError('ERR_ADDON_MISSING', `There is no compiled addon for ${platform}; ${remedy}`, {
      cause,
    })
  }
}

/** The compiled addon; binding.d.ts describes it. @throws {UserError} ERR_ADDON_MISSING, ERR_ADDON_LOAD. */
export const binding: typeof Binding = load()
