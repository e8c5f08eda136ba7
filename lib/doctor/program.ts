import type * as Binding from '../../binding.js'
import { type Finding, note, ok, problem } from './finding.js'

// As `engines` in package.json: from these on Node requires modules, and 21 and 22.0 to 22.11 are no releases to stay on.
const OLDEST: Readonly<Record<number, number>> = { 20: 19, 22: 12 }
const NEWEST_OLDEST = 22

export function nodeVersion(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const fits = major > NEWEST_OLDEST || (OLDEST[major] !== undefined && minor >= OLDEST[major])
  return fits
    ? ok('node', `Node.js ${version}`)
    : problem(
        'internal',
        'node',
        `Node.js ${version} is none this program is for, which are 20.19 and later, 22.12 and later`,
        { command: 'npx node@22 "$(which packetbeat-native)" run' },
      )
}

/** The addon, or why there is none. */
export async function addon(): Promise<{ finding: Finding; binding: typeof Binding | undefined }> {
  try {
    const { binding } = await import('../binding.js')
    return { finding: ok('addon', loadedAddon()), binding }
  } catch (error) {
    const message = (error as Error).message.replace(/\.$/, '')
    const command = /`(.*)`/.exec(message)?.[1]
    return { finding: problem('internal', 'addon', message, { command }), binding: undefined }
  }
}

function loadedAddon(): string {
  const { sharedObjects = [] } = process.report.getReport() as { sharedObjects?: string[] }
  const file = sharedObjects.find((path) => /packetbeat[-_]native[^/\\]*\.node$/.test(path))
  if (file === undefined) return 'loaded; the system does not tell from where'
  return `${/[/\\]prebuilds[/\\]/.test(file) ? 'prebuilt' : 'built on this machine'}, ${file}`
}

// What a few devices, an output with some connections and a queue on disk have open at once.
const FEW_FILES = 256

export function openFiles(): Finding {
  const { userLimits } = process.report.getReport() as {
    userLimits?: { open_files?: { soft: string | number } }
  }
  const limit = userLimits?.open_files?.soft
  if (limit === undefined) return ok('open files', 'this system does not tell its limit')
  return Number(limit) < FEW_FILES
    ? note('open files', `at most ${limit}; an output with many connections may need more`, {
        command: 'ulimit -n 1024',
      })
    : ok('open files', limit === 'unlimited' ? 'as many as it likes' : `at most ${limit}`)
}
