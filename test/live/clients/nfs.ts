// What a client of NFSv3 did, as JSON:
//
//   nfs.ts HOST PATH XID TRANSPORT:SCENARIO...
//
// PATH is exported, XID the number of the first call, TRANSPORT tcp or udp, SCENARIO one of those below.
import { setTimeout as sleep } from 'node:timers/promises'
import { MOUNT_PORT, PORT } from '../support/nfs.js'
import { opaque, Rpc, u32, u64 } from './nfs-rpc.js'
import { attributes, type Handle, mounted, Nfs3, type Told } from './nfs3.js'

const STRANGER = { machine: 'stranger.example', uid: 1000, gid: 1000 }

/** Every procedure, on files of its own. */
async function day(nfs: Nfs3, root: Handle): Promise<void> {
  await nfs.call('NULL')
  for (const procedure of ['FSINFO', 'FSSTAT', 'PATHCONF', 'GETATTR']) await nfs.call(procedure, root)
  const folder = await nfs.mkdir(root, 'letters')
  await nfs.call('ACCESS', folder, [u32(0x3f)])
  const file = await nfs.create(folder, 'ann.txt', 0o600)
  await nfs.write(file, 0, Buffer.from('Dear Ann,\n'))
  await nfs.write(file, 10, Buffer.alloc(2000, 'x'))
  await nfs.call('COMMIT', file, [u64(0), u32(0)], { offset: 0 })
  await nfs.call('SETATTR', file, [attributes(0o640), u32(0)])
  await nfs.lookup(folder, 'ann.txt')
  await nfs.read(file, 0, 1600)
  await nfs.read(file, 1600, 1600)
  await nfs.call('SYMLINK', folder, [attributes(0o777), opaque('ann.txt')], { name: 'short' })
  const link = await nfs.lookup(folder, 'short')
  await nfs.call('READLINK', link)
  await nfs.call('MKNOD', folder, [u32(7), attributes(0o600)], { name: 'pipe' })
  await nfs.call('READDIR', folder, [u64(0), u64(0), u32(1000)])
  await nfs.call('READDIRPLUS', folder, [u64(0), u64(0), u32(1000), u32(4000)])
  await nfs.call('LINK', file, [opaque(folder), opaque('copy')])
  await nfs.call('RENAME', folder, [opaque(folder), opaque('copied')], { name: 'copy' })
  await nfs.lookup(folder, 'nobody.txt')
  await nfs.call('RMDIR', root, [], { name: 'letters' })
  nfs.caller = STRANGER
  await nfs.call('ACCESS', file, [u32(0x3f)])
  await nfs.read(file, 0, 100)
  nfs.caller = undefined
  for (const name of ['copied', 'pipe', 'short', 'ann.txt', 'ann.txt'])
    await nfs.call('REMOVE', folder, [], { name })
  await nfs.call('RMDIR', root, [], { name: 'letters' })
  await nfs.call('GETATTR', folder)
}

/** Records of many fragments, and messages that go over many segments. */
async function large(nfs: Nfs3, root: Handle): Promise<void> {
  const file = await nfs.create(root, 'large')
  await nfs.write(file, 0, Buffer.alloc(1 << 20, 'l'))
  await nfs.write(file, 1 << 20, Buffer.alloc(200_001, 'f'), { fragment: 1000 })
  for (let at = 0; at < 1_300_000; at += 500_000) await nfs.read(file, at, 500_000)
  await nfs.call('GETATTR', file, [], {}, { fragment: 40 })
  await nfs.call('REMOVE', root, [], { name: 'large' })
}

/** Calls that no procedure of the server's answers. */
async function refused(nfs: Nfs3, root: Handle): Promise<void> {
  await nfs.call('GETATTR', root, [], {}, { version: 9 })
  await nfs.call('GETATTR', root, [], {}, { procedure: 99 })
  await nfs.call('GETATTR', undefined, [u32(4000)])
  await nfs.call('GETATTR', root, [], {}, { credential: [u32(77), opaque('who')] })
}

/** Many calls on their way at once. */
async function crowd(nfs: Nfs3, root: Handle): Promise<void> {
  const names = Array.from({ length: 40 }, (_, i) => `file${i}`)
  await Promise.all(
    names.map(async (name, i) => {
      const file = await nfs.create(root, name)
      await nfs.write(file, 0, Buffer.alloc(i * 100, 'x'))
      for (let at = 0; at < 10; at++) {
        await nfs.lookup(root, name)
        await nfs.read(file, at * 400, 400)
      }
      await nfs.call('REMOVE', root, [], { name })
    }),
  )
}

/** Each call more than once, as if the network had lost the first. */
async function twice(nfs: Nfs3, root: Handle): Promise<void> {
  const file = await nfs.create(root, 'twice')
  await nfs.write(file, 0, Buffer.from('again'), { times: 2 })
  await nfs.read(file, 0, 100, { times: 3 })
  await nfs.call('REMOVE', root, [], { name: 'twice' }, { times: 2 })
}

const scenarios: Record<string, typeof day> = { day, large, refused, crowd, twice }

const [host = '', path = '', first = '', ...wanted] = process.argv.slice(2)
const root = await mounted(host, MOUNT_PORT, path)
const told: Told[] = []
for (const [i, [transport, scenario = '']] of wanted.map((words) => words.split(':')).entries()) {
  // Connections one after the other, each with a range of numbers of its own.
  const rpc = await (transport === 'udp' ? Rpc.udp : Rpc.tcp)(host, PORT, Number(first) + (i << 16))
  const nfs = new Nfs3(rpc)
  await scenarios[scenario]?.(nfs, root)
  // What was sent more than once may be answered more than once.
  if (scenario === 'twice') await sleep(100)
  rpc.close()
  told.push(...nfs.told)
}
console.log(JSON.stringify(told))
