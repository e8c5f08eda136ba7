import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { describe, it } from 'node:test'
import { analyse, collectGarbage } from '../support/analyse.js'
import { command, events, notBuilt } from '../support/command.js'
import { type Capture, corpus, isOurs, noCorpus } from '../support/corpus.js'
import { traceFolder, traces } from '../support/traces.js'

/** A digest of all that is written, in its order. */
async function written(file: string, flows: boolean, ports: Capture['ports']): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  const count = (text: Buffer) => {
    hash.update(text)
    bytes += text.length
  }
  const { defects } = await analyse(file, { flows, ports, text: count })
  assert.deepEqual(defects, [])
  assert.ok(bytes > 0 || !flows, 'nothing was written')
  return hash.digest('hex')
}

async function assertSame(file: string, ports: Capture['ports'] = {}): Promise<void> {
  for (const flows of [false, true]) {
    const first = await written(file, flows, ports)
    for (let again = 0; again < 2; again++)
      assert.equal(await written(file, flows, ports), first, `flows: ${flows}`)
  }
}

describe('two runs over one capture write the same bytes:', () => {
  for (const trace of traces()) it(relative(traceFolder, trace), () => assertSame(trace))

  it('as processes, too', { skip: notBuilt }, () => {
    // Within a process all are compared above; of each protocol one, then, for what differs between processes.
    const folders = new Map(traces().map((trace) => [dirname(trace), trace]))
    for (const trace of folders.values()) {
      const first = command(['run', '-I', trace])
      assert.ok(events(first.stdout).length > 0)
      assert.deepEqual(command(['run', '-I', trace]), first)
    }
  })

  it('the largest independent captures with our protocols', {
    skip: noCorpus,
    timeout: 120_000,
  }, async () => {
    const largest = corpus()
      .filter((capture) => isOurs(capture, 10))
      .map(({ path, ports }) => ({ path, ports, size: statSync(path).size }))
      .sort((one, other) => other.size - one.size)
      .slice(0, 8)
    assert.equal(largest.length, 8)
    for (const { path, ports } of largest) {
      await assertSame(path, ports)
      collectGarbage()
    }
  })
})
