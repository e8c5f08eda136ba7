import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'
import { libraryUrl } from '../package.js'

interface Resolved {
  url: string
  format?: string
  shortCircuit?: boolean
}

// Node 22.15, 23.5 and later.
type RegisterHooks = (hooks: {
  resolve(name: string, context: unknown, next: (name: string, context: unknown) => Resolved): Resolved
}) => { deregister(): void }

const { registerHooks } = nodeModule as unknown as { registerHooks?: RegisterHooks }

/**
 * Runs `load`; modules it loads that import `packetbeat-native` get the copy that is running, wherever they are: a file
 * beside a configuration has no `node_modules`, and a second copy would cost time and memory. On older Node versions they
 * get what Node finds from their folder.
 */
export function withOwnLibrary<T>(load: () => T): T {
  // Whoever has bundled this package has no such file any more.
  const present = existsSync(fileURLToPath(libraryUrl))
  const hooks = present ? registerHooks?.(ours) : undefined
  try {
    return load()
  } finally {
    hooks?.deregister()
  }
}

const ours: Parameters<RegisterHooks>[0] = {
  resolve: (name, context, next) =>
    name === 'packetbeat-native'
      ? { url: libraryUrl, format: 'module', shortCircuit: true }
      : next(name, context),
}
