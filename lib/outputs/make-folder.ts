import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes a folder and those above it, where they are not there. */
// Node's own way of making the folders above as well never ends where the kernel says ENOENT, as it does below /proc.
export function makeFolder(folder: string, mode: number): void {
  const exists = () => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
  if (exists()) return
  const above = dirname(folder)
  if (above !== folder) makeFolder(above, mode)
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    if (!exists()) throw error // else somebody was faster
  }
}
