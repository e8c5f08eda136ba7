// What a client of NFSv3 did, as JSON:
//
//   nfs.ts HOST PATH tcp|udp SCENARIO     PATH is exported; SCENARIO is one of those below

import { MOUNT_PORT, PORT } from '../support/nfs.js'
import { opaque, Rpc, u32, u64 } from './nfs-rpc.js'
import { attributes, type Handle, mounted, Nfs3 } from './nfs3.js'

const STRANGER = { machine: 'stranger.example', uid: 1000, gid: 1000 }

/** Every procedure, on files of its own. */
async function day(nfs: Nfs3, root: Handle): Promise<void> {
  await nfs.call('NULL')
  for (const procedure of ['FSINFO', 'FSSTAT', 'PATHCONF', 'GETATTR'])
    await nfs.call(procedure, [opaque(root)])
  const folder = await nfs.mkdir(root, 'letters')
  await nfs.call('ACCESS', [opaque(folder), u32(0x3f)])
  const file = await nfs.create(folder, 'ann.txt', 0o600)
  await nfs.write(file, 0, Buffer.from('Dear Ann,\n'))
  await nfs.write(file, 10, Buffer.alloc(2000, 'x'))
  await nfs.call('COMMIT', [opaque(file), u64(0), u32(0)], { offset: 0 })
  await nfs.call('SETATTR', [opaque(file), attributes(0o640), u32(0)])
  await nfs.lookup(folder, 'ann.txt')
  await nfs.read(file, 0, 1600)
  await nfs.read(file, 1600, 1600)
  await nfs.name('SYMLINK', folder, 'short', attributes(0o777), opaque('ann.txt'))
  const link = await nfs.lookup(folder, 'short')
  if (link !== undefined) await nfs.call('READLINK', [opaque(link)])
  await nfs.call('LINK', [opaque(file), opaque(folder), opaque('copy')], { name: 'copy' })
  await nfs.name('MKNOD', folder, 'pipe', u32(7), attributes(0o600))
  await nfs.call('READDIR', [opaque(folder), u64(0), u64(0), u32(1000)])
  await nfs.call('READDIRPLUS', [opaque(folder), u64(0), u64(0), u32(1000), u32(4000)])
  await nfs.name('RENAME', folder, 'copy', opaque(folder), opaque('copied'))
  await nfs.lookup(folder, 'nobody.txt')
  await nfs.name('RMDIR', root, 'letters')
  nfs.caller = STRANGER
  await nfs.call('ACCESS', [opaque(file), u32(0x3f)])
  await nfs.read(file, 0, 100)
  nfs.caller = undefined
  for (const name of ['copied', 'pipe', 'short', 'ann.txt', 'ann.txt']) await nfs.name('REMOVE', folder, name)
  await nfs.name('RMDIR', root, 'letters')
  await nfs.call('GETATTR', [opaque(folder)])
}

/** Records of many fragments, and messages that go over many segments. */
async function large(nfs: Nfs3, root: Handle): Promise<void> {
  const file = await nfs.create(root, 'large')
  await nfs.write(file, 0, Buffer.alloc(1 << 20, 'l'))
  await nfs.write(file, 1 << 20, Buffer.alloc(200_001, 'f'), { fragment: 1000 })
  for (let at = 0; at < 1_300_000; at += 500_000) await nfs.read(file, at, 500_000)
  await nfs.call('GETATTR', [opaque(file)], {}, { fragment: 40 })
  await nfs.name('REMOVE', root, 'large')
}

/** Calls that no procedure of the server's answers. */
async function refused(nfs: Nfs3, root: Handle): Promise<void> {
  const args = [opaque(root)]
  await nfs.call('GETATTR', args, {}, { version: 9 })
  await nfs.call('GETATTR', args, {}, { procedure: 99 })
  await nfs.call('GETATTR', [u32(4000)])
  await nfs.call('GETATTR', args, {}, { credential: [u32(1), opaque(u32(1))] })
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
      await nfs.name('REMOVE', root, name)
    }),
  )
}

/** Each call twice, as if the network had lost the first. */
async function twice(nfs: Nfs3, root: Handle): Promise<void> {
  const file = await nfs.create(root, 'twice')
  await nfs.write(file, 0, Buffer.from('again'), { times: 2 })
  await nfs.read(file, 0, 100, { times: 3 })
  await nfs.call('REMOVE', [opaque(root), opaque('twice')], { name: 'twice' }, { times: 2 })
}

const scenarios: Record<string, typeof day> = { day, large, refused, crowd, twice }

const [host = '', path = '', transport = '', scenario = ''] = process.argv.slice(2)
const root = await mounted(host, MOUNT_PORT, path)
const rpc = await (transport === 'udp' ? Rpc.udp : Rpc.tcp)(host, PORT, 0x0a000000)
const nfs = new Nfs3(rpc)
await scenarios[scenario]?.(nfs, root)
// For what is answered twice.
await new Promise((resolve) => setTimeout(resolve, 100))
rpc.close()
console.log(JSON.stringify(nfs.told))
