// Names of the numbers that an answer may have. Those of NFS are of RFC 1094, 1813, 5662, 7531, 7863 and 8276, without their
// prefix, which differs by version.

const low: Readonly<Record<number, string>> = {
  1: 'PERM',
  2: 'NOENT',
  5: 'IO',
  6: 'NXIO',
  13: 'ACCES',
  17: 'EXIST',
  18: 'XDEV',
  19: 'NODEV',
  20: 'NOTDIR',
  21: 'ISDIR',
  22: 'INVAL',
  27: 'FBIG',
  28: 'NOSPC',
  30: 'ROFS',
  31: 'MLINK',
  63: 'NAMETOOLONG',
  66: 'NOTEMPTY',
  69: 'DQUOT',
  70: 'STALE',
  71: 'REMOTE',
  99: 'WFLUSH',
}

const FIRST_HIGH = 10_001
const high =
  'BADHANDLE NOT_SYNC BAD_COOKIE NOTSUPP TOOSMALL SERVERFAULT BADTYPE DELAY SAME DENIED EXPIRED LOCKED GRACE FHEXPIRED SHARE_DENIED WRONGSEC CLID_INUSE RESOURCE MOVED NOFILEHANDLE MINOR_VERS_MISMATCH STALE_CLIENTID STALE_STATEID OLD_STATEID BAD_STATEID BAD_SEQID NOT_SAME LOCK_RANGE SYMLINK RESTOREFH LEASE_MOVED ATTRNOTSUPP NO_GRACE RECLAIM_BAD RECLAIM_CONFLICT BADXDR LOCKS_HELD OPENMODE BADOWNER BADCHAR BADNAME BAD_RANGE LOCK_NOTSUPP OP_ILLEGAL DEADLOCK FILE_OPEN ADMIN_REVOKED CB_PATH_DOWN BADIOMODE BADLAYOUT BAD_SESSION_DIGEST BADSESSION BADSLOT COMPLETE_ALREADY CONN_NOT_BOUND_TO_SESSION DELEG_ALREADY_WANTED BACK_CHAN_BUSY LAYOUTTRYLATER LAYOUTUNAVAILABLE NOMATCHING_LAYOUT RECALLCONFLICT UNKNOWN_LAYOUTTYPE SEQ_MISORDERED SEQUENCE_POS REQ_TOO_BIG REP_TOO_BIG REP_TOO_BIG_TO_CACHE RETRY_UNCACHED_REP UNSAFE_COMPOUND TOO_MANY_OPS OP_NOT_IN_SESSION HASH_ALG_UNSUPP 10073 CLIENTID_BUSY PNFS_IO_HOLE SEQ_FALSE_RETRY BAD_HIGH_SLOT DEADSESSION ENCR_ALG_UNSUPP PNFS_NO_LAYOUT NOT_ONLY_OP WRONG_CRED WRONG_TYPE DIRDELEG_UNAVAIL REJECT_DELEG RETURNCONFLICT DELEG_REVOKED PARTNER_NOTSUPP PARTNER_NO_AUTH UNION_NOTSUPP OFFLOAD_DENIED WRONG_LFS BADLABEL OFFLOAD_NO_REQS NOXATTR XATTR2BIG'.split(
    ' ',
  )

const JUKEBOX = 10_008

/** `NFS_OK`, `NFSERR_NOENT`. */
export function nfsStatus(code: number, version: number): string {
  if (code === 0) return 'NFS_OK'
  if (code === JUKEBOX && version < 4) return 'NFSERR_JUKEBOX'
  return `NFSERR_${low[code] ?? high[code - FIRST_HIGH] ?? code}`
}

/** `accept_stat`, RFC 5531 §9, by number. */
export const acceptStatuses = [
  'success',
  'prog_unavail',
  'prog_mismatch',
  'proc_unavail',
  'garbage_args',
  'system_err',
] as const

/** `auth_stat`, RFC 5531 §9, by number. */
export const authErrors = [
  'ok',
  'badcred',
  'rejectedcred',
  'badverf',
  'rejectedverf',
  'tooweak',
  'invalidresp',
  'failed',
  'kerb_generic',
  'timeexpire',
  'tkt_file',
  'decode',
  'net_addr',
  'rpcsec_gss_credproblem',
  'rpcsec_gss_ctxproblem',
] as const
