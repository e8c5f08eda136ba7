import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { Script } from 'node:vm'
import { UserError } from '../../errors.js'
import type { Source } from './session.js'

/**
 * The files of a script, those of a pattern (`filters/*.js`) in the order of their names.
 * @throws {UserError} ERR_CONFIG_FILE when one cannot be read or a pattern fits none
 */
export function readSources(files: readonly string[], folder: string): Source[] {
  return files.flatMap((file) => {
    const path = isAbsolute(file) ? file : join(folder, file)
    try {
      const paths = /[*?]/.test(basename(path)) ? matching(path) : [path]
      if (paths.length === 0) throw new Error('no file fits the pattern')
      return paths.map((one) => ({ name: basename(one), text: readFileSync(one, 'utf8') }))
    } catch (error) {
      throw new UserError(
        'ERR_CONFIG_FILE',
        `The script ${path} cannot be read: ${(error as Error).message}; mend processors.script.file.`,
      )
    }
  })
}

function matching(path: string): string[] {
  const pattern = basename(path).replace(/[\\^$.+()[\]{}|]/g, '\\$&')
  const fits = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
  return readdirSync(dirname(path))
    .filter((name) => fits.test(name))
    .sort()
    .map((name) => join(dirname(path), name))
}

/** Reads scripts without running them. @throws {UserError} ERR_CONFIG_INVALID that says where one is wrong */
export function checkSyntax(sources: readonly Source[]): void {
  for (const { name, text } of sources)
    try {
      new Script(text, { filename: name })
    } catch (error) {
      const [line] = /:\d+$/m.exec(String((error as Error).stack).split('\n', 1)[0] ?? '') ?? ['']
      throw new UserError(
        'ERR_CONFIG_INVALID',
        `The script ${name}${line} is wrong: ${(error as Error).message}.`,
      )
    }
}
