import { version2, version3 } from './procedures.js'

export const NFS = 100_003
const MOUNT = 100_005

// Numbers for programs of one's own (RFC 5531 §8.3): an NFS server calls its client under one of them.
const TRANSIENT = 0x4000_0000
const TRANSIENT_END = 0x6000_0000

export const isCallback = (program: number): boolean => program >= TRANSIENT && program < TRANSIENT_END

interface Program {
  name: string
  /** Names of its procedures, by version. */
  procedures: Readonly<Record<number, readonly string[]>>
}

const names = (text: string): readonly string[] => text.split(' ')
const rpcbind = names(
  'NULL SET UNSET GETADDR DUMP BCAST GETTIME UADDR2TADDR TADDR2UADDR GETVERSADDR INDIRECT GETADDRLIST GETSTAT',
)
const mount = names('NULL MNT DUMP UMNT UMNTALL EXPORT')
const nlm = names(
  'NULL TEST LOCK CANCEL UNLOCK GRANTED TEST_MSG LOCK_MSG CANCEL_MSG UNLOCK_MSG GRANTED_MSG TEST_RES LOCK_RES CANCEL_RES UNLOCK_RES GRANTED_RES SM_NOTIFY 17 18 19 SHARE UNSHARE NM_LOCK FREE_ALL',
)

/** Programs that serve NFS or stand beside it, by number. */
const programs: Readonly<Record<number, Program>> = {
  100000: {
    name: 'portmap',
    procedures: { 2: names('NULL SET UNSET GETPORT DUMP CALLIT'), 3: rpcbind, 4: rpcbind },
  },
  [NFS]: {
    name: 'nfs',
    procedures: {
      2: version2.map(({ name }) => name),
      3: version3.map(({ name }) => name),
      4: names('NULL COMPOUND'),
    },
  },
  [MOUNT]: {
    name: 'mount',
    procedures: { 1: mount, 2: [...mount.slice(0, 5), 'EXPORTALL', 'EXPORT', 'PATHCONF'], 3: mount },
  },
  100011: {
    name: 'rquota',
    procedures: {
      1: names('NULL GETQUOTA GETACTIVEQUOTA SETQUOTA SETACTIVEQUOTA'),
      2: names('NULL GETQUOTA GETACTIVEQUOTA SETQUOTA SETACTIVEQUOTA'),
    },
  },
  100021: { name: 'nlm', procedures: { 1: nlm, 2: nlm, 3: nlm, 4: nlm } },
  100024: { name: 'status', procedures: { 1: names('NULL STAT MON UNMON UNMON_ALL SIMU_CRASH NOTIFY') } },
  100227: {
    name: 'nfs_acl',
    procedures: {
      2: names('NULL GETACL SETACL GETATTR ACCESS GETXATTRDIR'),
      3: names('NULL GETACL SETACL GETXATTRDIR'),
    },
  },
}

export const isKnown = (program: number): boolean => program in programs || isCallback(program)

/** `nfs`, `mount`, or the number. */
export const programName = (program: number): string =>
  programs[program]?.name ?? (isCallback(program) ? 'nfs_cb' : String(program))

/** `READ`, or the number. */
export function procedureName(program: number, version: number, procedure: number): string {
  if (isCallback(program))
    return procedure === 0 ? 'CB_NULL' : procedure === 1 ? 'CB_COMPOUND' : String(procedure)
  return programs[program]?.procedures[version]?.[procedure] ?? String(procedure)
}

/** MNT and UMNT tell a path; MNT's answer its handle. */
export const isMount = (program: number, procedure: number): boolean =>
  program === MOUNT && (procedure === 1 || procedure === 3)
