import { crc32 } from 'node:zlib'
import { defineFields, type Field, filled } from '../../events/fields.js'
import { quoted, quotedList, rememberedQuoted } from '../../events/json.js'
import { flavorName, UNIX } from './credential.js'
import { isCallback, NFS, programName } from './programs.js'
import { HANDLE_LIMIT } from './shapes.js'
import { nfsStatus } from './statuses.js'
import type { NfsTransaction } from './transaction.js'

const isNfs = ({ program }: NfsTransaction): boolean => program === NFS || isCallback(program)
const unix = ({ flavor, credential }: NfsTransaction) => (flavor === UNIX ? credential : undefined)
const machine = (transaction: NfsTransaction) => filled(unix(transaction)?.machine)
const gss = ({ credential }: NfsTransaction) => credential?.gss
const text = (id: number | undefined): string | undefined => (id === undefined ? undefined : String(id))
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const hex = (word: number): string =>
  `${BYTES[word >>> 24]}${BYTES[(word >>> 16) & 255]}${BYTES[(word >>> 8) & 255]}${BYTES[word & 255]}`
const failed = ({ rpcStatus, code }: NfsTransaction): boolean =>
  (rpcStatus !== undefined && rpcStatus !== 'success') || (code !== undefined && code !== 0)
const ofPart =
  <P>(of: (transaction: NfsTransaction) => P | undefined) =>
  (field: Field<P>): Field<NfsTransaction> =>
    ({ ...field, of }) as unknown as Field<NfsTransaction>
const ofCredential = ofPart(unix)
const ofGss = ofPart(gss)

const services = ['unknown', 'none', 'integrity', 'privacy']
const gssProcedures = ['data', 'init', 'continue_init', 'destroy']

const space = Buffer.alloc(HANDLE_LIMIT)
const handleHash = (handle: string): string => hex(crc32(space.subarray(0, space.write(handle, 'latin1'))))

