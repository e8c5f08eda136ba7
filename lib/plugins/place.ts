import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFolder } from '../package.js'
import type { PluginSource } from './plugin.js'

// A frame of a stack, or the line above a syntax error: a path or a URL, a line, perhaps a column.
const FRAME = /(?:^|\(|at (?:async )?)((?:file:\/\/|[A-Za-z]:[\\/]|\/)[^\n()]*?):(\d+)(?::\d+)?\)?$/gm

/** Where in the plug-in an error was thrown, `/path/index.js:12`; undefined: its stack does not say. */
export function placeOf(error: unknown, { file }: PluginSource): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const places = [...stack.matchAll(FRAME)].map(([, path = '', line]) => ({ path: local(path), line }))
  // The rest of the stack is this program's, unless the plug-in is one of several folders.
  const own = file === undefined ? undefined : places.find(({ path }) => path.startsWith(dirname(file) + sep))
  const place = own ?? places.find(({ path }) => !path.startsWith(packageFolder))
  return place && `${place.path}:${place.line}`
}

function local(path: string): string {
  try {
    return path.startsWith('file:') ? fileURLToPath(path) : path
  } catch {
    return path
  }
}

/** What an error says, in one line. */
export function told(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${typeof error === 'string' ? error : typeof error}`
  const [first = ''] = error.message.split('\n')
  const text = first.replace(/\.$/, '')
  return error.name === 'Error' ? text : `${error.name}: ${text}`
}
