import { accessSync, constants, lstatSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Account } from '../run-as/account.js'
import { isOfRootAlone, makingOf } from '../run-as/folders.js'
import { type Examination, live, sizeOf } from './examination.js'
import { type Finding, type Mend, note, ok, problem } from './finding.js'
import { holderOf } from './locks.js'

const LOCK = 'packetbeat.lock'
// Less is as good as nothing: the next log file or segment of a queue takes it.
const LITTLE = 16 * 2 ** 20

/** Folders that a run writes to: whether it may, whether there is room, and whether another one has them. */
export function folders({ settings, account }: Examination): Finding[] {
  const { path, queue, logging, output, files } = settings
  const keeps = queue.disk !== undefined || (live(settings).length > 0 && files.length > 0)
  const events =
    output?.plugin.name === 'file' ? String((output.options as { path: unknown }).path) : undefined
  return [
    ...(keeps ? [written('data', path.data, account), ...lock(path.data)] : []),
    ...(logging.to_files ? [written('log', logging.files.path, account)] : []),
    ...(queue.disk === undefined ? [] : [written('queue', queue.disk.path, account), ...room(queue.disk)]),
    // The day in its name is for later.
    ...(events === undefined
      ? []
      : [written('output.file', events.replace(/[^/]*%\{.*$/, '') || '.', account)]),
  ]
}

function written(subject: string, folder: string, account: Account | undefined): Finding {
  const present = nearest(folder)
  if (!statSync(present).isDirectory())
    return problem('output', subject, `${present} is no folder, so ${folder} cannot be made`, {
      command: `ls -ld ${present}`,
    })
  const makes =
    account !== undefined && present !== folder && process.geteuid?.() === 0 && isOfRootAlone(present)
  if (!makes && !mayWrite(present, account))
    return problem(
      'output',
      subject,
      `${account?.name ?? 'this user'} may not write to ${present}`,
      mending(folder, account),
    )
  const free = freeBytes(present)
  if (free < LITTLE)
    return problem('output', subject, `the disk of ${folder} is full: ${sizeOf(free)} are free`, {
      command: `df -h ${present}`,
    })
  return ok(
    subject,
    `${folder} ${present === folder ? 'may be written' : 'can be made'}; ${sizeOf(free)} are free`,
  )
}

function mending(folder: string, account: Account | undefined): Mend {
  const who = account ?? { user: process.geteuid?.() ?? 0, group: process.getegid?.() ?? 0 }
  return { command: makingOf(who, folder) }
}

function mayWrite(folder: string, account: Account | undefined): boolean {
  const refusal = writing(folder)
  if (account === undefined || refusal === 'EROFS') return refusal === undefined
  const { uid, gid, mode } = statSync(folder)
  const shift = uid === account.user ? 6 : account.groups.includes(gid) ? 3 : 0
  return ((mode >> shift) & 3) === 3
}

/** What the system answers this process; undefined: it may. */
function writing(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}

/** Whether another run has the data folder. Nothing is locked to find out. */
function lock(data: string): Finding[] {
  const holder = holderOf(join(data, LOCK))
  if (holder === undefined) return []
  return [note('data', `${data} is in use by process ${holder}, as by a packetbeat that runs already`)]
}

function room({ path, max_size }: NonNullable<Examination['settings']['queue']['disk']>): Finding[] {
  const free = freeBytes(nearest(path))
  const taken = usedBytes(path)
  if (max_size === 0 || free + taken >= max_size) return []
  const most = `queue.disk.max_size is ${sizeOf(max_size)}, and its disk has room for ${sizeOf(free + taken)}`
  return [
    problem('configuration', 'queue', most, {
      setting: `queue.disk.max_size: ${Math.floor((free + taken) / 1e6)}MB`,
    }),
  ]
}

/** The folder, or the next one above it that is there and can be looked at. */
function nearest(folder: string): string {
  try {
    lstatSync(folder)
    return folder
  } catch (error) {
    if (dirname(folder) === folder) throw error
    return nearest(dirname(folder))
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

function usedBytes(folder: string): number {
  try {
    return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  } catch {
    return 0 // there is none yet, or it is somebody else's
  }
}
