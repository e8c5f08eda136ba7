import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { undone } from './cleanup.js'

/** A folder that is there until the process ends. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'packetbeat-live-'))
  // Servers and the tests without permission read and write there as somebody else.
  chmodSync(made, 0o777)
  undone(() => rmSync(made, { recursive: true, force: true }))
  return made
}
