// The library as programs have it: as the package that is installed, in processes of their own.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { notBuilt, repository } from '../support/command.js'

const sample = join(repository, 'test/traces/sample.pcap')
const folder = mkdtempSync(join(tmpdir(), 'analyze-process-'))
after(() => rmSync(folder, { recursive: true }))

/** Runs a program that ends by itself, and says nothing but what it prints. */
function program(name: string, text: string, ...flags: string[]): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [...flags, path, sample], {
    encoding: 'utf8',
    cwd: folder,
    timeout: 600_000,
  })
  assert.deepEqual({ status, stderr, error }, { status: 0, stderr: '', error: undefined })
  return stdout.trim()
}

describe('analyze in a program', { skip: notBuilt }, () => {
  before(() => {
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(repository, join(folder, 'node_modules/packetbeat-native'))
  })

  it('by import, and the process ends with the loop', () => {
    const text = `import { analyze } from 'packetbeat-native'
      let events = 0
      for await (const event of analyze({ file: process.argv[2] })) events++
      console.log(events)`
    assert.equal(program('all.mjs', text), '58')
  })

  it('by require, and the process ends when the loop is left', () => {
    const text = `const { analyze } = require('packetbeat-native')
      const configuration = { packetbeat: { interfaces: { loop: 1e6 } } }
      const main = async () => {
        for await (const event of analyze({ file: process.argv[2], configuration })) {
          console.log(event.type)
          break
        }
      }
      main()`
    assert.match(program('left.cjs', text), /^[a-z]+$/)
  })

  it('an error is the only thing that is told, and the process ends', () => {
    const text = `import { analyze } from 'packetbeat-native'
      try {
        for await (const event of analyze({ file: 'missing.pcap' })) console.log(event)
      } catch (error) {
        console.log(error.code)
      }`
    assert.equal(program('missing.mjs', text), 'ERR_CAPTURE_FILE_NOT_FOUND')
  })

  it('writes no files', () => {
    assert.deepEqual(
      readdirSync(folder).filter((name) => !/\.[cm]js$|node_modules/.test(name)),
      [],
    )
  })

  it('in worker threads, several at once, also ended in the middle', () => {
    const text = `import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
      import { fileURLToPath } from 'node:url'
      import { analyze } from 'packetbeat-native'
      if (isMainThread) {
        const start = (loop) => new Worker(fileURLToPath(import.meta.url), { workerData: { file: process.argv[2], loop } })
        const counted = [1, 1, 2].map((loop) => new Promise((done) => start(loop).on('message', done)))
        const endless = start(1e6)
        await new Promise((done) => endless.once('message', done))
        await endless.terminate()
        console.log((await Promise.all(counted)).join())
      } else {
        const { file, loop } = workerData
        const configuration = { packetbeat: { interfaces: { loop } } }
        let events = 0
        for await (const event of analyze({ file, configuration, flows: false }))
          if (++events === 1000) parentPort.postMessage(events)
        parentPort.postMessage(events)
      }`
    assert.equal(program('workers.mjs', text), '34,34,68')
  })

  it('a thousand starts leave nothing behind', () => {
    // Some are read to their end, some left, some aborted.
    const text = `import { readdirSync, readFileSync } from 'node:fs'
      import { analyze } from 'packetbeat-native'
      const file = process.argv[2]
      const linux = process.platform === 'linux'
      const turn = () => new Promise((done) => setTimeout(done, 20))
      const used = async () => {
        // What is freed may free more.
        for (let round = 0; round < 3; round++) {
          gc()
          await turn()
        }
        const { rss, arrayBuffers } = process.memoryUsage()
        const threads = linux ? readdirSync('/proc/self/task').length : 0
        const descriptors = linux ? readdirSync('/proc/self/fd').length : 0
        return { megabytes: rss / 2 ** 20, buffers: arrayBuffers / 2 ** 20, threads, descriptors }
      }
      const start = async (number) => {
        const controller = new AbortController()
        const analysis = analyze({ file, protocols: ['http', 'dns'], signal: controller.signal })
        try {
          for await (const event of analysis) {
            if (number % 3 === 1) break
            if (number % 3 === 2) controller.abort()
          }
        } catch (error) {
          if (error.name !== 'AbortError') throw error
        }
      }
      const readings = []
      for (let number = 1; number <= 1000; number++) {
        await start(number)
        if (number % 100 === 0) readings.push(await used())
      }
      console.log(JSON.stringify(readings))`
    const readings = JSON.parse(program('thousand.mjs', text, '--expose-gc')) as Record<string, number>[]
    const [early, late] = [readings[2], readings.at(-1)]
    const told = JSON.stringify(readings)
    // The pages of a process come and go by tens of megabytes; those that are leaked stay.
    const megabytes = readings.map((each) => each.megabytes as number)
    assert.ok(Math.min(...megabytes.slice(-3)) - Math.max(...megabytes.slice(0, 3)) < 20, told)
    assert.ok((late?.buffers ?? 0) - (early?.buffers ?? 0) < 20, told)
    assert.ok((late?.threads ?? 0) <= (early?.threads ?? 0), told)
    assert.ok((late?.descriptors ?? 0) <= (early?.descriptors ?? 0), told)
  })
})
