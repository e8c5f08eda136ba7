import { createRequire } from 'node:module'
import { UserError } from '../errors.js'

// Addons cannot be bundled.
const require = createRequire(import.meta.url)

interface Libraries {
  'lz4-napi': typeof import('lz4-napi')
  snappy: typeof import('snappy')
}

const loaded = new Map<string, Libraries[keyof Libraries] | UserError>()

/**
 * Loads a package with a binary of its own when it is first needed; most captures and outputs never do.
 * @throws {UserError} 'ERR_CONFIG_INVALID' where its binary for this system is not installed
 */
export function library<Name extends keyof Libraries>(name: Name): Libraries[Name] {
  let found = loaded.get(name)
  if (found === undefined) {
    found = load(name)
    loaded.set(name, found)
  }
  if (found instanceof UserError) throw found
  return found as Libraries[Name]
}

function load(name: keyof Libraries): Libraries[keyof Libraries] | UserError {
  try {
    return require(name)
  } catch (cause) {
    return new UserError(
      'ERR_CONFIG_INVALID',
      `the package ${name} or its binary for this system is not installed; install packetbeat-native again without --omit=optional.`,
      { cause },
    )
  }
}
