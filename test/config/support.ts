import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LoadRequest, load } from '../../lib/config/load.js'
import { registries } from '../../lib/config/registries.js'
import type { Settings } from '../../lib/config/settings.js'
import { exitCodeOf, isUserError } from '../../lib/errors.js'

/** Writes a file into a folder of its own; answers its path. */
export function written(text: string, mode = 0o600): string {
  const file = join(mkdtempSync(join(tmpdir(), 'packetbeat-config-')), 'packetbeat.yml')
  writeFileSync(file, text, { mode })
  return file
}

export const requestOf = (files: readonly string[], more: Partial<LoadRequest> = {}): LoadRequest => ({
  files,
  overrides: [],
  path: {},
  strictPermissions: true,
  env: {},
  ...more,
})

/** Settings of one file with this text. */
export const loaded = (text: string, more: Partial<LoadRequest> = {}): Settings =>
  load(requestOf([written(text)], more), registries)

/** What a user is told about a file with this text: the message, with the file's folder left out. */
export function refused(text: string, more: Partial<LoadRequest> = {}): string {
  return failure(() => loaded(text, more)).message.replaceAll(/\/\S*\/packetbeat\.yml/g, 'packetbeat.yml')
}

export function failure(action: () => unknown): { code: string; exit: number; message: string } {
  try {
    action()
  } catch (error) {
    if (!isUserError(error)) throw error
    return { code: error.code, exit: exitCodeOf(error), message: error.message }
  }
  throw new Error('nothing was refused')
}
