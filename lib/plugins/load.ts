import { closeSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { checkPermissions } from '../config/files.js'
import { UserError } from '../errors.js'
import { withOwnLibrary } from './library.js'
import { placeOf, told } from './place.js'
import type { NamedPlugin } from './plugin.js'
import { resolvePlugin } from './resolve.js'

export interface LoadPluginOptions {
  /** Paths are below this directory, and packages are looked for from here first. */
  folder: string
  /** Refuse files that others could have written. */
  strictPermissions: boolean
}

/**
 * Loads the module of a plug-in, ESM or CommonJS. Node keeps modules: a second time it is the same, changed or not.
 * @throws {UserError} 'ERR_PLUGIN_NOT_FOUND', 'ERR_CONFIG_PERMISSIONS' for a file that others may write, or
 *   'ERR_PLUGIN_FAILED' with what it threw and where. The messages have no full stop.
 */
export function loadPlugin(name: string, { folder, strictPermissions }: LoadPluginOptions): NamedPlugin {
  const file = resolvePlugin(name, folder)
  if (strictPermissions) checkFile(file)
  const module = withOwnLibrary(() => required(name, file))
  return { name, file, plugin: exported(module) }
}

function checkFile(file: string): void {
  const fd = openSync(file, 'r')
  try {
    checkPermissions(file, fd)
  } finally {
    closeSync(fd)
  }
}

function required(name: string, file: string): unknown {
  try {
    return createRequire(file)(file)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException | null)?.code === 'ERR_REQUIRE_ASYNC_MODULE')
      throw new UserError(
        'ERR_PLUGIN_FAILED',
        `the plug-in ${file} cannot be loaded, for it or a module it imports has an \`await\` outside of any function; what takes time belongs into the \`open\` of an output or the \`atStart\` of a processor`,
        { cause },
      )
    const place = placeOf(cause, { name, file })
    throw new UserError(
      'ERR_PLUGIN_FAILED',
      `the plug-in ${file} cannot be loaded: ${told(cause)}${place === undefined ? '' : ` at ${place}`}${advice(cause, file)}`,
      { cause },
    )
  }
}

/** What `export default` says in ESM, and in CommonJS that was made of it. */
function exported(module: unknown): unknown {
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : module
}

function advice(cause: unknown, file: string): string {
  if (/Cannot find (?:package|module) 'packetbeat-native'/.test(String((cause as Error | null)?.message)))
    return '; `npm install packetbeat-native` in its folder lets it find this package, as Node 22.15 and later do anyway'
  // Node tells the place of a mistake in an ES module only when it ends a program.
  return cause instanceof SyntaxError ? `; \`node ${file}\` shows where` : ''
}
