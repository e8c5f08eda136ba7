// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references in the configuration are written so.
import { resolve } from 'node:path'
import type { Secrets } from '../keystore/format.js'
import { readKeystore } from '../keystore/keystore.js'
import { rememberSecret } from './secrets.js'
import { find, type MapNode, scalarNode } from './tree.js'
import { type Lookup, resolveText } from './variables.js'

const DEFAULT = scalarNode({ file: '', line: 0 }, '${path.data}/packetbeat.keystore')

/** Where the keystore is: `keystore.path`, whose own references are variables and settings. `root` has its paths. */
export function keystorePath(root: MapNode, variable: Lookup['variable']): string {
  const configured = find(root, ['keystore', 'path'])
  const text = configured?.kind === 'scalar' && configured.value !== null ? configured : DEFAULT
  const path = resolveText(root, text, { secret: () => undefined, variable })
  return resolve(path.kind === 'scalar' ? String(path.value) : '')
}

/** Looks secrets up; the keystore is read with the first name that is asked for. */
export function secretsOf(root: MapNode, variable: Lookup['variable'], strict: boolean): Lookup['secret'] {
  let secrets: Secrets | undefined
  return (name) => {
    secrets ??= readKeystore(keystorePath(root, variable), strict) ?? new Map()
    const secret = secrets.get(name)
    if (secret !== undefined) rememberSecret(secret)
    return secret
  }
}
