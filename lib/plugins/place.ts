import { dirname, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageFolder } from '../package.js'
import type { PluginSource } from './plugin.js'

// A frame of a stack, or the line above a syntax error: a path or a URL, a line, perhaps a column.
const FRAME = /(?:^|\(|at (?:async )?)((?:file:\/\/|[A-Za-z]:[\\/]|\/)[^\n()]*?):(\d+)(?::\d+)?\)?$/gm

interface Place {
  path: string
  line: string
}

function placesOf(error: unknown): Place[] {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  return [...stack.matchAll(FRAME)].map(([, path = '', line = '']) => ({ path: local(path), line }))
}

const isOf = ({ path }: Place, { file }: PluginSource): boolean =>
  file !== undefined && path.startsWith(dirname(file) + sep)

/** Where in the plug-in an error was thrown, `/path/index.js:12`; undefined: its stack does not say. */
export function placeOf(error: unknown, source: PluginSource): string | undefined {
  const places = placesOf(error)
  // The rest of the stack is this program's, unless the plug-in is one of several folders.
  const place =
    places.find((each) => isOf(each, source)) ?? places.find(({ path }) => !path.startsWith(packageFolder))
  return place && `${place.path}:${place.line}`
}

/** The plug-in's code was at work, and none of this program's that it had called. */
export function comesFrom(error: unknown, source: PluginSource): boolean {
  const first = placesOf(error).find((each) => isOf(each, source) || each.path.startsWith(packageFolder))
  return first !== undefined && isOf(first, source)
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
