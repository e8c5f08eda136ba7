// Calls one after the other on some connections, half of them by NFSv3 and half by NFSv4.0; prints how many there were.
//
//   nfs-load.ts HOST PATH CONNECTIONS CALLS     PATH is exported, as /x to NFSv4
import { MOUNT_PORT, PORT } from '../support/nfs.js'
import { type Call, opaque, Rpc, u32, u64 } from './nfs-rpc.js'
import { mounted, Nfs3, PROCEDURES } from './nfs3.js'
import { compound, getattr, handle, lookup, OP, operation, read, write } from './nfs4.js'

const [host = '', path = '', connections = '', calls = ''] = process.argv.slice(2)
const each = Math.floor(Number(calls) / Number(connections))
const SIZE = 4096
const BLOCKS = 16
const data = Buffer.alloc(SIZE, 'nfs')
const root = await mounted(host, MOUNT_PORT, path)

const v3 = (procedure: string, ...args: Buffer[]): Call => ({
  program: 100003,
  version: 3,
  procedure: PROCEDURES.indexOf(procedure),
  args,
})

/** What is called in turn, block after block of a file. */
async function mix(rpc: Rpc, name: string, version: number): Promise<(block: number) => Call[]> {
  if (version === 3) {
    const file = await new Nfs3(rpc).create(root, name)
    const fh = opaque(file)
    return (block) => [
      v3('LOOKUP', opaque(root), opaque(name)),
      v3('WRITE', fh, u64(block * SIZE), u32(SIZE), u32(0), opaque(data)),
      v3('READ', fh, u64(block * SIZE), u32(SIZE)),
      v3('GETATTR', fh),
    ]
  }
  await new Nfs3(rpc).create(root, name)
  const file = await handle(rpc, ['x', name])
  const put = operation(OP.PUTFH, opaque(file))
  const walk = [operation(OP.PUTROOTFH), lookup('x'), lookup(name), operation(OP.GETFH), getattr]
  return (block) => [
    compound(0, walk),
    compound(0, [put, write(block * SIZE, data), getattr]),
    compound(0, [put, read(block * SIZE, SIZE)]),
    compound(0, [put, getattr]),
  ]
}

async function connection(number: number): Promise<number> {
  const rpc = await Rpc.tcp(host, PORT, (number + 1) << 20)
  const version = number % 2 === 0 ? 3 : 4
  const calls = await mix(rpc, `file${number}`, version)
  let made = version === 3 ? 1 : 2
  for (let block = 0; made < each; block = (block + 1) % BLOCKS)
    for (const call of calls(block)) {
      const { status, results } = await rpc.call(call)
      const outcome = status === 0 ? results.u32() : -1
      if (outcome !== 0) throw new Error(`${JSON.stringify(call)}: ${status}, ${outcome}`)
      made++
    }
  rpc.close()
  return made
}

const made = await Promise.all(Array.from({ length: Number(connections) }, (_, i) => connection(i)))
console.log(made.reduce((sum, count) => sum + count, 0))
