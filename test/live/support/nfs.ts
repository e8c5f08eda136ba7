import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from './folder.js'
import { type Network, write } from './network.js'
import { call, start, until } from './processes.js'

export const PORT = 2049
/** Where NFSv3's clients ask for the first file handle; no capture of these tests looks at it. */
export const MOUNT_PORT = 20048

export interface Nfs {
  /** The folder that is exported: `/x` to NFSv4, its own path to NFSv3. */
  exported: string
}

const listening = `sport = :${PORT} or sport = :${MOUNT_PORT}`

const config = (exported: string) => `
NFS_CORE_PARAM {
  NFS_Port = ${PORT}; MNT_Port = ${MOUNT_PORT}; Protocols = 3, 4; mount_path_pseudo = false;
  Enable_NLM = false; Enable_RQUOTA = false; Enable_UDP = true;
}
NFSv4 { Graceless = true; Only_Numeric_Owners = true; RecoveryBackend = fs; }
EXPORT {
  Export_Id = 1; Path = ${exported}; Pseudo = /x; FSAL { Name = VFS; }
  Access_Type = RW; Squash = No_Root_Squash; SecType = sys, none; Protocols = 3, 4; Transports = TCP, UDP;
}
LOG { Default_Log_Level = EVENT; }
`

// Both find each other by a socket in /run, and keep what they remember in folders of the system. They get folders of
// their own, so that servers of other tests, and those of the machine, stay out of it.
const script = `
mount -t tmpfs none /run && mount -t tmpfs none /var/lib/nfs
mkdir -p /run/rpcbind /run/ganesha /var/lib/nfs/ganesha
rpcbind -f &
until test -S /run/rpcbind.sock; do sleep 0.02; done
exec ganesha.nfsd -F -f "$1" -L "$2/ganesha.log" -p /run/ganesha/pid -N NIV_EVENT
`

/** Starts nfs-ganesha, over TCP and UDP, with an empty folder in which root may write. */
export async function nfs(network: Network): Promise<Nfs> {
  const home = folder()
  const exported = join(home, 'exported')
  mkdirSync(exported)
  const file = write(join(home, 'ganesha.conf'), config(exported))
  const words = ['unshare', '--mount', 'sh', '-c', script, 'sh', file, home]
  const running = start(network.server, words)
  await until(`ganesha.nfsd listening on ${PORT}`, async () => {
    if (!running.alive()) throw new Error(`ganesha.nfsd ended: ${running.stderr()}${running.stdout()}`)
    // TCP and UDP of each.
    return (await call(network.server, ['ss', '-Hltun', listening])).trim().split('\n').length === 4
  })
  return { exported }
}

/** A tool of libnfs, told by its last word which file or folder of the export it is about. */
export const tool =
  (network: Network, { exported }: Nfs, name: string, version: 3 | 4, uid = 0) =>
  (...words: string[]): Promise<string> => {
    const path = `${version === 3 ? exported : '/x'}/${words.at(-1)}`
    const options = `version=${version}&uid=${uid}&gid=${uid}&nfsport=${PORT}&mountport=${MOUNT_PORT}`
    return network.ask([name, ...words.slice(0, -1), `nfs://${network.ip4}${path}?${options}`])
  }