export const fields = defineFields<NfsTransaction>({
  'event.action': {
    type: 'keyword',
    description:
      'nfs. and the operation: nfs.READ; of other programs their name and the procedure: mount.MNT.',
    plain: true,
    value: (transaction) =>
      isNfs(transaction)
        ? `nfs.${transaction.opcode}`
        : `${programName(transaction.program)}.${transaction.opcode}`,
  },
  'event.outcome': {
    type: 'keyword',
    plain: true,
    description: 'failure, when the server refused the call or the operation failed.',
    value: (transaction) => (failed(transaction) ? 'failure' : undefined),
  },
  'network.protocol': {
    type: 'keyword',
    always: true,
    plain: true,
    description: 'nfs and the version: nfsv3, nfsv4; nfs for callbacks and for the programs beside NFS.',
    value: ({ program, version }) => (program === NFS ? `nfsv${version}` : 'nfs'),
  },
  'user.id': {
    type: 'keyword',
    description: 'User id of the caller, with AUTH_SYS.',
    plain: true,
    value: (transaction) => text(unix(transaction)?.uid),
  },
  'group.id': {
    type: 'keyword',
    description: 'Group id of the caller, with AUTH_SYS.',
    plain: true,
    value: (transaction) => text(unix(transaction)?.gid),
  },
  'source.domain': {
    type: 'keyword',
    description: 'Name that the calling machine gives itself, with AUTH_SYS.',
    json: rememberedQuoted(),
    value: machine,
  },
  'client.domain': {
    type: 'keyword',
    description: 'As source.domain.',
    json: rememberedQuoted(),
    value: machine,
  },
  path: {
    type: 'keyword',
    description:
      'The file or directory that the operation is about, from the root where that is known; of RENAME the old name.',
    json: quoted,
    value: ({ path }) => path,
  },
  'rpc.xid': {
    type: 'keyword',
    plain: true,
    description: 'Transaction id of the call, in hexadecimal.',
    value: ({ id }) => hex(id),
  },
  'rpc.auth_flavor': {
    type: 'keyword',
    plain: true,
    description: 'How the caller says who it is: none, unix, rpcsec_gss, tls or unknown and the number.',
    value: ({ flavor }) => flavorName(flavor),
  },
  'rpc.cred.stamp': ofCredential({
    type: 'long',
    description: 'A number that the client made up.',
    value: ({ stamp }) => stamp,
  }),
  'rpc.cred.machinename': ofCredential({
    type: 'keyword',
    description: 'Name that the calling machine gives itself.',
    json: rememberedQuoted(),
    value: ({ machine }) => machine,
  }),
  'rpc.cred.uid': ofCredential({
    type: 'long',
    description: 'User id of the caller.',
    value: ({ uid }) => uid,
  }),
  'rpc.cred.gid': ofCredential({
    type: 'long',
    description: 'Group id of the caller.',
    value: ({ gid }) => gid,
  }),
  'rpc.cred.gids': ofCredential({
    type: 'long',
    list: true,
    description: 'Further groups of the caller.',
    value: ({ gids }) => gids,
    json: (gids: readonly number[]) => `[${gids.join(',')}]`,
  }),
  'rpc.gss.procedure': ofGss({
    type: 'keyword',
    plain: true,
    description: 'data for a call, or what is done to the security context: init, continue_init, destroy.',
    value: ({ procedure }) => gssProcedures[procedure] ?? `unknown (${procedure})`,
  }),
  'rpc.gss.service': ofGss({
    type: 'keyword',
    plain: true,
    description: 'none, integrity, or privacy, whose calls are encrypted.',
    value: ({ service }) => services[service] ?? `unknown (${service})`,
  }),
  'rpc.gss.sequence': ofGss({
    type: 'long',
    description: 'Number of the call in its security context.',
    value: ({ sequence }) => sequence,
  }),
  'rpc.program': {
    type: 'keyword',
    plain: true,
    description:
      'The program that is called, when it is not nfs: mount, nlm, portmap, nfs_acl, nfs_cb, or its number.',
    value: ({ program }) => (program === NFS ? undefined : programName(program)),
  },
  'rpc.version': {
    type: 'long',
    description: 'Version of the program that is called, when it is not nfs.',
    value: ({ program, version }) => (program === NFS ? undefined : version),
  },
  'rpc.status': {
    type: 'keyword',
    plain: true,
    description:
      'What became of the call: success, prog_unavail, prog_mismatch, proc_unavail, garbage_args, system_err; of a call that was denied rpc_mismatch or auth_error.',
    value: ({ rpcStatus }) => rpcStatus,
  },
  'rpc.auth_error': {
    type: 'keyword',
    plain: true,
    description: 'Why a call was denied: badcred, rejectedcred, badverf, tooweak, rpcsec_gss_credproblem.',
    value: ({ authError }) => authError,
  },
  'rpc.retransmissions': {
    type: 'long',
    description: 'Times the call was sent again while it waited for its reply.',
    value: ({ retransmissions }) => filled(retransmissions),
  },
  'nfs.version': {
    type: 'long',
    description: 'Version of NFS: 2, 3 or 4.',
    value: ({ program, version }) => (program === NFS ? version : isCallback(program) ? 4 : undefined),
  },
  'nfs.minor_version': {
    type: 'long',
    description: 'Of NFSv4: 0, 1 or 2.',
    value: ({ minorVersion }) => minorVersion,
  },
  'nfs.tag': {
    type: 'keyword',
    description: 'Text that a client of NFSv4 gives a compound.',
    json: rememberedQuoted(),
    value: ({ tag }) => tag,
  },
  'nfs.opcode': {
    type: 'keyword',
    plain: true,
    description: 'The procedure; of NFSv4 the operation that the compound is for: OPEN rather than PUTFH.',
    value: ({ opcode }) => opcode,
  },
  'nfs.operations': {
    type: 'keyword',
    list: true,
    description: 'All operations of a compound, in their order.',
    value: ({ operations }) => operations,
    json: quotedList,
  },
  'nfs.status': {
    type: 'keyword',
    plain: true,
    description: 'NFS_OK, or the error: NFSERR_NOENT, NFSERR_ACCES, NFSERR_STALE.',
    value: ({ code, version, program }) =>
      code === undefined ? undefined : nfsStatus(code, isCallback(program) ? 4 : version),
  },
  'nfs.failed_operation': {
    type: 'keyword',
    plain: true,
    description: 'The operation of a compound that failed, when it is not the one it is for.',
    value: ({ failedAt }) => failedAt,
  },
  'nfs.file_handle': {
    type: 'keyword',
    plain: true,
    description:
      'CRC-32 of the file handle that the operation was given, in hexadecimal, as Wireshark shows it.',
    value: ({ handle }) => (handle === undefined ? undefined : handleHash(handle)),
  },
  'nfs.target': {
    type: 'keyword',
    json: quoted,
    description:
      'Of RENAME and LINK the new name, of COPY and CLONE the file written to, of symbolic links their text.',
    value: ({ target }) => target,
  },
  'nfs.offset': {
    type: 'long',
    description: 'Where in the file it reads, writes or locks, in bytes.',
    value: ({ offset }) => offset,
  },
  'nfs.length': {
    type: 'long',
    description: 'Bytes that were asked for: to be read, written, copied or locked.',
    value: ({ length }) => length,
  },
  'nfs.count': {
    type: 'long',
    description: 'Bytes that were read, written or copied.',
    value: ({ count }) => count,
  },
  'nfs.eof': {
    type: 'boolean',
    description: 'READ or READDIR came to the end.',
    value: ({ eof }) => eof,
  },
  'nfs.entries': {
    type: 'long',
    description: 'Names that READDIR or READDIRPLUS answered.',
    value: ({ entries }) => entries,
  },
})
