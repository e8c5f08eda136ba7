import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { TcpServer } from '../tcp.js'
import { files, folder } from './opened.js'

const KILLS = 20
const running = new Set<ChildProcess>()
after(() => {
  for (const child of running) child.kill('SIGKILL')
})

interface Told {
  child: ChildProcess
  /** Ids from the run's first up to, without, this one are kept. */
  kept: number
  acknowledged: number[]
  errors: string
  begun: Promise<unknown>
}

function start(worker: string, ...words: readonly (string | number)[]): Told {
  const child = spawn(process.execPath, [worker, ...words.map(String)], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const told: Told = { child, kept: -1, acknowledged: [], errors: '', begun: once(child.stdout, 'data') }
  let held = ''
  child.stderr.on('data', (data) => (told.errors += data))
  child.stdout.on('data', (data) => {
    const lines = (held + data).split('\n')
    held = lines.pop() as string
    for (const line of lines) {
      const [what, ...ids] = line.split(' ')
      if (what === 'kept') told.kept = Number(ids[0])
      if (what === 'acknowledged') told.acknowledged.push(...ids.map(Number))
    }
  })
  return told
}

it(`a queue on disk loses nothing that it kept, and sends nothing twice that was acknowledged, in ${KILLS} kills`, async () => {
  const worker = join(folder(), 'worker.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'killed-worker.ts')],
    outfile: worker,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
    logLevel: 'error',
  })
  const path = folder()
  const server = await new TcpServer().start()
  /** Of each run, where its batches begin at the server. */
  const begins: number[] = []
  const runs: (Told & { first: number })[] = []
  try {
    for (let run = 0; run < KILLS; run++) {
      // Every third run finds nobody who answers, so that the next one has much to read back.
      server.manner = () =>
        run % 3 === 2 ? 'silent' : Math.random() < 0.02 ? 'close' : Math.round(Math.random() * 15)
      begins.push(server.batches.length)
      const first = run * 1e6
      const started = Date.now()
      const told = start(worker, path, server.port, first, 1e5)
      runs.push({ ...told, first })
      await told.begun
      // Where a start takes long, so does the rest.
      await sleep(Math.random() * Math.max(250, Date.now() - started))
      told.child.kill('SIGKILL')
      await once(told.child, 'close')
      Object.assign(runs[run] as Told, told)
      assert.equal(told.child.signalCode, 'SIGKILL', told.errors)
    }
    server.manner = () => 'answer'
    begins.push(server.batches.length)
    const last = start(worker, path, server.port, 0, 0)
    const [status] = await once(last.child, 'close')
    assert.equal(status, 0, last.errors)
    assert.doesNotMatch(last.errors, /damaged/)
  } finally {
    await server.stop()
  }
  const arrived = new Set(server.ids)
  const kept = runs.flatMap(({ first, kept: end }) =>
    end < 0 ? [] : Array.from({ length: end - first }, (_, index) => first + index),
  )
  assert.ok(kept.length > 1000, `only ${kept.length} events were kept`)
  const lost = kept.filter((id) => !arrived.has(id))
  assert.deepEqual(lost, [])
  let again = 0
  runs.forEach(({ acknowledged }, run) => {
    const later = new Set(server.batches.slice(begins[run + 1]).flatMap(({ ids }) => ids))
    again += acknowledged.filter((id) => later.has(id)).length
  })
  assert.equal(again, 0)
  assert.ok(runs.some(({ acknowledged }) => acknowledged.length > 0))
  // Nothing is left, and nobody invented anything.
  assert.deepEqual(files(path), [])
})
