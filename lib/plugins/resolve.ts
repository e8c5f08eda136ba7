import { createRequire, isBuiltin } from 'node:module'
import { isAbsolute, join, resolve } from 'node:path'
import { UserError } from '../errors.js'
import { packageFolder } from '../package.js'

/**
 * The file of a plug-in. A path is below `folder`; a name is looked for as Node does, from `folder`, the current
 * directory and this package on.
 * @throws {UserError} 'ERR_PLUGIN_NOT_FOUND' with what to do.
 */
export function resolvePlugin(name: string, folder: string): string {
  return isPath(name) ? atPath(resolve(folder, name)) : ofPackage(name, folder)
}

const isPath = (name: string): boolean => isAbsolute(name) || /^\.\.?([\\/]|$)/.test(name)

function atPath(path: string): string {
  const found = search(path, path)
  if ('file' in found) return found.file
  throw new UserError('ERR_PLUGIN_NOT_FOUND', `there is no plug-in ${path}`)
}

function ofPackage(name: string, folder: string): string {
  if (isBuiltin(name))
    throw new UserError('ERR_PLUGIN_NOT_FOUND', `is a module of Node itself, not a plug-in`)
  let closed = false
  for (const from of [folder, process.cwd(), packageFolder]) {
    const found = search(name, join(from, 'packetbeat.yml'))
    if ('file' in found) return found.file
    closed ||= found.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED'
  }
  if (closed)
    throw new UserError(
      'ERR_PLUGIN_NOT_FOUND',
      `the package ${name} has no entry that can be required; in the "exports" of its package.json, "default" in the place of "import" mends it`,
    )
  throw new UserError(
    'ERR_PLUGIN_NOT_FOUND',
    `there is no package ${name}, neither from ${folder} nor beside this program; \`npm install --prefix ${folder} ${name}\` installs it, and the path of a file begins with ./ or /`,
  )
}

function search(name: string, from: string): { file: string } | { code: string | undefined } {
  try {
    return { file: createRequire(from).resolve(name) }
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code }
  }
}
