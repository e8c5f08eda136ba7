import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { files, pcap, udp } from '../support/frames.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const library = join(root, 'dist/index.js')
const skip = existsSync(library) ? false : `needs ${library}: npm run build:lib`

const file = files('capture-process')
const COUNT = 20_000
const path = file('many.pcap', pcap(Array.from({ length: COUNT }, () => udp('x'))))

/** Runs a program of its own over `path`; what it prints, once it has ended by itself. `input`: kept open, not ended. */
async function program(
  source: string,
  { type = 'module', input }: { type?: 'module' | 'commonjs'; input?: Buffer } = {},
): Promise<unknown> {
  const prelude =
    type === 'module'
      ? `import { capture } from ${JSON.stringify(library)}`
      : `const { capture } = require(${JSON.stringify(library)})`
  const text = `${prelude}\nconst file = ${JSON.stringify(path)}, library = ${JSON.stringify(library)}\n${source}`
  const arguments_ = ['--expose-gc', `--input-type=${type}`, '--no-warnings', '-e', text]
  const child = spawn(process.execPath, arguments_, { timeout: 120_000, stdio: ['pipe', 'pipe', 'pipe'] })
  let [out, errors] = ['', '']
  child.stdout.on('data', (chunk) => (out += chunk))
  child.stderr.on('data', (chunk) => (errors += chunk))
  child.stdin.on('error', () => undefined) // it may end before it has read all
  if (input !== undefined) child.stdin.write(input)
  const ended = await new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)))
  assert.deepEqual([ended, errors], [0, ''])
  return JSON.parse(out)
}

const counting = `
  const count = async (options) => {
    let all = 0
    for await (const batch of capture(options)) all += batch.length
    return all
  }`

describe('a process that captures', { skip }, () => {
  it('ends when its iterations have ended, however they did', async () => {
    const told = await program(`${counting}
      const all = await count({ file, read: 'packets' })
      for await (const batch of capture({ file, read: 'packets' })) break
      const iterator = capture({ file, read: 'segments' })[Symbol.asyncIterator]()
      await iterator.next()
      await iterator.return()
      const { code } = await count({ file: '/nowhere', read: 'packets' }).catch((error) => error)
      console.log(JSON.stringify([all, code]))`)
    assert.deepEqual(told, [COUNT, 'ERR_CAPTURE_FILE_NOT_FOUND'])
  })

  it('may require the library', async () => {
    const told = await program(
      `${counting}
      count({ file, read: 'packets' }).then((all) => console.log(JSON.stringify(all)))`,
      { type: 'commonjs' },
    )
    assert.equal(told, COUNT)
  })

  it('reads its standard input', async () => {
    const told = await program(
      `${counting}
      const iterator = capture({ file: '-', read: 'packets' })[Symbol.asyncIterator]()
      let all = 0
      while (all < ${COUNT}) all += (await iterator.next()).value.length
      // Nothing more comes, and nobody ends it.
      const waiting = iterator.next()
      await iterator.return()
      console.log(JSON.stringify([all, await waiting]))`,
      { input: readFileSync(path) },
    )
    assert.deepEqual(told, [COUNT, { done: true }])
  })

  it('captures in several workers at once, some of which end in the middle', async () => {
    const told = await program(`
      import { Worker } from 'node:worker_threads'
      const source = (body) => \`import { parentPort } from 'node:worker_threads'
        import { capture } from \${JSON.stringify('file://' + library)}
        const file = \${JSON.stringify(file)}
        let all = 0
        for await (const batch of capture({ file, read: 'packets' })) { all += batch.length; \${body} }
        parentPort.postMessage(all)\`
      const begin = (body) => new Worker(new URL('data:text/javascript,' + encodeURIComponent(source(body))))
      const message = (worker) => new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject))
      const whole = await Promise.all([1, 2, 3].map(() => message(begin(''))))
      let ended = 0
      for (let round = 0; round < 4; round++) {
        const held = begin('parentPort.postMessage(all); await new Promise((resolve) => setTimeout(resolve, 1e6))')
        const running = begin('parentPort.postMessage(all)')
        await Promise.all([message(held), message(running)])
        ended += (await Promise.all([held.terminate(), running.terminate()])).length
      }
      console.log(JSON.stringify([whole, ended]))`)
    assert.deepEqual(told, [[COUNT, COUNT, COUNT], 8])
  })

  it('starts and stops a thousand times without a leak', async () => {
    const told = (await program(`
      import { readdirSync } from 'node:fs'
      const ends = [
        async () => { for await (const batch of capture({ file, read: 'packets' })) batch.at(0) },
        async () => { for await (const batch of capture({ file, read: 'packets', copy: true })) break },
        async () => {
          const reading = capture({ file, read: 'datagrams' })
          for await (const batch of reading) reading.stop()
        },
        async () => {
          const controller = new AbortController()
          const ended = { signal: controller.signal, file, read: 'datagrams' }
          try { for await (const batch of capture(ended)) controller.abort() } catch {}
        },
        async () => {
          const iterator = capture({ file, read: 'flows' })[Symbol.asyncIterator]()
          const waiting = iterator.next()
          await iterator.return()
          await waiting
        },
        async () => { for await (const batch of capture({ file, read: 'segments', filter: 'udp' })) break },
      ]
      const held = () => ({
        files: readdirSync('/proc/self/fd').length,
        threads: readdirSync('/proc/self/task').length,
        handles: process.getActiveResourcesInfo().filter((kind) => kind !== 'TTYWrap' && kind !== 'PipeWrap').length,
        buffers: process.memoryUsage().arrayBuffers / 2 ** 20,
        megabytes: process.memoryUsage.rss() / 2 ** 20,
      })
      // In between, too: how much garbage waits would else decide about what the process has.
      const collected = async () => {
        gc()
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      const rounds = async (many) => {
        for (let round = 0; round < many; round++) {
          await ends[round % 5]()
          if (round % 20 === 0) await collected()
        }
        for (let i = 0; i < 5; i++) await collected()
      }
      await rounds(300)
      const before = held()
      await rounds(1000)
      console.log(JSON.stringify([before, held()]))`)) as [Held, Held]
    const [before, after] = told
    assert.deepEqual(
      [after.files, after.threads, after.handles],
      [before.files, before.threads, before.handles],
    )
    // One that stayed would be two megabytes.
    assert.ok(
      after.buffers - before.buffers < 10,
      `${before.buffers} MB of buffers, then ${after.buffers} MB`,
    )
    assert.ok(after.megabytes - before.megabytes < 40, `${before.megabytes} MB, then ${after.megabytes} MB`)
  })
})

interface Held {
  files: number
  threads: number
  handles: number
  /** Megabytes. */
  buffers: number
  /** Of the whole process. */
  megabytes: number
}
